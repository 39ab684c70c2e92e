/** How new files and classes are called: short where that says enough, longer where it does not. */
import { Scope, typeIdentifier } from "../codegen/identifiers.ts";
import type { Trait } from "./host-traits.ts";

/** What stubs use of the platform: a class called so, such as that of WASI's `error`, would hide it. */
const NEEDED_BY_STUBS = ["Error", "Symbol", "Map", "Promise", "ReadableStream", "Uint8Array"];

export class ImplementationNames {
  /** By key of a host or a world, or else by owner of resources: the name of the file for the classes, without extension. */
  readonly #files = new Map<string, string>();
  readonly #classes = new Map<string, string>();

  constructor(traits: readonly Trait[]) {
    // In lower case: file systems may not tell names apart that differ in case only.
    const files = new Set<string>();
    const classes = Scope.ofBindings(NEEDED_BY_STUBS);
    // Hosts first: they are the ones that people look for.
    const claimFile = (key: string, trait: Trait): string => {
      const candidates = fileNames(trait);
      const file = candidates.find((name) => !files.has(name.toLowerCase())) ?? trait.key;
      files.add(file.toLowerCase());
      this.#files.set(key, file);
      return file;
    };
    for (const trait of traits.filter(({ kind }) => kind !== "resource")) {
      const file = claimFile(trait.key, trait);
      const suffix = trait.kind === "world" || isTaken(trait, traits, typeIdentifier(file)) ? "-host" : "";
      this.#classes.set(trait.key, classes.claim(typeIdentifier(`${file}${suffix}`)));
    }
    for (const trait of traits.filter(({ kind }) => kind === "resource")) {
      if (trait.owner !== undefined && !this.#files.has(trait.owner)) claimFile(trait.owner, trait);
      this.#classes.set(trait.key, classes.claim(trait.interfaceName));
    }
  }

  /** The file for the class of a trait; that of a resource goes to its host's. */
  file(trait: Trait): string {
    return this.#files.get(trait.owner ?? trait.key) ?? "host";
  }

  readonly className = (key: string): string => this.#classes.get(key) ?? "Host";
}

/** "metrics", "obs-metrics", "amal-obs-metrics" of "amal/obs/metrics.ts"; "metrics" of `MetricsHost` in a file that holds all. */
function fileNames(trait: Trait): readonly string[] {
  if (trait.kind === "host" && trait.interfaceName !== "Host") {
    return [
      trait.interfaceName
        .replace(/Host$/, "")
        .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
        .toLowerCase(),
    ];
  }
  const segments = trait.path.replace(/\.ts$/, "").split("/");
  return segments.map((_, index) =>
    segments
      .slice(-1 - index)
      .join("-")
      .replace(/[^A-Za-z0-9-]+/g, "-"),
  );
}

/** Whether a resource of the same host has the name that the host's class would get. */
function isTaken(trait: Trait, traits: readonly Trait[], name: string): boolean {
  return traits.some((other) => other.owner === trait.key && other.interfaceName === name);
}
