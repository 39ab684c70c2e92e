/**
 * Every path that the items of a file mention, in wit-parser's order: it decides the order in which
 * other packages, and what is used of them, are listed.
 *
 * Source: `DeclList::for_each_path` in wit-parser's `ast.rs`.
 */
import type { Stability } from "../model/resolve.ts";
import type * as ast from "./ast.ts";

export interface MentionedPath {
  /** The interface that `use`s it, or the world that `include`s it. */
  readonly owner: ast.Id | undefined;
  readonly path: ast.UsePath;
  /** The names of `use path.{...}`. */
  readonly names: ast.Use["names"] | undefined;
  readonly stability: Stability | undefined;
  /** What it must be; a top-level `use` may be of either. */
  readonly expects: "interface" | "world" | "either";
}

export function mentionedPaths(items: readonly ast.Item[]): MentionedPath[] {
  const paths: MentionedPath[] = [];
  for (const item of items) {
    switch (item.kind) {
      case "interface":
        addUses(paths, item.members, item.name);
        break;
      case "world":
        addWorld(paths, item);
        break;
      case "use":
        paths.push({
          owner: undefined,
          path: item.path,
          names: undefined,
          stability: undefined,
          expects: "either",
        });
        break;
      case "package":
        break;
    }
  }
  return paths;
}

function addWorld(paths: MentionedPath[], world: ast.WorldItem): void {
  for (const member of world.members) {
    if (member.kind === "use") addUse(paths, member, undefined);
    if (member.kind === "include") {
      paths.push({
        owner: world.name,
        path: member.path,
        names: undefined,
        stability: member.prelude.stability,
        expects: "world",
      });
    }
  }
  // Imports first, so that a printed world, which lists them first, gives the same order.
  for (const direction of ["import", "export"] as const) {
    for (const member of world.members) {
      if (member.kind !== direction) continue;
      if (member.item.kind === "interface") addUses(paths, member.item.members, undefined);
      if (member.item.kind === "path") {
        paths.push({
          owner: undefined,
          path: member.item.path,
          names: undefined,
          stability: member.prelude.stability,
          expects: "interface",
        });
      }
    }
  }
}

function addUses(
  paths: MentionedPath[],
  members: readonly ast.InterfaceMember[],
  owner: ast.Id | undefined,
): void {
  for (const member of members) {
    if (member.kind === "use") addUse(paths, member, owner);
  }
}

function addUse(paths: MentionedPath[], use: ast.Use, owner: ast.Id | undefined): void {
  const { path, names } = use;
  paths.push({ owner, path, names, stability: use.prelude.stability, expects: "interface" });
}
