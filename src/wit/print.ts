/**
 * A `Resolve` as WIT text.
 *
 * The text stands for the same thing: parsing it gives the same packages, docs and gates. Worlds are
 * printed as they were resolved, with what they include and need spelt out.
 */
import type {
  Func,
  Interface,
  Named,
  Package,
  PackageName,
  Resolve,
  Stability,
  TypeDef,
  TypeOwner,
  World,
  WorldItem,
} from "../model/resolve.ts";
import { itemId, packageId } from "./nodes.ts";
import { printDocs } from "./print-docs.ts";
import { isShorthandConstructor, nameText, signatureText, typeText } from "./print-type.ts";
import { quote } from "./string-literal.ts";

/** The options of `printWit`. */
export interface PrintOptions {
  /** Prints this package alone. Default: the main package, and all others nested after it. */
  readonly package?: Package | undefined;
}

/**
 * Prints WIT.
 *
 * @example printWit(await loadWit("wit")) // "package amal:obs@0.1.0;\n\ninterface metrics {\n  ..."
 */
export function printWit(resolve: Resolve, options: PrintOptions = {}): string {
  const main = options.package ?? resolve.roots[0] ?? resolve.packages.at(-1);
  if (main === undefined) return "";
  const printer = new Printer();
  printer.mainPackage(main);
  for (const other of options.package === undefined ? resolve.packages : []) {
    if (other !== main) printer.nestedPackage(other);
  }
  return printer.finish();
}

/** What may stand before an item. */
interface Described {
  readonly docs: string | undefined;
  readonly stability?: Stability | undefined;
  readonly externalId?: string | undefined;
}

class Printer {
  readonly #lines: string[] = [];
  #indent = "";
  /** Whether the member printed last took more than one line. */
  #isAfterLong = false;

  finish(): string {
    return `${this.#lines.join("\n")}\n`;
  }

  mainPackage(node: Package): void {
    this.#describe(node);
    this.#line(`package ${packageText(node.name)};`);
    this.#items(node);
  }

  nestedPackage(node: Package): void {
    this.#separate();
    this.#describe(node);
    this.#block(`package ${packageText(node.name)}`, () => this.#items(node));
  }

