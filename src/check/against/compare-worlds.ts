/** Every difference between two versions of a world, with whom it breaks. */
import type { Func, Package, Resolve, Stability, TypeDef, World } from "../../model/resolve.ts";
import { signatureText } from "../../wit/print-type.ts";
import type { ChangeCategory, TypeChangeCategory, WitChange } from "./change.ts";
import { Definitions } from "./definitions.ts";
import { funcDifferences } from "./func-difference.ts";
import { hintsFor, type Single } from "./hints.ts";
import { displayName, sameMember } from "./member-name.ts";
import { type Container, type ContainerPair, pairWorlds } from "./pair-worlds.ts";
import { Shapes } from "./shapes.ts";
import { TypeComparison, type TypeDifference } from "./type-difference.ts";
import { TypeUses, type Uses } from "./type-uses.ts";
import { type Side, sidedEffect, typeEffect } from "./verdict.ts";

/** A world, and the packages that it was found in. */
export interface LoadedWorld {
  readonly resolve: Resolve;
  readonly world: World;
}

/**
 * Compares two versions of a world. Docs do not count.
 *
 * What both worlds import comes first, then what both export, each in the order of the new one and with what of it is new
 * or gone; then the interfaces that only one of them has.
 */
export function compareWorlds(before: LoadedWorld, after: LoadedWorld): readonly WitChange[] {
  return new Comparison(before, after).run();
}

class Comparison {
  readonly #before: World;
  readonly #after: World;
  readonly #paired: ReturnType<typeof pairWorlds>;
  readonly #shapes: Shapes;
  readonly #definitions = new Definitions();
  readonly #types: TypeComparison;
  readonly #uses: TypeUses;
  readonly #changes: WitChange[] = [];
  readonly #singles: Single[] = [];
  /** Definitions and names of types that have been looked at: an interface may be both imported and exported. */
  readonly #seen = new Set<string>();

  constructor(before: LoadedWorld, after: LoadedWorld) {
    this.#before = before.world;
    this.#after = after.world;
    this.#paired = pairWorlds(before.world, after.world);
    this.#shapes = new Shapes(this.#paired.ownerId, [before.resolve, after.resolve]);
    const idOf = (def: TypeDef): string | undefined => this.#idOf(def);
    this.#types = new TypeComparison(this.#shapes, this.#definitions, idOf);
    this.#uses = new TypeUses(idOf);
  }

  run(): readonly WitChange[] {
    const { pairs, removed, added } = this.#paired;
    for (const pair of pairs) this.#noteUses(pair);
    if (this.#before.name !== this.#after.name && !isOfComponent(this.#before)) {
      const what = `world \`${this.#before.name}\` is called \`${this.#after.name}\` now`;
      const [world] = pairs;
      if (world !== undefined) this.#sided("world-renamed", world.after, "", what);
    }
    for (const pair of pairs) this.#compare(pair);
    for (const container of removed)
      this.#single("interface-removed", container, "interface", container.name, 0);
    for (const container of added) this.#single("interface-added", container, "interface", container.name, 0);
    const hints = hintsFor(this.#singles, removed, added, this.#shapes);
    return this.#changes.map((change) => ({ ...change, hint: hints.get(change) }));
  }

  #idOf(def: TypeDef): string | undefined {
    if (def.name === undefined || def.owner === undefined) return undefined;
    return `${this.#paired.ownerId(def.owner)}#${def.name}`;
  }

