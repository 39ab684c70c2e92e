/** Which types the glue can be compiled for. */
import { UnsupportedError } from "../model/errors.ts";
import { fieldTypesOf } from "../model/layout.ts";
import { valueParts } from "../model/type-parts.ts";
import type { FuncType, ValueType } from "../model/value-type.ts";
import { MAX_TYPE_DEPTH } from "./limits.ts";

/**
 * Refuses types that this version has no glue for, and those too deep for code that recurses over types.
 * One instance remembers the types that it has passed, so that shared parts are looked at once.
 */
export class SupportCheck {
  readonly #heights = new Map<ValueType, number>();

  /** @throws UnsupportedError */
  func(type: FuncType): void {
    if (type.async) throw new UnsupportedError("async functions");
    for (const param of type.params) this.#height(param.type, 0);
    if (type.result !== undefined) this.#height(type.result, 0);
  }

  /** How many levels `type` has; `depth` levels are around it. */
  #height(type: ValueType, depth: number): number {
    if (depth > MAX_TYPE_DEPTH) throw tooDeep();
    const known = this.#heights.get(type);
    if (known !== undefined) {
      if (depth + known > MAX_TYPE_DEPTH) throw tooDeep();
      return known;
    }
    refuse(type);
    let height = 0;
    for (const part of valueParts(type)) {
      if (part !== undefined) height = Math.max(height, 1 + this.#height(part, depth + 1));
    }
    this.#heights.set(type, height);
    return height;
  }
}

function tooDeep(): UnsupportedError {
  return new UnsupportedError(`types nested more than ${MAX_TYPE_DEPTH} levels deep`);
}

function refuse(type: ValueType): void {
  switch (type.kind) {
    case "stream":
    case "future":
      throw new UnsupportedError(`${type.kind} types`);
    case "error-context":
      throw new UnsupportedError("error-context");
    case "record":
    case "tuple":
      if (fieldTypesOf(type).length === 0) throw new UnsupportedError(`empty ${type.kind} types`);
      break;
    case "variant":
      if (type.cases.length === 0) throw new UnsupportedError("empty variant types");
      break;
    case "enum":
    case "flags":
      if (type.names.length === 0) throw new UnsupportedError(`empty ${type.kind} types`);
      break;
    case "fixed-length-list":
      if (type.length === 0) throw new UnsupportedError("fixed-length lists of length 0");
      break;
    default:
      break;
  }
}
