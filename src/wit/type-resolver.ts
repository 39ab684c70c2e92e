/**
 * Types of a syntax tree to types of the model.
 *
 * Types written in place are made once per package and structure, in the order of wit-parser's
 * arena. Source: `resolve_type_def` and what it calls in wit-parser's `ast/resolve.rs`.
 */

import { didYouMean } from "../model/nearest.ts";
import type { FuncKind, Param, Stability, Type, TypeDef, TypeDefKind, TypeOwner } from "../model/resolve.ts";
import { definitionParts } from "../model/type-parts.ts";
import type * as ast from "./ast.ts";
import type { Reporter } from "./errors.ts";
import type { Spans, TypeDefNode } from "./nodes.ts";
import type { Span } from "./source.ts";
import { reportDuplicate, UniqueNames } from "./unique-names.ts";

/** What a name in an interface or a world stands for. */
export type ScopeEntry =
  | { readonly kind: "type"; readonly type: TypeDef; readonly span: Span }
  | { readonly kind: "function"; readonly span: Span };

export type TypeScope = Map<string, ScopeEntry>;

/** Names of other languages' types, and of WIT's own past. */
const FAMILIAR: ReadonlyMap<string, string> = new Map([
  ["float32", "f32"],
  ["float64", "f64"],
  ["float", "f32"],
  ["double", "f64"],
  ["i8", "s8"],
  ["i16", "s16"],
  ["i32", "s32"],
  ["i64", "s64"],
  ["int", "s32"],
  ["uint", "u32"],
  ["byte", "u8"],
  ["boolean", "bool"],
  ["str", "string"],
]);

const BUILT_IN = [
  ...["bool", "char", "string", "error-context", "f32", "f64", "s8", "s16", "s32", "s64"],
  ...[
    "u8",
    "u16",
    "u32",
    "u64",
    "list",
    "map",
    "option",
    "result",
    "tuple",
    "future",
    "stream",
    "own",
    "borrow",
  ],
];

export class TypeResolver {
  readonly #reporter: Reporter;
  /** In order: stand-ins for types of other packages first, then the package's own. */
  readonly types: TypeDefNode[] = [];
  readonly spans: Spans;
  /** Stand-ins: their kind is not known. */
  readonly foreign = new Set<TypeDef>();
  readonly requiredResources: { type: TypeDef; span: Span }[] = [];
  /** What names mean where types are being resolved. */
  scope: TypeScope = new Map();

  readonly #indices = new Map<TypeDef, number>();
  readonly #interned = new Map<string, TypeDefNode>();
  /** The end of each chain of aliases. */
  readonly #roots = new Map<TypeDef, TypeDef>();

  constructor(reporter: Reporter, spans: Spans) {
    this.#reporter = reporter;
    this.spans = spans;
  }

  add(node: TypeDefNode, span: Span): TypeDefNode {
    this.#indices.set(node, this.types.length);
    this.types.push(node);
    this.spans.set(node, span);
    const { type } = node;
    if (type.kind === "alias" && typeof type.target !== "string") {
      this.#roots.set(node, this.#rootOf(type.target));
    }
    return node;
  }

  addNamed(
    name: ast.Id,
    type: TypeDefKind,
    owner: TypeOwner,
    prelude: Pick<ast.Prelude, "docs" | "stability" | "externalId">,
  ): TypeDefNode {
    const { docs, stability, externalId } = prelude;
    const node: TypeDefNode = { kind: "type-def", name: name.name, type, owner, docs, stability };
    if (externalId !== undefined) node.externalId = externalId;
    return this.add(node, name.span);
  }

  /** Gives `name` a meaning in the current scope. */
  define(name: ast.Id, entry: ScopeEntry): void {
    const previous = this.scope.get(name.name);
    if (previous !== undefined) this.reportDuplicate(name, previous.span);
    else this.scope.set(name.name, entry);
  }

