/**
 * Decodes the custom section `package-docs`: the docs and the stability of an encoded package.
 *
 * Names that the package does not have are skipped, as wit-parser does it; a section whose form is
 * not the known one is an error.
 *
 * Source: wit-parser's `metadata.rs`.
 */
import type { Resolve, Stability } from "../model/resolve.ts";
import { witError } from "./errors.ts";
import {
  type InterfaceNode,
  type PackageNode,
  packageId,
  type TypeDefNode,
  type WorldNode,
} from "./nodes.ts";

export function injectPackageDocs(content: Uint8Array, resolve: Resolve, path: string): void {
  const version = content[0];
  if (version !== 0 && version !== 1) {
    throw invalid(path, `version ${version} is not known`);
  }
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(content.subarray(1)));
  } catch (cause) {
    throw invalid(path, "it is not JSON", cause);
  }
  const reader = new DocsReader(path);
  const docs = reader.object(json);
  const named = reader.string(docs.get("package"));
  const target =
    resolve.packages.find((node) => packageId(node.name) === named) ??
    resolve.roots[0] ??
    resolve.packages[0];
  if (target !== undefined) {
    reader.injectPackage(docs, target as PackageNode);
  }
}

function invalid(path: string, why: string, cause?: unknown): Error {
  const message = `\`${path}\`: the custom section \`package-docs\` can not be used: ${why}`;
  return witError({ code: "invalid", message, file: path }, { cause });
}

class DocsReader {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  injectPackage(docs: ReadonlyMap<string, unknown>, node: PackageNode): void {
    node.docs = this.string(docs.get("docs")) ?? node.docs;
    for (const [name, world] of this.object(docs.get("worlds"))) {
      const target = node.worlds.get(name);
      if (target !== undefined) {
        this.#injectWorld(this.object(world), target as WorldNode);
      }
    }
    for (const [name, item] of this.object(docs.get("interfaces"))) {
      const target = node.interfaces.get(name);
      if (target !== undefined) {
        this.#injectInterface(this.object(item), target as InterfaceNode);
      }
    }
  }

  #injectWorld(docs: ReadonlyMap<string, unknown>, world: WorldNode): void {
    world.docs = this.string(docs.get("docs")) ?? world.docs;
    world.stability = this.#stability(docs.get("stability"));
    // In the older form these held exports too, where no import had the name.
    for (const [key, onlyExports] of [
      ["interfaces", false],
      ["interface_exports", true],
    ] as const) {
      for (const [name, item] of this.object(docs.get(key))) {
        const items = onlyExports || !world.imports.has(name) ? world.exports : world.imports;
        const target = items.get(name);
        if (target?.kind === "interface") {
          const itemDocs = this.object(item);
          items.set(name, { ...target, stability: this.#stability(itemDocs.get("stability")) });
          this.#injectInterface(itemDocs, target.interface as InterfaceNode);
        }
      }
    }
    for (const [name, item] of this.object(docs.get("types"))) {
      const target = world.imports.get(name);
      if (target?.kind === "type") {
        this.#injectType(this.object(item), target.type as TypeDefNode);
      }
    }
    for (const [key, items] of [
      ["interface_import_stability", world.imports],
      ["interface_export_stability", world.exports],
    ] as const) {
      for (const [name, value] of this.object(docs.get(key))) {
        const target = items.get(name);
        if (target?.kind === "interface") {
          items.set(name, { ...target, stability: this.#stability(value) });
        }
      }
    }
    for (const [key, onlyExports] of [
      ["funcs", false],
      ["func_exports", true],
    ] as const) {
      for (const [name, item] of this.object(docs.get(key))) {
        const items = onlyExports || !world.imports.has(name) ? world.exports : world.imports;
        const target = items.get(name);
        if (target?.kind === "func") {
          items.set(name, { kind: "func", func: { ...target.func, ...this.#funcDocs(item) } });
        }
      }
    }
  }

  #injectInterface(docs: ReadonlyMap<string, unknown>, node: InterfaceNode): void {
    node.docs = this.string(docs.get("docs")) ?? node.docs;
    node.stability = this.#stability(docs.get("stability"));
    for (const [name, item] of this.object(docs.get("types"))) {
      const type = node.types.get(name);
      if (type !== undefined) {
        this.#injectType(this.object(item), type as TypeDefNode);
      }
    }
    for (const [name, item] of this.object(docs.get("funcs"))) {
      const func = node.functions.get(name);
      if (func !== undefined) {
        node.functions.set(name, { ...func, ...this.#funcDocs(item) });
      }
    }
  }

  #injectType(docs: ReadonlyMap<string, unknown>, type: TypeDefNode): void {
    type.docs = this.string(docs.get("docs")) ?? type.docs;
    type.stability = this.#stability(docs.get("stability"));
    const items = this.object(docs.get("items"));
    if (items.size === 0) {
      return;
    }
    const described = <T extends { readonly name: string; readonly docs: string | undefined }>(
      parts: readonly T[],
    ): T[] => parts.map((part) => ({ ...part, docs: this.string(items.get(part.name)) ?? part.docs }));
    const kind = type.type;
    switch (kind.kind) {
      case "record":
        type.type = { ...kind, fields: described(kind.fields) };
        return;
      case "flags":
        type.type = { ...kind, flags: described(kind.flags) };
        return;
      case "variant":
        type.type = { ...kind, cases: described(kind.cases) };
        return;
      case "enum":
        type.type = { ...kind, cases: described(kind.cases) };
        return;
      default:
        throw invalid(this.#path, `\`${type.name}\` has no parts to describe`);
    }
  }

  /** In the older form only a string. */
  #funcDocs(value: unknown): { docs: string | undefined; stability: Stability | undefined } {
    if (typeof value === "string" || value === null) {
      return { docs: value ?? undefined, stability: undefined };
    }
    const docs = this.object(value);
    return { docs: this.string(docs.get("docs")), stability: this.#stability(docs.get("stability")) };
  }

  #stability(value: unknown): Stability | undefined {
    if (value === undefined || value === "unknown") {
      return undefined;
    }
    const [entry, ...rest] = this.object(value);
    if (entry === undefined || rest.length > 0) {
      throw invalid(this.#path, "a stability has not one form");
    }
    const [kind, details] = entry;
    const fields = this.object(details);
    const deprecated = this.string(fields.get("deprecated"));
    const since = this.string(fields.get("since"));
    const feature = this.string(fields.get("feature"));
    if (kind === "stable" && since !== undefined) {
      return { kind: "stable", since, deprecated };
    }
    if (kind === "unstable" && feature !== undefined) {
      return { kind: "unstable", feature, deprecated };
    }
    throw invalid(this.#path, `the stability \`${kind}\` is not known`);
  }

  string(value: unknown): string | undefined {
    if (value === undefined || value === null) {
      return undefined;
    }
    if (typeof value !== "string") {
      throw invalid(this.#path, `expected a string, found ${typeof value}`);
    }
    return value;
  }

  /** An object as a map: its keys are foreign names. */
  object(value: unknown): ReadonlyMap<string, unknown> {
    if (value === undefined) {
      return new Map();
    }
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw invalid(this.#path, "expected an object");
    }
    return new Map(Object.entries(value));
  }
}
