/** How new files and classes are called: short where that says enough, longer where it does not. */
import { Scope, typeIdentifier } from "../codegen/identifiers.ts";
import type { Trait } from "./host-traits.ts";
import type { ClassNames } from "./stubs.ts";

export class ImplementationNames implements ClassNames {
  /** By path of the generated file: the name of the file for its classes, without extension. */
  readonly #files = new Map<string, string>();
  readonly #hosts = new Map<string, string>();
  readonly #resources = new Map<string, string>();

  constructor(traits: readonly Trait[]) {
    const files = new Set<string>();
    const classes = Scope.ofBindings();
    // Hosts first: they are the ones that people look for.
    for (const trait of traits.filter(({ kind }) => kind !== "resource")) {
      const file = fileNames(trait.path).find((name) => !files.has(name)) ?? trait.path;
      files.add(file);
      this.#files.set(trait.path, file);
      const suffix = trait.kind === "world" || isTaken(trait, traits, typeIdentifier(file)) ? "-host" : "";
      this.#hosts.set(trait.path, classes.claim(typeIdentifier(`${file}${suffix}`)));
    }
    for (const trait of traits.filter(({ kind }) => kind === "resource")) {
      this.#resources.set(key(trait.path, trait.interfaceName), classes.claim(trait.interfaceName));
    }
  }

  file(path: string): string {
    return this.#files.get(path) ?? "host";
  }

  readonly host = (path: string): string => this.#hosts.get(path) ?? "Host";

  readonly resource = (path: string, resource: string): string =>
    this.#resources.get(key(path, resource)) ?? resource;
}

/** "metrics", "obs-metrics", "amal-obs-metrics" of "amal/obs/metrics.ts". */
function fileNames(path: string): readonly string[] {
  const segments = path.replace(/\.ts$/, "").split("/");
  return segments.map((_, index) =>
    segments
      .slice(-1 - index)
      .join("-")
      .replace(/[^A-Za-z0-9-]+/g, "-"),
  );
}

/** Whether a resource of the same file has the name that the host's class would get. */
function isTaken(trait: Trait, traits: readonly Trait[], name: string): boolean {
  return traits.some(
    (other) => other.kind === "resource" && other.path === trait.path && other.interfaceName === name,
  );
}

function key(path: string, resource: string): string {
  return `${path}#${resource}`;
}
