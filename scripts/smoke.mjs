/**
 * Smoke test of the package as users get it: packs it, installs the tarball in an empty folder, and
 * uses it from there as a stranger would. Plain JavaScript, because it runs on the oldest Node that
 * the package supports; that Node runs every step.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "@bytecodealliance/jco";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "hostwright-smoke-"));
let steps = 0;

try {
  console.log(`smoke test on Node ${process.version}`);
  const packed = execFileSync("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder], {
    cwd: root,
  });
  const parsed = JSON.parse(String(packed));
  const [{ filename, unpackedSize, files }] = Array.isArray(parsed) ? parsed : Object.values(parsed);
  console.log(`packed ${files.length} files, ${Math.round(unpackedSize / 1024)} KiB unpacked`);

  write("package.json", JSON.stringify({ name: "consumer", private: true, type: "module" }));
  write("wit/obs.wit", readFileSync(join(root, "wit/obs.wit"), "utf8"));
  write("src/host.ts", readmeHost());
  writeFileSync(
    join(folder, "guest.wasm"),
    await parse(readFileSync(join(root, "examples/guests/counter.wat"), "utf8")),
  );
  write("tsconfig.json", TSCONFIG());
  write("entries.ts", ENTRIES());
  write(
    "tsconfig.entries.json",
    JSON.stringify({
      extends: "./tsconfig.json",
      compilerOptions: { noEmit: true, rootDir: "." },
      include: ["entries.ts"],
    }),
  );
  run("install the tarball", "npm", [
    "install",
    "--no-audit",
    "--no-fund",
    join(folder, filename),
    `@types/node@${nodeTypes()}`,
  ]);
  run("hostwright --version", "npx", ["--no-install", "hostwright", "--version"]);
  run("hostwright generate", "npx", ["--no-install", "hostwright", "generate"]);
  run("hostwright check is fresh", "npx", ["--no-install", "hostwright", "check"], 0);
  run("the README's host compiles under the strictest flags", process.execPath, [
    join(root, "node_modules/typescript/bin/tsc"),
    "-p",
    ".",
  ]);
  run("the README's host runs a guest", process.execPath, ["out/host.js"], 0, /^counter .* \d+n$/m);
  run("every entry point has types that compile", process.execPath, [
    join(root, "node_modules/typescript/bin/tsc"),
    "-p",
    "tsconfig.entries.json",
  ]);
  run("hostwright scaffold", "npx", ["--no-install", "hostwright", "scaffold", "-i", "src/hosts"]);
  run("hostwright inspect", "npx", ["--no-install", "hostwright", "inspect", "guest.wasm", "-w", "hosted"]);
  run("hostwright run", "npx", ["--no-install", "hostwright", "run", "guest.wasm"], 134);
  run("every limit holds", "npx", ["--no-install", "hostwright", "doctor", "--timeout", "50ms"]);
  run("hostwright generate --testkit", "npx", [
    "--no-install",
    "hostwright",
    "generate",
    "--testkit",
    "-o",
    "kit",
  ]);
  run("the runtime imports", process.execPath, ["--input-type=module", "-e", IMPORT()]);
  writeFileSync(
    join(folder, "wit/obs.wit"),
    readFileSync(join(folder, "wit/obs.wit"), "utf8").replaceAll("gauge", "level"),
  );
  run("hostwright check is stale", "npx", ["--no-install", "hostwright", "check"], 1);
  run(
    "an unknown option is an error",
    "npx",
    ["--no-install", "hostwright", "generate", "--no-such-option"],
    2,
  );
  console.log(`${steps} passed, 0 failed`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** The strict consumer has Node's types, as every user of TypeScript on Node does. */
function nodeTypes() {
  return JSON.parse(readFileSync(join(root, "package.json"), "utf8")).devDependencies["@types/node"];
}

function write(name, text) {
  mkdirSync(join(folder, name, ".."), { recursive: true });
  writeFileSync(join(folder, name), text);
}

function run(what, command, args, expected = 0, prints = /(?:)/) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: folder, encoding: "utf8" });
  if (error !== undefined || status !== expected || !prints.test(stdout)) {
    console.error(
      `FAILED: ${what}: exit ${status}, expected ${expected} and ${prints}\n${error ?? ""}${stdout}${stderr}`,
    );
    process.exitCode = 1;
    throw new Error(`smoke test failed: ${what}`);
  }
  steps += 1;
  console.log(`ok: ${what}`);
}

/** The host of the README, which is compiled under the strictest flags and run as it stands there. */
function readmeHost() {
  const found = /\n```ts\n([\s\S]*?)```/.exec(readFileSync(join(root, "README.md"), "utf8"));
  if (found === null) throw new Error("the README has no example of a host");
  return found[1];
}

function TSCONFIG() {
  return JSON.stringify({
    compilerOptions: {
      target: "es2022",
      lib: ["es2023"],
      types: ["node"],
      module: "nodenext",
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      noImplicitOverride: true,
      noPropertyAccessFromIndexSignature: true,
      verbatimModuleSyntax: true,
      isolatedModules: true,
      skipLibCheck: false,
      outDir: "out",
      rootDir: "src",
    },
    include: ["src"],
  });
}

/** Type checks what each entry point exports, libraries included. */
function ENTRIES() {
  return `
import { check, defineConfig, generate } from "hostwright";
import { Engine, Linker, Store } from "hostwright/runtime";
import type { Tracer } from "hostwright/runtime/bindings";
import type { Double } from "hostwright/testkit";
export type { Double, Tracer };
export default defineConfig({ wit: "wit" });
export const all = [check, generate, Engine, Linker, Store];
`;
}

function IMPORT() {
  return `
import * as runtime from "hostwright/runtime";
for (const name of ["Engine", "Component", "Linker", "Store", "Trap"]) {
  if (typeof runtime[name] !== "function") throw new Error("missing " + name);
}`;
}
