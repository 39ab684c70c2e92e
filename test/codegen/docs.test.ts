/** What `docs/` says of the generator is so: WIT gives the TypeScript under it, and configurations are right. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { targetsOf } from "../../src/config/index.ts";
import { type GenerateOptions, generate } from "../../src/index.ts";

const docs = fileURLToPath(new URL("../../docs/", import.meta.url));

interface Block {
  readonly language: string;
  readonly options: string;
  readonly text: string;
}

function blocks(file: string): Block[] {
  const text = readFileSync(`${docs}${file}`, "utf8");
  return [...text.matchAll(/^```(\w*) ?(.*)\n([\s\S]*?)^```$/gm)].map(
    ([, language = "", options = "", text = ""]) => ({ language, options, text }),
  );
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "hostwright-docs-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("type-mapping.md", () => {
  const all = blocks("type-mapping.md");
  const pairs = all.flatMap((block, i) => (block.language === "wit" ? [[block, all[i + 1]] as const] : []));

  test("has examples", () => {
    expect(pairs.length).toBeGreaterThanOrEqual(4);
  });

  test.each(pairs)("$0.text", async (wit, ts) => {
    expect(ts?.language).toBe("ts");
    const file = join(folder, "example.wit");
    writeFileSync(file, `package docs:example;\ninterface i {\n${wit.text}\n}\nworld w { import i; }\n`);
    const options = Object.fromEntries(
      wit.options === "" ? [] : [wit.options.split("=")],
    ) as Partial<GenerateOptions>;
    const { files } = await generate({ wit: file, ...options });
    for (const part of (ts?.text ?? "").trimEnd().split("\n\n")) {
      expect(onOneLine(files.get("docs/example/i.ts") ?? "")).toContain(onOneLine(part));
    }
  });
});

/** Short unions, as the formatter of the docs has them. */
function onOneLine(text: string): string {
  return text.replace(/\n\s*\| /g, " | ").replace(/= \| /g, "= ");
}

test.each(["config.md", "rules.md"])("configurations in %s", (file) => {
  const configs = blocks(file).filter((block) => block.language === "json");
  expect(configs.length).toBeGreaterThanOrEqual(2);
  for (const { text } of configs) expect(targetsOf(JSON.parse(text), file, ".", ".")).toHaveLength(1);
});
