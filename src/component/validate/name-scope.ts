/**
 * The names that the imports, or the exports, of one scope have, and what a name demands of the thing
 * that it is given to.
 *
 * Source: component-model `Binary.md`, section "Import and Export Definitions".
 */
import type { FuncType, ResourceType, ValueType } from "../../model/value-type.ts";
import type { ExternName } from "../binary/ir.ts";
import type { Entity, NameAttributes } from "../types/shapes.ts";
import type { TypeTable } from "../types/type-table.ts";
import {
  canonicalName,
  isCanonicalVersion,
  isSemver,
  type ParsedName,
  parseExternName,
} from "./extern-names.ts";

export type Role = "import" | "export";

export class NameScope {
  readonly #role: Role;
  readonly #table: TypeTable;
  readonly #namesResources: boolean;
  readonly #taken = new Map<string, string>();
  /** Resource types by the names that they have here. */
  readonly #resources = new Map<string, ResourceType>();

  /** The attributes of the names that have some. */
  readonly attributes = new Map<string, NameAttributes>();

  /** @param options.namesResources Whether "[method]r.f" may refer to an `r` in this scope. */
  constructor(role: Role, table: TypeTable, options: { readonly namesResources: boolean }) {
    this.#role = role;
    this.#table = table;
    this.#namesResources = options.namesResources;
  }

  /** Takes a name for `entity`, or fails with the reason why it can not have it. */
  add(extern: ExternName, entity: Entity): void {
    const { name } = extern;
    const parsed = parseExternName(name);
    if (parsed.kind === "invalid") {
      this.#table.fail(`${this.#role} name \`${name}\` is not a valid extern name: ${parsed.why}`);
    }
    this.#checkAttributes(extern, parsed, entity);
    this.#checkAnnotation(parsed, entity);
    const canonical = canonicalName(name);
    const previous = this.#taken.get(canonical);
    if (previous !== undefined) {
      this.#table.fail(`${this.#role} name \`${name}\` conflicts with previous name \`${previous}\``);
    }
    this.#taken.set(canonical, name);
    if ((extern.implements ?? extern.versionSuffix ?? extern.externalId) !== undefined) {
      this.attributes.set(name, extern);
    }
    if (this.#namesResources && entity.kind === "type" && entity.type.kind === "resource") {
      this.#resources.set(name, entity.type);
    }
  }

  #checkAttributes(extern: ExternName, parsed: ParsedName, entity: Entity): void {
    const { name, versionSuffix } = extern;
    if (extern.implements !== undefined) {
      if (entity.kind !== "instance") {
        this.#table.fail("only instances can have an `implements`");
      }
      if (parsed.kind === "interface") {
        this.#table.fail(`name \`${name}\` is not valid with \`implements\``);
      }
      const interfaceName = parseExternName(extern.implements);
      if (interfaceName.kind === "invalid") {
        this.#table.fail(
          `\`implements\` must be an interface: \`${extern.implements}\` is not a valid name: ${interfaceName.why}`,
        );
      }
      if (interfaceName.kind !== "interface") {
        this.#table.fail(`\`implements\` must be an interface, not \`${extern.implements}\``);
      }
    }
    if (versionSuffix !== undefined) {
      const version = parsed.kind === "interface" ? parsed.version : undefined;
      if (version === undefined || !isCanonicalVersion(version) || !isSemver(version + versionSuffix)) {
        this.#table.fail(
          `the version suffix \`${versionSuffix}\` does not complete the version of \`${name}\``,
        );
      }
    }
  }

  #checkAnnotation(parsed: ParsedName, entity: Entity): void {
    if (parsed.kind === "label" || parsed.kind === "interface") {
      return;
    }
    if (entity.kind !== "func") {
      this.#table.fail(`item with a ${parsed.kind} name is not a func`);
    }
    switch (parsed.kind) {
      case "constructor":
        this.#checkResource(this.#constructed(entity), parsed.resource);
        return;
      case "method":
        this.#checkResource(this.#receiver(entity), parsed.resource);
        return;
      case "static":
        if (!this.#resources.has(parsed.resource)) {
          this.#table.fail("static resource name is not known in this context");
        }
        return;
    }
  }

  #constructed(func: FuncType): ResourceType {
    if (func.result === undefined) {
      this.#table.fail("function should return one value");
    }
    const made: ValueType | undefined = func.result.kind === "result" ? func.result.ok : func.result;
    return made?.kind === "own"
      ? made.resource
      : this.#table.fail("function should return `(own $T)` or `(result (own $T))`");
  }

  #receiver(func: FuncType): ResourceType {
    const self = func.params[0];
    if (self === undefined) {
      this.#table.fail("function should have at least one argument");
    }
    if (self.name !== "self") {
      this.#table.fail("function should have a first argument called `self`");
    }
    return self.type.kind === "borrow"
      ? self.type.resource
      : this.#table.fail("function should take a first argument of `(borrow $T)`");
  }

  #checkResource(resource: ResourceType, name: string): void {
    if (this.#resources.get(name) === resource) {
      return;
    }
    for (const [other, named] of this.#resources) {
      if (named === resource) {
        this.#table.fail(`function does not match expected resource name \`${other}\``);
      }
    }
    this.#table.fail("resource used in function does not have a name in this context");
  }
}