  #items(node: Package): void {
    for (const item of node.interfaces.values()) {
      this.#separate();
      this.#describe(item);
      this.#block(`interface ${nameText(item.name ?? "")}`, () => this.#interface(item));
    }
    for (const world of node.worlds.values()) {
      this.#separate();
      this.#describe(world);
      this.#block(`world ${nameText(world.name)}`, () => this.#world(world));
    }
  }

  #interface(node: Interface): void {
    const types = [...node.types.values()];
    const functions = [...node.functions.values()];
    this.#uses(node, types, node.package);
    this.#typesAndFunctions(node, types, functions);
  }

  #world(world: World): void {
    const types: TypeDef[] = [];
    const methods: Func[] = [];
    for (const item of world.imports.values()) {
      if (item.kind === "type") types.push(item.type);
      if (item.kind === "func" && item.func.kind.kind !== "freestanding") methods.push(item.func);
    }
    for (const [key, item] of world.imports) {
      if (item.kind === "interface") this.#externInterface("import", key, item, world.package);
    }
    this.#uses(world, types, world.package);
    this.#typesAndFunctions(world, types, methods);
    for (const item of world.imports.values()) {
      if (item.kind === "func" && item.func.kind.kind === "freestanding")
        this.#externFunc("import", item.func);
    }
    for (const [key, item] of world.exports) {
      if (item.kind === "interface") this.#externInterface("export", key, item, world.package);
      if (item.kind === "func") this.#externFunc("export", item.func);
    }
  }

  #externFunc(direction: string, func: Func): void {
    this.#member(() => {
      this.#describe(func);
      this.#line(`${direction} ${nameText(func.name)}: ${signatureText(func)};`);
    });
  }

  #externInterface(
    direction: string,
    key: string,
    item: Extract<WorldItem, { kind: "interface" }>,
    from: Package,
  ): void {
    this.#member(() => {
      if (item.interface.name === undefined) {
        // Of an inline interface the item and the interface have the same docs and gate.
        this.#describe({ ...item.interface, externalId: item.externalId });
        this.#block(`${direction} ${nameText(key)}: interface`, () => this.#interface(item.interface));
        return;
      }
      this.#describe(item);
      const path = pathText(item.implements ?? item.interface, from);
      const label = item.implements === undefined ? "" : `${nameText(key)}: `;
      this.#line(`${direction} ${label}${path};`);
    });
  }

  /** `use i.{a, b as c};` for all names used from one interface in a row, with one gate. */
  #uses(owner: TypeOwner, types: readonly TypeDef[], from: Package): void {
    let path: string | undefined;
    let stability: Stability | undefined;
    let names: string[] = [];
    const flush = (): void => {
      if (path === undefined) return;
      const line = `use ${path}.{${names.join(", ")}};`;
      const described = { docs: undefined, stability };
      this.#member(() => {
        this.#describe(described);
        this.#line(line);
      });
      names = [];
    };
    for (const type of types) {
      const target = usedType(type, owner);
      if (target?.owner?.kind !== "interface") continue;
      const nextPath = pathText(target.owner, from);
      if (nextPath !== path || JSON.stringify(stability) !== JSON.stringify(type.stability)) flush();
      path = nextPath;
      stability = type.stability;
      const original = nameText(target.name ?? "");
      names.push(target.name === type.name ? original : `${original} as ${nameText(type.name ?? "")}`);
    }
    flush();
  }

  /**
   * Types, resources with their functions, and functions, each in their order. Types come first as far
   * as the order of the functions allows: those of a resource are written inside it.
   */
  #typesAndFunctions(owner: TypeOwner, types: readonly TypeDef[], functions: readonly Func[]): void {
    const byResource = new Map<TypeDef, Func[]>();
    const order: (Func | TypeDef)[] = [];
    for (const func of functions) {
      if (func.kind.kind === "freestanding") {
        order.push(func);
        continue;
      }
      const { resource } = func.kind;
      const group = byResource.get(resource);
      if (group === undefined) {
        byResource.set(resource, [func]);
        order.push(resource);
      } else {
        group.push(func);
      }
    }
    const pending = types.filter((type) => usedType(type, owner) === undefined);
    let next = 0;
    const printTypes = (isWanted: (type: TypeDef) => boolean): void => {
      for (let type = pending[next]; type !== undefined && isWanted(type); type = pending[next]) {
        next += 1;
        this.#member(() => this.#typeDef(type, byResource.get(type) ?? []));
      }
    };
    for (const item of order) {
      printTypes((type) => !byResource.has(type));
      if (item.kind === "type-def") printTypes((type) => type === item);
      else this.#member(() => this.#func(nameText(item.name), item));
    }
    printTypes(() => true);
  }

  #func(name: string, func: Func): void {
    this.#describe(func);
    this.#line(`${name}: ${signatureText(func)};`);
  }

  #typeDef(type: TypeDef, functions: readonly Func[]): void {
    const name = nameText(type.name ?? "");
    const { type: kind } = type;
    this.#describe(type);
    switch (kind.kind) {
      case "record":
        this.#list(`record ${name}`, kind.fields, (field) => `: ${typeText(field.type)}`);
        break;
      case "variant":
        this.#list(`variant ${name}`, kind.cases, (item) =>
          item.type === undefined ? "" : `(${typeText(item.type)})`,
        );
        break;
      case "enum":
        this.#list(`enum ${name}`, kind.cases, () => "");
        break;
      case "flags":
        this.#list(`flags ${name}`, kind.flags, () => "");
        break;
      case "resource":
        if (functions.length === 0) this.#line(`resource ${name};`);
        else {
          this.#block(`resource ${name}`, () => {
            for (const func of functions) this.#member(() => this.#resourceFunc(func));
          });
        }
        break;
      default:
        this.#line(`type ${name} = ${typeText(type, "definition")};`);
    }
  }

  /** Fields, cases or flags, one on each line. */
  #list<T extends Named>(head: string, labels: readonly T[], rest: (label: T) => string): void {
    this.#block(head, () => {
      for (const label of labels) {
        this.#describe(label);
        this.#line(`${nameText(label.name)}${rest(label)},`);
      }
    });
  }

  #resourceFunc(func: Func): void {
    if (func.kind.kind === "constructor") {
      this.#describe(func);
      const result = isShorthandConstructor(func) ? undefined : func.result;
      const params = func.params
        .map((param) => `${nameText(param.name)}: ${typeText(param.type)}`)
        .join(", ");
      this.#line(`constructor(${params})${result === undefined ? "" : ` -> ${typeText(result)}`};`);
      return;
    }
    const name = nameText(func.name.slice(func.name.indexOf(".") + 1));
    if (func.kind.kind === "static") {
      this.#describe(func);
      this.#line(`${name}: static ${signatureText(func)};`);
      return;
    }
    this.#func(name, { ...func, params: func.params.slice(1) });
  }

  #describe({ docs, stability, externalId }: Described): void {
    for (const line of printDocs(docs)) this.#line(line);
    if (stability !== undefined) {
      const gate =
        stability.kind === "stable"
          ? `@since(version = ${stability.since})`
          : `@unstable(feature = ${nameText(stability.feature)})`;
      this.#line(gate);
      if (stability.deprecated !== undefined) this.#line(`@deprecated(version = ${stability.deprecated})`);
    }
    if (externalId !== undefined) this.#line(`@external-id(${quote(externalId)})`);
  }

  #block(head: string, body: () => void): void {
    const start = this.#lines.length;
    this.#line(`${head} {`);
    const outer = this.#indent;
    this.#indent = `${outer}  `;
    body();
    this.#indent = outer;
    if (this.#lines.length === start + 1) this.#lines[start] = `${outer}${head} {}`;
    else this.#line("}");
  }

  /** One member of a body, set off by empty lines if it takes more than one. */
  #member(print: () => void): void {
    const start = this.#lines.length;
    const isAfterLong = this.#isAfterLong;
    print();
    const isLong = this.#lines.length > start + 1;
    const isFirst = this.#lines[start - 1]?.endsWith("{");
    if (!isFirst && (isLong || isAfterLong)) this.#lines.splice(start, 0, "");
    this.#isAfterLong = isLong;
  }

  /** An empty line between items, but not after an opening brace. */
  #separate(): void {
    if (!this.#lines.at(-1)?.endsWith("{")) this.#lines.push("");
  }

  /** Adds a line, or the lines of a multi-line comment, of which only the first is indented. */
  #line(text: string): void {
    this.#lines.push(this.#indent + text);
  }
}

/** What a type is used from another interface; undefined for one that is defined here. */
function usedType(type: TypeDef, owner: TypeOwner): TypeDef | undefined {
  if (type.type.kind !== "alias" || typeof type.type.target === "string") return undefined;
  return type.type.target.owner === owner ? undefined : type.type.target;
}

/** A name in the same package, or the whole id. */
function pathText(node: Interface, from: Package): string {
  const name = nameText(node.name ?? "");
  if (node.package === from) return name;
  const { namespace, name: packageName } = node.package.name;
  const plain = {
    ...node.package,
    name: { ...node.package.name, namespace: nameText(namespace), name: nameText(packageName) },
  };
  return itemId(plain, name);
}

function packageText(name: PackageName): string {
  return packageId({ ...name, namespace: nameText(name.namespace), name: nameText(name.name) });
}
