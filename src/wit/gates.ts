/**
 * Feature gates: which items are part of a package.
 *
 * Source: WIT.md, "Feature Gates"; `Resolve::include_stability` in wit-parser.
 */
import type { Package, Stability } from "../model/resolve.ts";
import { compareVersions } from "../model/version.ts";
import type { Graph } from "./graph.ts";
import { packageId } from "./nodes.ts";
import type { Span } from "./source.ts";

/** Whether an item with this gate is there. A gate that cannot hold is reported. */
export function isIncluded(
  graph: Graph,
  owner: Package,
  stability: Stability | undefined,
  span: Span | undefined,
): boolean {
  switch (stability?.kind) {
    case undefined:
      return true;
    case "unstable":
      return graph.allFeatures || graph.features.has(stability.feature);
    case "stable": {
      const { version } = owner.name;
      if (version === undefined) {
        graph.reporter.report({
          code: "gate",
          message: `package [${packageId(owner.name)}] contains a feature gate with a version specifier, so it must have a version`,
          span,
          hint: `write \`package ${packageId(owner.name)}@1.0.0;\``,
        });
      } else if (compareVersions(stability.since, version) > 0) {
        graph.reporter.report({
          code: "gate",
          message: `feature gate cannot reference unreleased version ${stability.since} of package [${packageId(owner.name)}] (current version ${version})`,
          span,
        });
      }
      return true;
    }
  }
}
