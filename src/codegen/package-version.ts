/** The version of this package, as its manifest says. */
import { readFileSync } from "node:fs";

/** Beside `src` and `dist`: seen from a folder in them, or from a file of theirs. */
const places = ["../../package.json", "../package.json"];

/** "0.1.0" */
export function packageVersion(): string {
  for (const place of places) {
    const text = readIfThere(new URL(place, import.meta.url));
    const manifest = text === undefined ? {} : (JSON.parse(text) as { name?: unknown; version?: unknown });
    if (manifest.name === "hostwright" && typeof manifest.version === "string") return manifest.version;
  }
  return "unknown";
}

function readIfThere(url: URL): string | undefined {
  try {
    return readFileSync(url, "utf8");
  } catch {
    return undefined;
  }
}