  reportDuplicate(name: ast.Id, previous: Span): void {
    reportDuplicate(this.#reporter, `name \`${name.name}\``, name, { name: name.name, span: previous });
  }

  reportUnknown(what: "type" | "name", { name, span }: ast.Id, alsoInScope: Iterable<string> = []): void {
    const familiar = FAMILIAR.get(name);
    this.#reporter.report({
      code: "not-found",
      message: `${what} \`${name}\` does not exist`,
      span,
      hint:
        familiar === undefined
          ? didYouMean(name, [...this.scope.keys(), ...alsoInScope, ...BUILT_IN])
          : `WIT's name for this type is \`${familiar}\``,
    });
  }

  /** The kind of a named type. */
  definition(definition: ast.TypeDefinition, name: ast.Id, stability: Stability | undefined): TypeDefKind {
    switch (definition.kind) {
      case "alias":
        return this.#kind(definition.type, stability);
      case "record":
        return {
          kind: "record",
          fields: this.#labels("field", definition.fields, (field) => ({
            ...this.#label(field),
            type: this.type(field.type, stability),
          })),
        };
      case "variant":
        if (definition.cases.length === 0) this.#reportEmpty("variant", name);
        return {
          kind: "variant",
          cases: this.#labels("case", definition.cases, (item) => ({
            ...this.#label(item),
            type: this.optionalType(item.type, stability),
          })),
        };
      case "enum":
        if (definition.cases.length === 0) this.#reportEmpty("enum", name);
        return { kind: "enum", cases: this.#labels("case", definition.cases, (item) => this.#label(item)) };
      case "flags":
        return { kind: "flags", flags: this.#labels("flag", definition.flags, (item) => this.#label(item)) };
      case "resource":
        this.#checkResourceFuncs(definition.funcs);
        return { kind: "resource" };
    }
  }

  /** A type where it is used. */
  type(expr: ast.TypeExpr, stability?: Stability): Type {
    const kind = this.#kind(expr, stability);
    if (kind.kind === "alias") return kind.target;
    // `own<T>` in place is the same as `T` in place: the linker makes the handle.
    if (kind.kind === "own") return kind.resource;
    return this.#intern(kind, expr.span, stability ?? this.#inheritedStability(kind));
  }

  optionalType(expr: ast.TypeExpr | undefined, stability?: Stability): Type | undefined {
    return expr === undefined ? undefined : this.type(expr, stability);
  }

  params(func: ast.Func, kind: FuncKind): Param[] {
    const params: Param[] = [];
    const names = new UniqueNames(this.#reporter);
    if (kind.kind === "method") {
      const handle: TypeDefKind = { kind: "borrow", resource: kind.resource };
      params.push({ name: "self", type: this.#intern(handle, func.span, kind.resource.stability) });
      names.add({ name: "self", span: func.span }, "param");
    }
    for (const { name, type } of func.params) {
      names.add(name, "param");
      params.push({ name: name.name, type: this.type(type) });
    }
    return params;
  }

  result(func: ast.Func, kind: FuncKind): Type | undefined {
    if (kind.kind !== "constructor") return this.optionalType(func.result);
    // Without a type, a constructor returns what it constructs.
    if (func.result === undefined) return kind.resource;
    const result = this.type(func.result);
    if (typeof result === "string" || result.type.kind !== "result") {
      this.#reporter.report({
        code: "invalid",
        message: "if a constructor return type is declared it must be a `result`",
        span: func.result.span,
      });
    } else if (result.type.ok !== kind.resource) {
      const ok = func.result.kind === "result" ? func.result.ok : undefined;
      this.#reporter.report({
        code: "invalid",
        message: "the `ok` type must be the resource being constructed",
        span: (ok ?? func.result).span,
        hint: `write \`result<${kind.resource.name}, ...>\``,
      });
    }
    return result;
  }

  #kind(expr: ast.TypeExpr, stability: Stability | undefined): TypeDefKind {
    switch (expr.kind) {
      case "primitive":
        return { kind: "alias", target: expr.primitive };
      case "name":
        // After an unknown name any type will do: the package has failed.
        return { kind: "alias", target: this.#lookUp(expr) ?? "bool" };
      case "list":
        return { kind: "list", element: this.type(expr.element, stability) };
      case "option":
        return { kind: "option", some: this.type(expr.element, stability) };
      case "fixed-length-list":
        return { kind: expr.kind, element: this.type(expr.element, stability), length: expr.length };
      case "map": {
        const key = this.type(expr.key, stability);
        const value = this.type(expr.value, stability);
        if (typeof key !== "string" || key === "f32" || key === "f64" || key === "error-context") {
          this.#reporter.report({
            code: "invalid",
            message:
              "invalid map key type: map keys must be bool, u8, u16, u32, u64, s8, s16, s32, s64, char, or string",
            span: expr.span,
          });
        }
        return { kind: "map", key, value };
      }
      case "tuple":
        return { kind: "tuple", types: expr.types.map((type) => this.type(type, stability)) };
      case "result": {
        const ok = this.optionalType(expr.ok, stability);
        return { kind: "result", ok, err: this.optionalType(expr.err, stability) };
      }
      case "future":
      case "stream":
        return { kind: expr.kind, element: this.optionalType(expr.element, stability) };
      case "own":
      case "borrow": {
        const resource = this.#resource(expr.resource);
        return resource === undefined ? { kind: "alias", target: "bool" } : { kind: expr.kind, resource };
      }
    }
  }

  #lookUp(name: ast.Id): TypeDef | undefined {
    const entry = this.scope.get(name.name);
    if (entry?.kind === "type") return entry.type;
    if (entry === undefined) {
      this.reportUnknown("name", name);
    } else {
      this.#reporter.report({
        code: "invalid",
        message: `cannot use function \`${name.name}\` as a type`,
        span: name.span,
      });
    }
    return undefined;
  }

  /** The type that a handle is for, which must be, or be another name for, a resource. */
  #resource(name: ast.Id): TypeDef | undefined {
    const type = this.#lookUp(name);
    if (type === undefined) return undefined;
    const root = this.#rootOf(type);
    if (this.foreign.has(root)) {
      this.requiredResources.push({ type: root, span: name.span });
    } else if (root.type.kind !== "resource") {
      this.#reporter.report({
        code: "invalid",
        message: `type \`${name.name}\` used in a handle must be a resource`,
        span: name.span,
      });
    }
    return type;
  }

  #rootOf(type: TypeDef): TypeDef {
    return this.#roots.get(type) ?? type;
  }

  #intern(kind: TypeDefKind, span: Span, stability: Stability | undefined): TypeDefNode {
    const key = this.#key(kind);
    const known = this.#interned.get(key);
    if (known !== undefined) return known;
    const node: TypeDefNode = {
      kind: "type-def",
      name: undefined,
      type: kind,
      owner: undefined,
      docs: undefined,
      stability,
    };
    this.#interned.set(key, this.add(node, span));
    return node;
  }

  /** Equal for equal structure. */
  #key(kind: TypeDefKind): string {
    const length = kind.kind === "fixed-length-list" ? kind.length : "";
    return `${kind.kind} ${length} ${definitionParts(kind).map((part) => this.#partKey(part))}`;
  }

  #partKey(part: Type | undefined): string {
    if (part === undefined) return "_";
    return typeof part === "string" ? part : String(this.#indices.get(part));
  }

  /** `option<T>` is as stable as `T`; of several parts the first that says so decides. */
  #inheritedStability(kind: TypeDefKind): Stability | undefined {
    for (const part of definitionParts(kind)) {
      if (typeof part === "object" && part.stability !== undefined) return part.stability;
    }
    return undefined;
  }

  #labels<T extends ast.Label, R extends object>(
    what: string,
    labels: readonly T[],
    make: (label: T) => R,
  ): R[] {
    const names = new UniqueNames(this.#reporter);
    return labels.map((label) => {
      names.add(label.name, what);
      const made = make(label);
      this.spans.set(made, label.name.span);
      return made;
    });
  }

  #label(label: ast.Label): { name: string; docs: string | undefined } {
    return { name: label.name.name, docs: label.docs };
  }

  #reportEmpty(what: string, name: ast.Id): void {
    this.#reporter.report({ code: "invalid", message: `empty ${what}`, span: name.span });
  }

  /** At most one constructor; methods and statics have names of their own. */
  #checkResourceFuncs(funcs: readonly ast.ResourceFunc[]): void {
    const names = new UniqueNames(this.#reporter);
    let first: ast.Id | undefined;
    for (const { kind, name } of funcs) {
      if (kind !== "constructor") {
        names.add(name, "function");
      } else if (first === undefined) {
        first = name;
      } else {
        this.#reporter.report({
          code: "duplicate",
          message: "a resource has at most one constructor",
          span: name.span,
          related: [{ message: "the first is here", span: first.span }],
        });
      }
    }
  }
}
