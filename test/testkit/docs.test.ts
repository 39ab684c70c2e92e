/** The examples of docs/testkit.md compile at the strictest. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { generate, writeBindings } from "../../src/index.ts";
import { compile } from "../codegen/compile.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "hostwright-testkit-docs-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test("examples compile", async () => {
  const text = readFileSync(join(root, "docs/testkit.md"), "utf8");
  const examples = [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code = ""]) => code);
  expect(examples).toHaveLength(2);
  await writeBindings(
    await generate({ wit: join(root, "wit"), testkit: true }),
    join(folder, "src/bindings"),
  );
  mkdirSync(join(folder, "test"));
  for (const [i, code] of examples.entries()) writeFileSync(join(folder, `test/example-${i}.ts`), code);
  expect(await compile(folder, { include: ["src/**/*.ts", "test/**/*.ts"] })).toEqual([]);
});
