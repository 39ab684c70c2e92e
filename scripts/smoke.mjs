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
  write("host.ts", HOST());
  write("tsconfig.json", TSCONFIG());
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
  run("a strict consumer compiles", process.execPath, [
    join(root, "node_modules/typescript/bin/tsc"),
    "-p",
    ".",
  ]);
  run("the consumer runs", process.execPath, ["out/host.js"]);
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

function run(what, command, args, expected = 0) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: folder, encoding: "utf8" });
  if (error !== undefined || status !== expected) {
    console.error(`FAILED: ${what}: exit ${status}, expected ${expected}\n${error ?? ""}${stdout}${stderr}`);
    process.exitCode = 1;
    throw new Error(`smoke test failed: ${what}`);
  }
  steps += 1;
  console.log(`ok: ${what}`);
}

/** A consumer under the strictest flags: implements the generated interface and links it. */
function HOST() {
  return `
import { Engine, Linker, MiB, Store } from "hostwright/runtime";
import { Hosted } from "./src/bindings/hosted.js";
import type * as metrics from "./src/bindings/amal/obs/metrics.js";

class Metrics implements metrics.Host {
  readonly counters = new Map<string, bigint>();
  counter(name: string, value: bigint): void {
    this.counters.set(name, (this.counters.get(name) ?? 0n) + value);
  }
  gauge(_name: string, _value: number): void {}
}

const engine = new Engine({ consumeFuel: true });
const linker = new Linker<{ metrics: Metrics }>(engine);
Hosted.addToLinker(linker, (data) => data);
const store = new Store(engine, { metrics: new Metrics() }, { limits: { memorySize: 32 * MiB }, fuel: 1_000n });
if (store.getFuel() !== 1_000n) throw new Error("fuel");
`;
}

function TSCONFIG() {
  return JSON.stringify({
    compilerOptions: {
      target: "es2022",
      lib: ["es2023", "esnext.disposable"],
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
      rootDir: ".",
    },
    include: ["host.ts", "src"],
  });
}

function IMPORT() {
  return `
import * as runtime from "hostwright/runtime";
for (const name of ["Engine", "Component", "Linker", "Store", "Trap"]) {
  if (typeof runtime[name] !== "function") throw new Error("missing " + name);
}`;
}
