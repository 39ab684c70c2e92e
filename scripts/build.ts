/**
 * Builds `dist/` from nothing: what is not in `src/` any more must not be shipped.
 *
 * Declarations come from tsc, file by file. Code is bundled, so that a command line starts in the time of a
 * few files and not of two hundred; the entry points share chunks, so a class is the same from each of them.
 */
import { execFileSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Plugin, rolldown } from "rolldown";
import { schemaText } from "../src/config/config-schema.ts";
import { precompiledTemplates } from "./precompile-templates.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** By path below `dist/`, as `exports` in package.json and `bin/` name them. */
const entries = ["index", "runtime/index", "runtime/bindings", "testkit/index", "plugin/index", "cli/main"];

const templates: Plugin = {
  name: "precompiled-templates",
  load(id) {
    return id.endsWith("/src/codegen/templates.ts")
      ? { code: precompiledTemplates(), moduleType: "js" }
      : null;
  },
};

rmSync(`${root}dist`, { recursive: true, force: true });
execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json"], {
  cwd: root,
  stdio: "inherit",
});
const bundle = await rolldown({
  cwd: root,
  input: Object.fromEntries(entries.map((entry) => [entry, `src/${entry}.ts`])),
  platform: "node",
  // What is in `dependencies` stays outside.
  external: /^[^./]/,
  plugins: [templates],
});
await bundle.write({ dir: `${root}dist`, format: "esm", chunkFileNames: "chunks/[name].js" });
await bundle.close();
// What `$schema` in a configuration points to.
writeFileSync(`${root}dist/config/hostwright.schema.json`, schemaText());
