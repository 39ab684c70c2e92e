/**
 * All packages of a load, linked to each other so far, with what is known about each type.
 */
import type { Interface, Package, TypeDef, World } from "../model/resolve.ts";
import { definitionParts } from "../model/type-parts.ts";
import type { Reporter } from "./errors.ts";
import { MAX_DERIVED_ITEMS, MAX_TYPE_SIZE } from "./limits.ts";
import { packageId, type Spans } from "./nodes.ts";
import type { Span } from "./source.ts";

interface TypeFacts {
  /** The end of the chain of aliases, if that is a resource. */
  readonly resource: TypeDef | undefined;
  readonly hasBorrow: boolean;
  /** Number of parts, all the way down. */
  readonly size: number;
}

export interface GraphOptions {
  readonly reporter: Reporter;
  readonly features: ReadonlySet<string>;
  readonly allFeatures: boolean;
}

export class Graph {
  readonly reporter: Reporter;
  readonly features: ReadonlySet<string>;
  readonly allFeatures: boolean;

  readonly worlds: World[] = [];
  readonly interfaces: Interface[] = [];
  readonly types: TypeDef[] = [];
  readonly packages: Package[] = [];
  readonly packagesById = new Map<string, Package>();
  /** Where each object is in the text; of those that were decoded nothing is known. */
  readonly spans: Spans = new Map();

  readonly #facts = new Map<TypeDef, TypeFacts>();
  readonly #interfaceDependencies = new Map<Interface, readonly Interface[]>();
  #derivedItems = 0;

  constructor(options: GraphOptions) {
    this.reporter = options.reporter;
    this.features = options.features;
    this.allFeatures = options.allFeatures;
  }

  addPackage(node: Package): void {
    this.packages.push(node);
    this.packagesById.set(packageId(node.name), node);
  }

  /** Adds a type, of which all parts must have been added. */
  addType(type: TypeDef): void {
    this.types.push(type);
    const parts = definitionParts(type.type).map((part) =>
      typeof part === "object" ? this.#facts.get(part) : undefined,
    );
    const target = type.type.kind === "alias" ? type.type.target : undefined;
    let resource: TypeDef | undefined;
    if (type.type.kind === "resource") resource = type;
    else if (typeof target === "object") resource = this.#facts.get(target)?.resource;
    const isHandle = type.type.kind === "own" || type.type.kind === "borrow";
    const size = isHandle ? 1 : parts.reduce((sum, part) => sum + (part?.size ?? 1), 1);
    this.#facts.set(type, {
      resource,
      hasBorrow: type.type.kind === "borrow" || (!isHandle && parts.some((part) => part?.hasBorrow)),
      size: Math.min(size, MAX_TYPE_SIZE + 1),
    });
    if (size > MAX_TYPE_SIZE) {
      this.reporter.fail({
        code: "too-large",
        message: `this type has more than ${MAX_TYPE_SIZE} parts`,
        span: this.spans.get(type),
      });
    }
  }

  /** Whether a type is a resource, or another name for one. */
  isResource(type: TypeDef): boolean {
    return this.#facts.get(type)?.resource !== undefined;
  }

  hasBorrow(type: TypeDef): boolean {
    return this.#facts.get(type)?.hasBorrow ?? false;
  }

  /** The interfaces whose types an interface uses, in order. Its types must all be in place. */
  dependenciesOf(node: Interface): readonly Interface[] {
    let dependencies = this.#interfaceDependencies.get(node);
    if (dependencies === undefined) {
      const found = new Set<Interface>();
      for (const type of node.types.values()) {
        const from = usedFrom(type);
        if (from !== undefined) found.add(from);
      }
      dependencies = [...found];
      this.#interfaceDependencies.set(node, dependencies);
    }
    return dependencies;
  }

  /** Counts items that the text does not spell out, and fails beyond the limit. */
  countDerived(items: number, span: Span | undefined): void {
    this.#derivedItems += items;
    if (this.#derivedItems > MAX_DERIVED_ITEMS) {
      this.reporter.fail({
        code: "too-large",
        message: `worlds include or need more than ${MAX_DERIVED_ITEMS} items in all`,
        span,
      });
    }
  }
}

/** The interface that a type is used from: `use i.{t}`. */
export function usedFrom(type: TypeDef): Interface | undefined {
  if (type.type.kind !== "alias" || typeof type.type.target === "string") return undefined;
  const { owner } = type.type.target;
  return owner !== type.owner && owner?.kind === "interface" ? owner : undefined;
}