  #noteUses({ before, after }: ContainerPair): void {
    for (const [key, func] of after.functions) {
      const old = before.functions.get(key);
      if (old === undefined) continue;
      for (const version of [func, old]) this.#uses.add(version, after.side, `\`${displayName(key)}\``);
    }
  }

  #compare(pair: ContainerPair): void {
    const { before, after } = pair;
    if (!pair.linked) {
      const what = `\`${before.name}\` is \`${after.name}\` now, which is not a compatible version`;
      // Of types alone nothing is linked, under whatever name.
      const as = isLinked(before) || isLinked(after) ? "interface-version" : "type-added";
      this.#sided("interface-version", after, "", what, as);
    }
    this.#compareStability(before.stability, after.stability, after, "");
    this.#compareTypes(pair);
    this.#compareFunctions(pair);
  }

  #compareTypes({ before, after }: ContainerPair): void {
    for (const [name, type] of after.types) {
      const old = before.types.get(name);
      if (old === undefined) this.#typeSingle(after, name, type, "added");
      else this.#compareType(old, type, name, before, after);
    }
    for (const [name, type] of before.types) {
      if (!after.types.has(name)) this.#typeSingle(before, name, type, "removed");
    }
  }

  #compareType(old: TypeDef, type: TypeDef, name: string, before: Container, after: Container): void {
    const wasResource = this.#isResource(old);
    if (wasResource !== this.#isResource(type)) {
      // For linking, a resource is gone or has come; whoever uses the name has another type.
      this.#resourceSingle(
        wasResource ? before : after,
        name,
        wasResource ? old : type,
        wasResource ? "removed" : "added",
      );
      return;
    }
    // An import is asked for the resources that it defines; an export has those that it uses, too.
    const [wasHere, isHere] = [old.type.kind === "resource", type.type.kind === "resource"];
    if (after.side === "import" && wasHere !== isHere) {
      if (wasHere) this.#resourceSingle(before, name, old, "removed", `\`${name}\`, defined here,`);
      else this.#resourceSingle(after, name, type, "added", `\`${name}\`, defined here,`);
    }
    const id = this.#idOf(type);
    if (id === undefined || this.#seen.has(id)) return;
    this.#seen.add(id);
    this.#compareStability(old.stability, type.stability, after, `#${name}`);
    if (wasResource || this.#shapes.of(old) === this.#shapes.of(type)) return;
    // What is only used here is compared where it is defined.
    const [definition, oldDefinition] = [this.#definitions.named(type), this.#definitions.named(old)];
    if (definition !== type && definition !== undefined && oldDefinition !== undefined) {
      if (this.#idOf(definition) === this.#idOf(oldDefinition)) return;
    }
    const uses = this.#uses.of(id);
    for (const found of this.#types.ofDefinition(old, type, ""))
      this.#typeChange(after, `#${name}`, found, uses);
  }

  #compareFunctions({ before, after }: ContainerPair): void {
    const kinds = sameMember(before.functions, after.functions);
    for (const [key, func] of after.functions) {
      const old = before.functions.get(key);
      const otherKind = kinds.get(key);
      if (old !== undefined) this.#compareFunction(old, func, key, after);
      else if (otherKind !== undefined) {
        const what = `\`${otherKind.name}\` is \`${func.name}\` now`;
        this.#sided("func-kind", after, `#${displayName(key)}`, what);
      } else this.#funcSingle(after, key, func, "func-added");
    }
    const replaced = new Set([...kinds.values()].map((func) => func.name));
    for (const [key, func] of before.functions) {
      if (!after.functions.has(key) && !replaced.has(key))
        this.#funcSingle(before, key, func, "func-removed");
    }
  }

  #compareFunction(old: Func, func: Func, key: string, container: Container): void {
    const path = `#${displayName(key)}`;
    this.#compareStability(old.stability, func.stability, container, path);
    for (const found of funcDifferences(old, func, this.#types, this.#shapes)) {
      if (found.kind === "signature") {
        this.#sided(found.category, container, `${path}${found.path}`, found.what);
        continue;
      }
      const { flow, ...difference } = found.at(container.side);
      this.#typeChange(container, path, difference, { flows: [flow], users: [`\`${displayName(key)}\``] });
    }
  }

  /** Whether a name stands for a resource, by definition or by `use`. */
  #isResource(type: TypeDef): boolean {
    return this.#definitions.named(type)?.type.kind === "resource";
  }

  #compareStability(
    before: Stability | undefined,
    after: Stability | undefined,
    container: Container,
    path: string,
  ): void {
    const [old, current] = [describeStability(before), describeStability(after)];
    if (old === current) return;
    const key = `stability ${container.name}${path}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.#sided("stability", container, path, `was ${old}, is ${current} now`);
  }

  #typeSingle(container: Container, name: string, type: TypeDef, verb: "added" | "removed"): void {
    if (this.#isResource(type)) {
      this.#resourceSingle(container, name, type, verb);
      return;
    }
    const key = `${verb} ${container.name}#${name}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.#single(`type-${verb}`, container, "type", name, this.#shapes.of(type));
  }

  /** A resource is linked where it is defined; where it is used, its name is a name like others. */
  #resourceSingle(
    container: Container,
    name: string,
    type: TypeDef,
    verb: "added" | "removed",
    shown?: string,
  ): void {
    const isDefined = type.type.kind === "resource";
    const category = isDefined ? (`resource-${verb}` as const) : (`type-${verb}` as const);
    this.#single(category, container, isDefined ? "resource" : "type", name, -1, shown);
  }

  #funcSingle(container: Container, key: string, func: Func, category: "func-added" | "func-removed"): void {
    const what = `\`${displayName(key)}: ${signatureText(func)}\``;
    this.#single(category, container, "function", key, this.#shapes.ofFunc(func), what);
  }

  #single(
    category: ChangeCategory & `${string}-${"added" | "removed"}`,
    container: Container,
    noun: string,
    name: string,
    shape: number,
    shown = `\`${name}\``,
  ): void {
    const added = category.endsWith("-added");
    const path = noun === "interface" ? "" : `#${displayName(name)}`;
    const linksNothing = noun === "interface" && !isLinked(container);
    const change = this.#sided(
      category as "func-added",
      container,
      path,
      noun === "interface"
        ? `${shown} is ${added ? "" : "no longer "}${container.side}ed${added ? " now" : ""}`
        : `${noun} ${shown} is ${added ? "new" : "gone"}`,
      linksNothing ? (added ? "type-added" : "type-removed") : undefined,
    );
    this.#singles.push({ change, container, name, shape, added });
  }

  /** @param as the category whose effect it has, if not its own */
  #sided(
    category: Exclude<ChangeCategory, TypeChangeCategory>,
    container: Container,
    path: string,
    what: string,
    as: Exclude<ChangeCategory, TypeChangeCategory> = category,
  ): WitChange {
    const { side } = container;
    const change = {
      path: `${container.name}${path}`,
      side,
      category,
      what,
      ...sidedEffect(as, side),
      hint: undefined,
    };
    this.#changes.push(change);
    return change;
  }

  #typeChange(container: Container, path: string, found: TypeDifference, uses: Uses): void {
    const { category, what } = found;
    const sides = new Set<Side>(uses.flows.map((flow) => flow.side));
    const side = sides.size === 2 ? "both" : ([...sides][0] ?? "none");
    const effect = typeEffect(category, { ...found, ...uses });
    this.#changes.push({
      path: `${container.name}${path}${found.path}`,
      side,
      category,
      what,
      ...effect,
      hint: undefined,
    });
  }
}

/** Whether a world was read from a component, which does not say what its world was called. */
function isOfComponent(world: World): boolean {
  return isPackageOfComponent(world.package);
}

/** Whether a package was read from a component. */
export function isPackageOfComponent({ name }: Package): boolean {
  return name.namespace === "root" && name.name === "component";
}

/** Whether it has anything but types that are said where they are used. */
function isLinked({ functions, types }: Container): boolean {
  return functions.size > 0 || [...types.values()].some((type) => type.type.kind === "resource");
}

function describeStability(stability: Stability | undefined): string {
  if (stability === undefined) return "without a gate";
  const gate = stability.kind === "stable" ? `@since ${stability.since}` : `@unstable (${stability.feature})`;
  return stability.deprecated === undefined ? gate : `${gate}, @deprecated ${stability.deprecated}`;
}
