/**
 * WIT types as TypeScript writes them in place, for code that a user is given to paste: the shapes that the generator
 * gives names to (DESIGN.md, "WIT to TypeScript").
 */
import { typedArrayOf } from "../abi/host-size.ts";
import { isNestedOption } from "../abi/value-check.ts";
import { camelCase } from "../model/names.ts";
import type { FuncType, ValueType } from "../model/value-type.ts";

/** Types that are larger, or nested deeper, are `unknown`: nobody would want to read them. */
const MAX_PARTS = 64;
const MAX_DEPTH = 8;
/** In characters: names can be long. */
const MAX_TEXT = 2000;

/** Up to this length a fixed-length list is a tuple. */
const MAX_TUPLE_LENGTH = 16;

/** What a function that the host defines returns: an `err` is thrown. */
export function returnTypeOf({ result }: FuncType): string {
  const returned = result?.kind === "result" ? result.ok : result;
  return returned === undefined ? "void" : typescriptType(returned);
}

export function typescriptType(type: ValueType): string {
  const printer = new Printer();
  const text = printer.value(type, 0);
  return printer.parts > MAX_PARTS || text.length > MAX_TEXT ? "unknown" : text;
}

class Printer {
  parts = 0;

  value(type: ValueType, depth: number): string {
    this.parts++;
    if (this.parts > MAX_PARTS || depth > MAX_DEPTH) return "unknown";
    const inner = (part: ValueType): string => this.value(part, depth + 1);
    switch (type.kind) {
      case "bool":
        return "boolean";
      case "s64":
      case "u64":
        return "bigint";
      case "s8":
      case "u8":
      case "s16":
      case "u16":
      case "s32":
      case "u32":
      case "f32":
      case "f64":
        return "number";
      case "char":
      case "string":
        return "string";
      case "list":
        return typedArrayOf(type) ?? `Array<${inner(type.element)}>`;
      case "fixed-length-list": {
        const before = this.parts;
        const element = inner(type.element);
        if (type.length > MAX_TUPLE_LENGTH) return `Array<${element}>`;
        // Tuples in tuples multiply.
        this.parts += (this.parts - before) * (type.length - 1);
        if (this.parts > MAX_PARTS) return "unknown";
        return `[${Array<string>(type.length).fill(element).join(", ")}]`;
      }
      case "map":
        return `Map<${inner(type.key)}, ${inner(type.value)}>`;
      case "tuple":
        return `[${this.#each(type.elements, inner).join(", ")}]`;
      case "record":
        return braces(this.#each(type.fields, (field) => this.#field(field.name, field.type, inner)));
      case "flags":
        return braces(this.#each(type.names, (name) => `${key(name)}?: boolean | undefined`));
      case "enum":
        return this.#each(type.names, (name) => JSON.stringify(name)).join(" | ");
      case "variant":
        return this.#each(type.cases, (c) => tagged(c.name, c.type && inner(c.type))).join(" | ");
      case "option":
        return isNestedOption(type)
          ? `${tagged("some", inner(type.some))} | ${tagged("none", undefined)}`
          : `${inner(type.some)} | undefined`;
      case "result":
        return `${resultCase("ok", type.ok && inner(type.ok))} | ${resultCase("err", type.err && inner(type.err))}`;
      case "own":
      case "borrow":
        return "object";
      case "stream":
      case "future":
      case "error-context":
        return "unknown";
    }
  }

  /** Stops when there is enough: a record can have as many fields as the component has bytes. */
  #each<T>(items: readonly T[], print: (item: T) => string): string[] {
    const printed: string[] = [];
    for (const item of items) {
      this.parts++;
      if (this.parts > MAX_PARTS) return ["unknown"];
      printed.push(print(item));
    }
    return printed;
  }

  #field(name: string, type: ValueType, print: (type: ValueType) => string): string {
    const optional = type.kind === "option" && !isNestedOption(type) ? "?" : "";
    return `${key(name)}${optional}: ${print(type)}`;
  }
}

function key(name: string): string {
  const camel = camelCase(name);
  return /^[A-Za-z][A-Za-z0-9]*$/.test(camel) ? camel : JSON.stringify(camel);
}

function braces(members: readonly string[]): string {
  return members.length === 0 ? "object" : `{ ${members.join("; ")} }`;
}

function tagged(tag: string, val: string | undefined): string {
  return braces([`tag: ${JSON.stringify(tag)}`, ...(val === undefined ? [] : [`val: ${val}`])]);
}

function resultCase(tag: string, val: string | undefined): string {
  return braces([`tag: ${JSON.stringify(tag)}`, val === undefined ? "val?: void" : `val: ${val}`]);
}
