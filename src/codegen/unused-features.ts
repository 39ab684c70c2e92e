/** Features that are enabled for nothing: probably misspelt, since then what they gate is missing. */
import type { Resolve, Stability } from "../model/resolve.ts";
import type { UnusedEntry } from "./unused-entries.ts";

export function unusedFeatures(features: readonly string[], resolve: Resolve): UnusedEntry[] {
  if (features.length === 0) return [];
  const known = new Set<string>();
  const see = (item: { readonly stability?: Stability | undefined }): void => {
    if (item.stability?.kind === "unstable") known.add(item.stability.feature);
  };
  for (const item of [...resolve.worlds, ...resolve.interfaces, ...resolve.types]) see(item);
  for (const { functions } of resolve.interfaces) functions.forEach(see);
  for (const world of resolve.worlds) {
    for (const item of [...world.imports.values(), ...world.exports.values()]) {
      see(item.kind === "func" ? item.func : item.kind === "type" ? item.type : item);
    }
  }
  return [...new Set(features)]
    .filter((feature) => !known.has(feature))
    .map((feature) => ({
      table: "features",
      entry: `features[${JSON.stringify(feature)}]`,
      severity: "warning",
      code: "unused-feature",
      message: `the feature ${JSON.stringify(feature)} is enabled, and nothing in the WIT is @unstable under it`,
    }));
}
