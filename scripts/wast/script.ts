/**
 * A `.wast` script as a list of directives. The text of modules and components is left to a text
 * parser, values are left as S-expressions: core and component scripts write them differently.
 *
 * Source: the reference interpreter's README, "Scripts"; wasm-tools' `wast` crate for components.
 */
import { head, parseSExprs, type SExpr, SExprError, type SNode } from "./sexpr.ts";

/** A module or component, in whichever form the script gives it. */
export interface Definition {
  readonly kind: "module" | "component";
  readonly name: string | undefined;
  readonly line: number;
  readonly source:
    | { readonly format: "text"; readonly text: string }
    | { readonly format: "quote"; readonly text: string }
    | { readonly format: "binary"; readonly bytes: Uint8Array };
}

export interface Invoke {
  readonly kind: "invoke";
  readonly module: string | undefined;
  readonly field: string;
  readonly args: readonly SExpr[];
}

export interface Get {
  readonly kind: "get";
  readonly module: string | undefined;
  readonly field: string;
}

export type Action = Invoke | Get;

export type Directive = { readonly line: number } & (
  | { readonly kind: "instantiate"; readonly definition: Definition }
  | { readonly kind: "define"; readonly definition: Definition }
  | { readonly kind: "instance"; readonly name: string | undefined; readonly definition: string | undefined }
  | { readonly kind: "register"; readonly as: string; readonly module: string | undefined }
  | { readonly kind: "action"; readonly action: Action }
  | { readonly kind: "assert_return"; readonly action: Action; readonly results: readonly SExpr[] }
  | { readonly kind: "assert_trap"; readonly action: Action | Definition; readonly message: string }
  | { readonly kind: "assert_exhaustion"; readonly action: Action; readonly message: string }
  | { readonly kind: "assert_exception"; readonly action: Action }
  | {
      readonly kind: "assert_invalid" | "assert_malformed" | "assert_unlinkable";
      readonly definition: Definition;
      readonly message: string;
    }
  | { readonly kind: "assert_fuel"; readonly fuel: bigint; readonly definition: Definition }
  | { readonly kind: "unknown"; readonly keyword: string }
);

/** What a script consists of that is one module, without the parentheses around it. */
const MODULE_FIELDS: ReadonlySet<string> = new Set(
  "type import func table memory global export start elem data tag rec".split(" "),
);

/**
 * Parses a script.
 *
 * @throws SExprError if it is not well-formed.
 */
export function parseScript(source: string): Directive[] {
  const lists = parseSExprs(source);
  if (lists.some((list) => MODULE_FIELDS.has(head(list)))) {
    const text = `(module ${source}\n)`;
    const definition: Definition = {
      kind: "module",
      name: undefined,
      line: 1,
      source: { format: "text", text },
    };
    return [{ kind: "instantiate", line: 1, definition }];
  }
  return lists.map((list) => directive(source, list));
}

function directive(source: string, list: SExpr): Directive {
  const { line } = list;
  const keyword = head(list);
  const [, first, second] = list.items;
  switch (keyword) {
    case "module":
    case "component":
      return definitionDirective(source, list);
    case "register": {
      const module = second?.kind === "atom" ? second.text : undefined;
      return { kind: "register", line, as: text(first, line), module };
    }
    case "invoke":
    case "get":
      return { kind: "action", line, action: action(list) };
    case "assert_return": {
      const results = list.items.slice(2).map((item) => asList(item, line));
      return { kind: keyword, line, action: action(asList(first, line)), results };
    }
    case "assert_trap": {
      const what = asList(first, line);
      const isAction = head(what) === "invoke" || head(what) === "get";
      return {
        kind: keyword,
        line,
        action: isAction ? action(what) : definition(source, what),
        message: text(second, line),
      };
    }
    case "assert_exhaustion":
      return { kind: keyword, line, action: action(asList(first, line)), message: text(second, line) };
    case "assert_exception":
      return { kind: keyword, line, action: action(asList(first, line)) };
    case "assert_invalid":
    case "assert_malformed":
    case "assert_unlinkable": {
      const subject = definition(source, asList(first, line));
      return { kind: keyword, line, definition: subject, message: text(second, line) };
    }
    case "assert_fuel": {
      if (first?.kind !== "atom") throw new SExprError(`line ${line}: expected an amount of fuel`);
      return {
        kind: keyword,
        line,
        fuel: BigInt(first.text),
        definition: definition(source, asList(second, line)),
      };
    }
    default:
      return { kind: "unknown", line, keyword };
  }
}

function definitionDirective(source: string, list: SExpr): Directive {
  const { line } = list;
  const modifier = list.items[1];
  if (modifier?.kind === "atom" && modifier.text === "instance") {
    const [name, of] = list.items.slice(2).map((item) => (item.kind === "atom" ? item.text : undefined));
    return { kind: "instance", line, name, definition: of };
  }
  const isDefinition = modifier?.kind === "atom" && modifier.text === "definition";
  return {
    kind: isDefinition ? "define" : "instantiate",
    line,
    definition: definition(source, list),
  };
}

function definition(source: string, list: SExpr): Definition {
  const kind = head(list);
  if (kind !== "module" && kind !== "component") {
    throw new SExprError(`line ${list.line}: expected a module or a component`);
  }
  let items = list.items.slice(1);
  const takeAtom = (accepts: (text: string) => boolean) => {
    const item = items[0];
    if (item?.kind !== "atom" || !accepts(item.text)) return undefined;
    items = items.slice(1);
    return item.text;
  };
  const isDefinition = takeAtom((atom) => atom === "definition") !== undefined;
  const name = takeAtom((atom) => atom.startsWith("$"));
  const format = takeAtom((atom) => atom === "binary" || atom === "quote");
  const { line } = list;
  if (format === "binary") {
    return { kind, name, line, source: { format, bytes: concat(items, line) } };
  }
  if (format === "quote") {
    // Offsets do not matter, so the strings are joined by spaces, as the reference interpreter does.
    const body = items.map((item) => text(item, line)).join(" ");
    const isWhole = body.trimStart().startsWith(`(${kind}`);
    return { kind, name, line, source: { format, text: isWhole ? body : `(${kind} ${body})` } };
  }
  const whole = source.slice(list.start, list.end);
  const plain = isDefinition ? whole.replace(/^(\(\s*\w+)\s+definition/, "$1") : whole;
  return { kind, name, line, source: { format: "text", text: plain } };
}

function action(list: SExpr): Action {
  const kind = head(list);
  if (kind !== "invoke" && kind !== "get") throw new SExprError(`line ${list.line}: expected an action`);
  let items = list.items.slice(1);
  const first = items[0];
  const module = first?.kind === "atom" ? first.text : undefined;
  if (module !== undefined) items = items.slice(1);
  const field = text(items[0], list.line);
  if (kind === "get") return { kind, module, field };
  return { kind, module, field, args: items.slice(1).map((item) => asList(item, list.line)) };
}

function asList(node: SNode | undefined, line: number): SExpr {
  if (node?.kind !== "list") throw new SExprError(`line ${line}: expected a list`);
  return node;
}

function text(node: SNode | undefined, line: number): string {
  if (node?.kind !== "string") throw new SExprError(`line ${line}: expected a string`);
  return new TextDecoder().decode(node.bytes);
}

function concat(nodes: readonly SNode[], line: number): Uint8Array {
  const parts = nodes.map((node) => {
    if (node.kind !== "string") throw new SExprError(`line ${line}: expected a string`);
    return node.bytes;
  });
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
