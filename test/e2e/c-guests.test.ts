/** The committed components are made from the committed C. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { SOURCES_FILE, sourceHashes } from "../../scripts/build-c-guests.ts";

test("components of C guests are as new as their sources", () => {
  const made: unknown = JSON.parse(readFileSync(SOURCES_FILE, "utf8"));
  expect(made, "to mend: node scripts/build-c-guests.ts").toEqual(sourceHashes());
});
