/**
 * Builds `dist/` from nothing: what is not in `src/` any more must not be shipped.
 *
 * Declarations come from tsc, file by file. Code is bundled, so that a command line starts in the time of a
 * few files and not of two hundred; the entry points share chunks, so a class is the same from each of them.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type OutputOptions, type Plugin, rolldown } from "rolldown";
import { entryTemplates, templateSources } from "../src/codegen/templates.ts";
import { schemaText } from "../src/config/config-schema.ts";
import { compileTemplates } from "./compile-templates.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** By path below `dist/`, as `exports` in package.json and `bin/` name them. */
const entries = ["index", "runtime/index", "runtime/bindings", "testkit/index", "plugin/index", "cli/start"];

const templates: Plugin = {
  name: "compiled-templates",
  load: {
    filter: { id: /\/src\/codegen\/templates\.ts$/ },
    handler: () => ({
      code: compileTemplates(templateSources(new URL("../templates/", import.meta.url)), entryTemplates),
      moduleType: "js",
    }),
  },
};

/** Commander starts processes for commands that are programs of their own. We have none, and it takes a while to load. */
const withoutProcesses: Plugin = {
  name: "commander-without-processes",
  transform: {
    filter: { id: /\/node_modules\/commander\/lib\/command\.js$/ },
    handler(code) {
      const changed = code.replace("require('node:child_process')", "undefined");
      if (changed === code)
        throw new Error("scripts/build.ts: commander has changed: does it still start processes?");
      return changed;
    },
  },
};

/**
 * Wraps a script as `src/cli/cached-scripts.ts` calls it. All of it is ASCII: with one character above 255 it would be read, kept
 * and compiled with two bytes for each.
 */
const wrapped: Plugin = {
  name: "wrapped",
  generateBundle(_, files) {
    for (const file of Object.values(files)) {
      if (file.type !== "chunk") continue;
      const code = file.code
        .replace(/\b(await|return) import\(/g, "$1 importModule(")
        .replace(/[^\0-\x7f]/g, (unit) => {
          return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
        });
      // A script has no `import` of its own: what is written in another way would fail where it runs.
      if (/(?:=>?|[(,:?])\s*import\(/.test(code))
        throw new Error(`scripts/build.ts: ${file.fileName} imports where it neither awaits nor returns`);
      file.code = `(function (exports, require, importModule, __filename) { "use strict"; ${code}\n})`;
    }
  },
};

async function bundle(input: Readonly<Record<string, string>>, output: OutputOptions): Promise<void> {
  const build = await rolldown({
    cwd: root,
    input,
    platform: "node",
    // What is in `dependencies` stays outside.
    external: (id) => /^[^./]/.test(id) && id !== "commander",
    plugins: [templates, withoutProcesses],
  });
  await build.write(output);
  await build.close();
}

rmSync(`${root}dist`, { recursive: true, force: true });
execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json"], {
  cwd: root,
  stdio: "inherit",
});
await bundle(Object.fromEntries(entries.map((entry) => [entry, `src/${entry}.ts`])), {
  dir: `${root}dist`,
  format: "esm",
  chunkFileNames: "chunks/[name].js",
});
// What `cli/start` loads. Most commands need two scripts, these or fewer.
await bundle(
  { main: "src/cli/main.ts" },
  {
    dir: `${root}dist/bin`,
    format: "cjs",
    entryFileNames: "[name].cjs",
    chunkFileNames: "[name].cjs",
    plugins: [wrapped],
    codeSplitting: {
      groups: [
        {
          name: "bindings",
          test: /^\0rolldown|\/src\/(model|disk|wit\/(?!encoded)|codegen|config|watch|check\/(?!against\/|unified-diff))/,
        },
      ],
    },
  },
);
// By which a cache knows the scripts that it is of.
const hash = createHash("sha256");
for (const script of readdirSync(`${root}dist/bin`).sort())
  hash.update(readFileSync(`${root}dist/bin/${script}`));
writeFileSync(`${root}dist/bin/build.txt`, hash.digest("hex").slice(0, 16));
cpSync(`${root}node_modules/commander/LICENSE`, `${root}dist/bin/commander-LICENSE.txt`);
// What `$schema` in a configuration points to.
writeFileSync(`${root}dist/config/hostwright.schema.json`, schemaText());
