/**
 * Rebuilds the guests that are written in C, `test/guests/c/`, into `test/guests/built/`: `node scripts/build-c-guests.ts [name...]`.
 *
 * What it makes is committed, so that tests need Node and npm alone. It needs clang with wasm32-wasi, wasm-ld, wasi-libc
 * and the compiler's builtins for wasm32; on Debian: `apt install clang lld wasi-libc libclang-rt-dev-wasm32`. The
 * environment variable CLANG names another compiler.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";
import {
  componentEmbed,
  componentNew,
  preview1AdapterCommandPath,
  preview1AdapterReactorPath,
} from "@bytecodealliance/jco";

const guests = fileURLToPath(new URL("../test/guests/", import.meta.url));

/** A library has a world in `wit/` by its own name; a program is run by `wasi:cli/run`. */
const C_GUESTS: Readonly<Record<string, "library" | "program">> = {
  inventory: "library",
  vault: "library",
  versions: "library",
  words: "program",
};

const PREVIEW_1 = "wasi_snapshot_preview1";

async function build(name: string, kind: "library" | "program"): Promise<Uint8Array> {
  const module = compile(name, kind);
  if (kind === "program")
    return componentNew(module, [[PREVIEW_1, readFileSync(preview1AdapterCommandPath())]]);
  const witSource = readFileSync(join(guests, `wit/${name}.wit`), "utf8");
  const embedded = await componentEmbed({ binary: module, witSource, world: name });
  return componentNew(embedded, [[PREVIEW_1, readFileSync(preview1AdapterReactorPath())]]);
}

function compile(name: string, kind: "library" | "program"): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), "hostwright-c-"));
  const target = join(folder, "module.wasm");
  const kindFlags = kind === "library" ? ["-mexec-model=reactor"] : [];
  // The stack comes first: what overflows it leaves memory and traps.
  const link = ["-Wl,--gc-sections,--strip-debug,--stack-first,-z,stack-size=32768"];
  try {
    execFileSync(
      process.env["CLANG"] ?? "clang",
      [
        ...["--target=wasm32-wasi", "-std=c17", "-Os", "-Wall", "-Wextra", "-Werror"],
        ...["-ffunction-sections", "-fdata-sections", ...kindFlags, ...link],
        ...["-o", target, join(guests, `c/${name}.c`)],
      ],
      { stdio: "inherit" },
    );
    return readFileSync(target);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What is committed beside the components: the hash of the sources that each was made from. */
export const SOURCES_FILE = join(guests, "built/sources.json");

/** By the guest's name: the hash of its sources as they are now. */
export function sourceHashes(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(C_GUESTS).map(([name, kind]) => {
      const files = [`c/${name}.c`, "c/canonical.h", ...(kind === "library" ? [`wit/${name}.wit`] : [])];
      const hash = createHash("sha256");
      for (const file of files) hash.update(readFileSync(join(guests, file), "utf8")).update("\0");
      return [name, hash.digest("hex")];
    }),
  );
}

async function main(wanted: readonly string[]): Promise<void> {
  mkdirSync(join(guests, "built"), { recursive: true });
  const made = existsSync(SOURCES_FILE) ? JSON.parse(readFileSync(SOURCES_FILE, "utf8")) : {};
  const hashes = sourceHashes();
  for (const [name, kind] of Object.entries(C_GUESTS)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const path = join(guests, `built/${name}.component.wasm`);
    const bytes = await build(name, kind);
    writeFileSync(path, bytes);
    made[name] = hashes[name];
    console.log(`${path}: ${bytes.length} bytes`);
  }
  writeFileSync(SOURCES_FILE, `${JSON.stringify(made, undefined, 2)}\n`);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await main(process.argv.slice(2));
}
