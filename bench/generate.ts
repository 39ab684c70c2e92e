/**
 * `hostwright generate` and `check` against `jco types` and `wit2ts`, on the `proxy` world of wasi:http 0.2 (756 lines of
 * WIT in 7 packages, as jco ships them). Whole processes, cold; rounds are interleaved; on each version of
 * Node that is on the PATH. Needs a build: `npm run build && npm run bench generate`.
 */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { median } from "./support/median.ts";

const { ROUNDS = "15", PATH = "" } = process.env;
const rounds = Number(ROUNDS);

const root = fileURLToPath(new URL("../", import.meta.url));
const hostwright = join(root, "bin/hostwright.js");
const jco = join(dirname(createRequire(import.meta.url).resolve("@bytecodealliance/jco")), "jco.js");
const wit2ts = join(
  dirname(createRequire(import.meta.url).resolve("@vscode/wasm-component-model")),
  "../../bin/wit2ts",
);
const folder = join(root, ".tmp/bench-generate");
const wit = join(folder, "wit");

interface Contender {
  readonly name: string;
  readonly args: readonly string[];
  /** Runs before each measured run, unmeasured. */
  readonly prepare?: () => void;
}

const out = join(folder, "bindings");
const bindings = [wit, "--world", "proxy", "--out", out];
const json = join(folder, "proxy.json");
const BASELINE = "jco types";
const contenders: readonly Contender[] = [
  { name: BASELINE, args: [jco, "types", wit, "-n", "proxy", "-o", join(folder, "jco")] },
  {
    name: "wit2ts of vscode-wasm, without parsing WIT: from JSON",
    args: [wit2ts, "--outDir", join(folder, "wit2ts"), json],
  },
  {
    name: "hostwright generate, into an empty folder",
    args: [hostwright, "generate", ...bindings],
    prepare: () => rmSync(out, { recursive: true, force: true }),
  },
  { name: "hostwright generate, nothing changed", args: [hostwright, "generate", ...bindings] },
  { name: "hostwright check, fresh", args: [hostwright, "check", ...bindings] },
];

if (!existsSync(join(root, "dist/cli/start.js"))) {
  console.error("dist/ is missing: npm run build");
  process.exit(2);
}
stageWit();
for (const node of nodes()) {
  console.log(`\nNode ${node.version}, medians of ${rounds} whole processes`);
  const medians = measure(node.path);
  const baseline = medians.get(BASELINE) ?? Number.NaN;
  for (const [name, median] of medians) {
    const ratio = name === BASELINE ? "" : `  ${(baseline / median).toFixed(2)}x faster than ${BASELINE}`;
    console.log(`  ${median.toFixed(0).padStart(5)} ms  ${name}${ratio}`);
  }
}
rmSync(folder, { recursive: true, force: true });

/** The package wasi:http with what it depends on, laid out as WIT packages are. */
function stageWit(): void {
  const packages = join(dirname(jco), "../lib/wit/builtin/0.2.12");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  cpSync(join(packages, "wasi-http"), wit, { recursive: true });
  for (const name of ["cli", "clocks", "filesystem", "io", "random", "sockets"]) {
    cpSync(join(packages, `wasi-${name}`), join(wit, "deps", name), { recursive: true });
  }
  // wit2ts has wasm-tools parse WIT, which is not on npm: it is given what that would print.
  mkdirSync(join(folder, "wit2ts"));
  const { stdout } = spawnSync(process.execPath, [hostwright, "wit", wit, "--json"], { encoding: "utf8" });
  writeFileSync(json, stdout);
}

/** The Node that runs this, and every other version on the PATH. */
function nodes(): { readonly version: string; readonly path: string }[] {
  const found = new Map([[process.version, process.execPath]]);
  for (const entry of PATH.split(delimiter)) {
    const path = join(entry, "node");
    if (!existsSync(path)) continue;
    const version = spawnSync(realpathSync(path), ["--version"], { encoding: "utf8" }).stdout.trim();
    if (/^v(2[0-9]|[3-9][0-9])\./.test(version) && !found.has(version))
      found.set(version, realpathSync(path));
  }
  return [...found].map(([version, path]) => ({ version, path }));
}

function measure(node: string): ReadonlyMap<string, number> {
  const times = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  // One round more than is counted: it warms the disk's cache, and those of compiled code.
  for (let round = -1; round < rounds; round++) {
    for (const { name, args, prepare } of contenders) {
      prepare?.();
      const start = performance.now();
      const { status, stderr } = spawnSync(node, args, { encoding: "utf8" });
      const elapsed = performance.now() - start;
      if (status !== 0) throw new Error(`${name}: exit ${status}\n${stderr}`);
      if (round >= 0) times.get(name)?.push(elapsed);
    }
  }
  return new Map([...times].map(([name, samples]) => [name, median(samples)]));
}
