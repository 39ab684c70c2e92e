/**
 * Types in WIT syntax, for messages.
 *
 * A component's types have no names, so records and variants are written out in place. A type can be as large
 * as the component that states it: text is cut off once a message has had enough of it.
 */
import type { ExternType } from "./extern-type.ts";
import type { CaseType, FuncType, ResultType, ValueType } from "./value-type.ts";

/** Characters after which a type is cut off. */
const ENOUGH = 400;

/** `func(name: string, value: u64) -> result<u32, string>` */
export function printFuncType(type: FuncType): string {
  const printer = new Printer();
  printer.func(type);
  return printer.text();
}

export function printValueType(type: ValueType): string {
  const printer = new Printer();
  printer.value(type);
  return printer.text();
}

/** One line that says what an import or export is. */
export function printExternType(type: ExternType): string {
  switch (type.kind) {
    case "func":
      return printFuncType(type);
    case "type":
      return type.type.kind === "resource" ? "resource" : "type";
    case "value":
      return printValueType(type.type);
    case "instance":
    case "component":
    case "module":
      return type.kind;
  }
}

class Printer {
  #text = "";

  text(): string {
    return this.#text.length > ENOUGH ? `${this.#text.slice(0, ENOUGH)}...` : this.#text;
  }

  func(type: FuncType): void {
    this.#add(type.async ? "async func(" : "func(");
    this.#list(type.params, (param) => this.#field(param.name, param.type));
    this.#add(")");
    if (type.result !== undefined) {
      this.#add(" -> ");
      this.value(type.result);
    }
  }

  value(type: ValueType): void {
    switch (type.kind) {
      case "list":
        this.#generic("list", [type.element]);
        break;
      case "fixed-length-list":
        this.#add("list<");
        this.value(type.element);
        this.#add(`, ${type.length}>`);
        break;
      case "map":
        this.#generic("map", [type.key, type.value]);
        break;
      case "tuple":
        this.#generic("tuple", type.elements);
        break;
      case "option":
        this.#generic("option", [type.some]);
        break;
      case "result":
        this.#result(type);
        break;
      case "stream":
      case "future":
        if (type.element === undefined) this.#add(type.kind);
        else this.#generic(type.kind, [type.element]);
        break;
      case "record":
        this.#braces("record", type.fields, (field) => this.#field(field.name, field.type));
        break;
      case "variant":
        this.#braces("variant", type.cases, (c) => this.#case(c));
        break;
      case "enum":
      case "flags":
        this.#braces(type.kind, type.names, (name) => this.#add(name));
        break;
      case "own":
        this.#add(type.resource.name);
        break;
      case "borrow":
        this.#add(`borrow<${type.resource.name}>`);
        break;
      default:
        this.#add(type.kind);
    }
  }

  #result({ ok, err }: ResultType): void {
    if (ok === undefined && err === undefined) this.#add("result");
    else this.#generic("result", err === undefined ? [ok] : [ok, err]);
  }

  #case({ name, type }: CaseType): void {
    this.#add(name);
    if (type === undefined) return;
    this.#add("(");
    this.value(type);
    this.#add(")");
  }

  #add(text: string): void {
    if (this.#text.length <= ENOUGH) this.#text += text;
  }

  #field(name: string, type: ValueType): void {
    this.#add(`${name}: `);
    this.value(type);
  }

  #generic(name: string, types: readonly (ValueType | undefined)[]): void {
    this.#add(`${name}<`);
    this.#list(types, (type) => (type === undefined ? this.#add("_") : this.value(type)));
    this.#add(">");
  }

  #braces<T>(name: string, items: readonly T[], print: (item: T) => void): void {
    this.#add(`${name} { `);
    this.#list(items, print);
    this.#add(" }");
  }

  #list<T>(items: readonly T[], print: (item: T) => void): void {
    for (const [i, item] of items.entries()) {
      if (this.#text.length > ENOUGH) return;
      if (i > 0) this.#add(", ");
      print(item);
    }
  }
}
