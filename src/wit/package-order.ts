/**
 * Orders packages so that each comes after those it depends on.
 *
 * Packages are visited by name and version, as wit-parser does. It does not recurse: a file may
 * nest packages that form a chain of any length. Source: `sort_unresolved_packages` in wit-parser's
 * `resolve/mod.rs`.
 */
import type { PackageName } from "../model/resolve.ts";
import { compareVersions } from "../model/version.ts";
import type { Reporter } from "./errors.ts";
import { packageId, type UnresolvedPackage } from "./nodes.ts";

/** Reports packages of one name, and packages that depend on themselves. */
export function orderPackages(
  packages: readonly UnresolvedPackage[],
  reporter: Reporter,
): UnresolvedPackage[] {
  const byId = new Map<string, UnresolvedPackage>();
  for (const unresolved of packages) {
    const id = packageId(unresolved.node.name);
    const previous = byId.get(id);
    if (previous === undefined) {
      byId.set(id, unresolved);
      continue;
    }
    reporter.report({
      code: "duplicate",
      message: `package \`${id}\` is defined in two different locations`,
      span: unresolved.nameSpan,
      related: [{ message: "the other one is here", span: previous.nameSpan }],
    });
  }
  reporter.throwIfFailed();

  const order = new Set<UnresolvedPackage>();
  // The dependencies on the way from the root to where the walk is; without the root, as in wit-parser.
  const visiting = new Set<UnresolvedPackage>();
  const roots = [...byId.values()].sort((a, b) => comparePackageNames(a.node.name, b.node.name));
  for (const root of roots) {
    const stack = [{ unresolved: root, foreign: [...root.foreign.values()], next: 0 }];
    for (;;) {
      const top = stack.at(-1);
      if (top === undefined) break;
      if (top.next === 0 && order.has(top.unresolved)) {
        visiting.delete(top.unresolved);
        stack.pop();
        continue;
      }
      const dependency = top.foreign[top.next];
      top.next += 1;
      if (dependency === undefined) {
        stack.pop();
        visiting.delete(top.unresolved);
        order.add(top.unresolved);
        continue;
      }
      const unresolved = byId.get(packageId(dependency.name));
      if (unresolved === undefined) continue;
      if (visiting.has(unresolved)) {
        reporter.report({
          code: "cycle",
          message: `package \`${packageId(dependency.name)}\` creates a dependency cycle`,
          span: dependency.span,
        });
        reporter.throwIfFailed();
      }
      visiting.add(unresolved);
      stack.push({ unresolved, foreign: [...unresolved.foreign.values()], next: 0 });
    }
  }
  return [...order];
}

function comparePackageNames(a: PackageName, b: PackageName): number {
  if (a.namespace !== b.namespace) return a.namespace < b.namespace ? -1 : 1;
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  if (a.version === undefined || b.version === undefined) {
    return a.version === b.version ? 0 : a.version === undefined ? -1 : 1;
  }
  return compareVersions(a.version, b.version);
}
