/** What a value type is made of. */
import { casesOf, fieldTypesOf } from "../model/layout.ts";
import type { ValueType } from "../model/value-type.ts";

/** The types directly inside a type. */
export function partsOf(type: ValueType): readonly ValueType[] {
  switch (type.kind) {
    case "record":
    case "tuple":
      return fieldTypesOf(type);
    case "variant":
    case "option":
    case "result":
      return casesOf(type).filter((payload) => payload !== undefined);
    case "list":
    case "fixed-length-list":
      return [type.element];
    case "map":
      return [type.key, type.value];
    case "stream":
    case "future":
      return type.element === undefined ? [] : [type.element];
    default:
      return [];
  }
}

/** Whether a type of that kind is in `type`, or is it. */
export function contains(type: ValueType, kind: ValueType["kind"], seen = new Set<ValueType>()): boolean {
  if (type.kind === kind) return true;
  if (seen.has(type)) return false;
  seen.add(type);
  return partsOf(type).some((part) => contains(part, kind, seen));
}
