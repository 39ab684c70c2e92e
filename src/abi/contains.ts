/** What is in a value type. */
import { valueParts } from "../model/type-parts.ts";
import type { ValueType } from "../model/value-type.ts";

/** Whether a type of that kind is in `type`, or is it. */
export function contains(type: ValueType, kind: ValueType["kind"], seen = new Set<ValueType>()): boolean {
  if (type.kind === kind) return true;
  if (seen.has(type)) return false;
  seen.add(type);
  return valueParts(type).some((part) => part !== undefined && contains(part, kind, seen));
}
