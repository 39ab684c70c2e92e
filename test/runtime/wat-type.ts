/** Types of components in text format. */
import type { ValueType } from "../../src/model/value-type.ts";

/** A type in WAT, and the named types that it needs: records and the like may not be written in place. */
export class WatType {
  readonly #definitions: string[] = [];

  /** Imports the named types, in an interface: jco knows no other way to them. */
  imports(): string {
    const aliases = this.#definitions.map((_, i) => `(alias export $types "t${i}" (type $t${i}))`);
    return `(import "a:b/types" (instance $types ${this.#definitions.join(" ")})) ${aliases.join(" ")}`;
  }

  /** The named types, to be declared in an instance type, in this order. */
  definitions(): readonly string[] {
    return this.#definitions;
  }

  of(type: ValueType): string {
    switch (type.kind) {
      case "list":
        return `(list ${this.of(type.element)})`;
      case "fixed-length-list":
        return `(list ${this.of(type.element)} ${type.length})`;
      case "map":
        return `(map ${this.of(type.key)} ${this.of(type.value)})`;
      case "tuple":
        return `(tuple ${type.elements.map((element) => this.of(element)).join(" ")})`;
      case "option":
        return `(option ${this.of(type.some)})`;
      case "result": {
        const ok = type.ok === undefined ? "" : ` ${this.of(type.ok)}`;
        return `(result${ok}${type.err === undefined ? "" : ` (error ${this.of(type.err)})`})`;
      }
      case "record":
        return this.#name(
          `(record ${type.fields.map((f) => `(field "${f.name}" ${this.of(f.type)})`).join(" ")})`,
        );
      case "variant":
        return this.#name(
          `(variant ${type.cases.map((c) => `(case "${c.name}"${c.type ? ` ${this.of(c.type)}` : ""})`).join(" ")})`,
        );
      case "enum":
      case "flags":
        return this.#name(`(${type.kind} ${type.names.map((name) => `"${name}"`).join(" ")})`);
      default:
        return type.kind;
    }
  }

  #name(definition: string): string {
    const index = this.#definitions.length;
    this.#definitions.push(
      `(type $d${index} ${definition}) (export "t${index}" (type $t${index} (eq $d${index})))`,
    );
    return `$t${index}`;
  }
}
