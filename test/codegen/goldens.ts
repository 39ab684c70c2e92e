/**
 * The golden worlds: `test/golden/<case>/` holds the WIT (`world.wit`, or a folder `wit/`), options if it needs any
 * (`options.json`), and what they must generate (`bindings/`).
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { relocate } from "../../src/config/index.ts";
import type { GenerateOptions } from "../../src/index.ts";

export const goldenFolder: string = fileURLToPath(new URL("../golden/", import.meta.url));

export const goldenCases: readonly string[] = readdirSync(goldenFolder).sort();

export function goldenOptions(name: string): GenerateOptions & { readonly out: string } {
  const folder = `${goldenFolder}${name}`;
  const file = `${folder}/options.json`;
  const options = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as object) : {};
  const out = `${folder}/bindings`;
  const wit = existsSync(`${folder}/wit`) ? "wit" : "world.wit";
  // Modules that options name are beside the WIT.
  return { ...relocate({ ...options, wit, out: "bindings" }, folder, process.cwd()), out };
}

/** What is committed, by path. */
export function goldenFiles(name: string): Map<string, string> {
  const folder = `${goldenFolder}${name}/bindings`;
  if (!existsSync(folder)) {
    return new Map();
  }
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`)
    .sort();
  return new Map(files.map((file) => [file.slice(folder.length + 1), readFileSync(file, "utf8")]));
}

/** True under `npm run test:update`. */
export function isUpdating(): boolean {
  const { snapshotState } = expect.getState() as unknown as { snapshotState?: { _updateSnapshot?: string } };
  return snapshotState?._updateSnapshot === "all";
}
