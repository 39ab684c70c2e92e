/**
 * The `.wast` files that a conformance run is about.
 */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** Expands folders, recursively; files come sorted, each once. */
export function wastFiles(paths: readonly string[]): string[] {
  const files = new Set<string>();
  for (const path of paths) {
    if (!statSync(path).isDirectory()) {
      files.add(path);
      continue;
    }
    for (const entry of readdirSync(path, { recursive: true, encoding: "utf8" })) {
      if (entry.endsWith(".wast")) files.add(join(path, entry));
    }
  }
  return [...files].sort();
}
