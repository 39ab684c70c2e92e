/**
 * Builds the guests of `examples/guests/` from source, with nothing but npm packages: `node scripts/guests.ts [name...]`.
 *
 * Components go to `.tmp/guests/`, named by the hash of all they are made from, so each is built once.
 */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";

const root = fileURLToPath(new URL("../", import.meta.url));
const sources = join(root, "examples/guests");
const cache = join(root, ".tmp/guests");

export interface JavaScriptGuest {
  /** Relative to the root of the repository, as `wit` is. */
  readonly source: string;
  readonly wit: string;
  readonly world: string;
  /** What runs it: "quickjs" (the default) makes a component of 1.6 MB in a second, "starlingmonkey" one of 12 MB in ten. */
  readonly backend?: keyof typeof BACKENDS;
}

/** Without WASI (its imports become traps inside) and without async: the component imports just what its world does. */
const BACKENDS = {
  quickjs: ["--backend", "quickjs", "--backend-qjs-stub-wasi", "--backend-qjs-disable-async"],
  // As it comes by default: it carries the built-ins of async tasks, used or not.
  "quickjs-async": ["--backend", "quickjs", "--backend-qjs-stub-wasi"],
  starlingmonkey: ["--backend", "starlingmonkey", "--disable", "all"],
} as const;

const JAVASCRIPT_GUESTS: ReadonlyMap<string, JavaScriptGuest> = new Map([
  ["requests", { source: "examples/guests/requests.js", wit: "wit", world: "hosted" }],
  ["shop", { source: "examples/guests/shop.js", wit: "examples/shop-host/wit", world: "shop" }],
]);

/** The names of all guests: the JavaScript ones, and every `.wat` in `examples/guests/`. */
export function guestNames(): string[] {
  const wat = readdirSync(sources).filter((file) => file.endsWith(".wat"));
  return [...JAVASCRIPT_GUESTS.keys(), ...wat.map((file) => file.slice(0, -".wat".length))];
}

/** Builds a guest unless that has been done, and gives the path of the component. */
export async function buildGuest(name: string): Promise<string> {
  const guest = JAVASCRIPT_GUESTS.get(name);
  return guest === undefined ? buildText(name) : buildJavaScript(name, guest);
}

async function buildText(name: string): Promise<string> {
  const text = readFileSync(join(sources, `${name}.wat`), "utf8");
  return cached(name, [text], async (target) => {
    const { parse } = await import("@bytecodealliance/jco");
    writeFileSync(target, await parse(text));
  });
}

/** Builds a component with `jco componentize`, unless that has been done, and gives its path. */
export async function buildJavaScript(name: string, guest: JavaScriptGuest): Promise<string> {
  const jco = dirname(createRequire(import.meta.url).resolve("@bytecodealliance/jco"));
  const version = readFileSync(join(jco, "../package.json"), "utf8");
  const flags = BACKENDS[guest.backend ?? "quickjs"];
  const inputs = [
    version,
    flags.join(" "),
    readFileSync(join(root, guest.source), "utf8"),
    ...witTexts(join(root, guest.wit)),
  ];
  return cached(name, inputs, async (target) => {
    const paths = [join(root, guest.source), "--wit", join(root, guest.wit), "-o", target];
    const args = ["componentize", ...paths, "-n", guest.world, ...flags];
    await promisify(execFile)(process.execPath, [join(jco, "jco.js"), ...args], { cwd: root });
  });
}

function witTexts(path: string): string[] {
  if (statSync(path).isFile()) return [readFileSync(path, "utf8")];
  const files = readdirSync(path, { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".wit"),
  );
  return files.sort().map((file) => readFileSync(join(path, file), "utf8"));
}

async function cached(
  name: string,
  inputs: string[],
  build: (target: string) => Promise<void>,
): Promise<string> {
  const hash = createHash("sha256");
  for (const input of [readFileSync(fileURLToPath(import.meta.url), "utf8"), ...inputs])
    hash.update(`${input}\0`);
  const path = join(cache, `${name}-${hash.digest("hex").slice(0, 16)}.wasm`);
  if (statSync(path, { throwIfNoEntry: false }) !== undefined) return path;
  mkdirSync(cache, { recursive: true });
  // Tests build from several processes at once: each into a file of its own, then an atomic rename.
  const target = `${path}.${process.pid}.tmp`;
  try {
    await build(target);
    renameSync(target, path);
  } finally {
    rmSync(target, { force: true });
  }
  return path;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const wanted = process.argv.slice(2);
  for (const name of wanted.length > 0 ? wanted : guestNames()) console.log(await buildGuest(name));
}
