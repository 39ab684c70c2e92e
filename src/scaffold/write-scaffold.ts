/** Puts scaffolded classes on disk. */
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { replaceFile } from "../disk/replace-file.ts";
import { ConfigError } from "../model/errors.ts";
import { osReason } from "../model/os-error.ts";
import type { ScaffoldResult } from "./result.ts";

/**
 * Writes the files that are new or changed, each as a whole. Nothing is written if one of them is not what
 * it was when the result was worked out.
 *
 * @throws ConfigError
 */
export function writeScaffold({ files }: ScaffoldResult): void {
  const changed = files.filter((file) => file.action !== "unchanged");
  for (const { path, before } of changed) {
    const current = existsSync(path) ? readFileSync(path, "utf8") : "";
    if (current !== before) {
      throw new ConfigError(`${path} has changed while scaffold was running: run it again`);
    }
  }
  for (const { path, after } of changed) {
    try {
      mkdirSync(dirname(path), { recursive: true });
      replaceFile(path, after);
    } catch (cause) {
      throw new ConfigError(`cannot write ${path}: ${osReason(cause)}`, { cause });
    }
  }
}
