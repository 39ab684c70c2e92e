/**
 * What a world's interfaces are called as properties of `HostedImports` and `Hosted`.
 *
 * That is the interface's own name in camelCase. Where two of them, or an interface and a function, share it,
 * it is the least that tells them apart of the package's name, the namespace and the version:
 * `wasi:http/types` beside `wasi:filesystem/types` makes `httpTypes` and `filesystemTypes`; `streams` of
 * two versions of `wasi:io` makes `streams_0_2_0` and `streams_0_3_0`.
 */
import { groupBy } from "./group-by.ts";
import { type Scope, valueIdentifier } from "./identifiers.ts";
import type { InterfaceFile } from "./layout.ts";

interface Qualification {
  /** 0: none, 1: the package, 2: namespace and package. */
  readonly packages: 0 | 1 | 2;
  readonly version: boolean;
}

/** From the shortest name to the longest. */
const qualifications: readonly Qualification[] = [
  { packages: 0, version: false },
  { packages: 1, version: false },
  { packages: 2, version: false },
  { packages: 0, version: true },
  { packages: 1, version: true },
  { packages: 2, version: true },
];

/** @param members the names that are taken, to which those of `files` are added */
export function propertyNames(
  files: readonly InterfaceFile[],
  members: Scope,
): ReadonlyMap<InterfaceFile, string> {
  const names = new Map<InterfaceFile, string>();
  const groups = [...groupBy(files, (file) => qualifiedName(file, { packages: 0, version: false })).values()];
  // Names that nobody disputes go first, so that a dispute between others never changes them.
  groups.sort((a, b) => Number(a.length > 1) - Number(b.length > 1));
  for (const group of groups) {
    const style = qualifications.find((candidate) => {
      const wanted = group.map((file) => qualifiedName(file, candidate));
      return new Set(wanted).size === group.length && !wanted.some((name) => members.has(name));
    });
    for (const file of group) {
      names.set(file, members.claim(qualifiedName(file, style ?? { packages: 2, version: true })));
    }
  }
  return names;
}

function qualifiedName(file: InterfaceFile, { packages, version }: Qualification): string {
  const { name, package: pkg } = file.interface;
  if (name === undefined || !file.wit.includes("/")) {
    return valueIdentifier(file.wit);
  }
  const qualifiers = [pkg.name.namespace, pkg.name.name].slice(2 - packages);
  const suffix =
    version && pkg.name.version !== undefined ? `_${pkg.name.version.replace(/[^0-9A-Za-z]/g, "_")}` : "";
  return valueIdentifier([...qualifiers, name].join("-")) + suffix;
}
