/**
 * Size and alignment of value types for 64-bit pointers, as the limit on value sizes is stated.
 *
 * Source: CanonicalABI.md, "Alignment" and "Element Size".
 */
import type { ValueType } from "../../model/value-type.ts";

export interface Layout {
  readonly bytes: number;
  readonly align: number;
}

const POINTER = 8;

/** `elem_size` and `alignment`; `of` gives those of the parts. Sizes stay exact far beyond the limit. */
export function valueLayout(type: ValueType, of: (part: ValueType) => Layout): Layout {
  switch (type.kind) {
    case "bool":
    case "s8":
    case "u8":
      return { bytes: 1, align: 1 };
    case "s16":
    case "u16":
      return { bytes: 2, align: 2 };
    case "s32":
    case "u32":
    case "f32":
    case "char":
    case "error-context":
    case "own":
    case "borrow":
    case "stream":
    case "future":
      return { bytes: 4, align: 4 };
    case "s64":
    case "u64":
    case "f64":
      return { bytes: 8, align: 8 };
    case "string":
    case "list":
    case "map":
      return { bytes: 2 * POINTER, align: POINTER };
    case "fixed-length-list": {
      const element = of(type.element);
      return { bytes: type.length * element.bytes, align: element.align };
    }
    case "record":
      return recordLayout(type.fields.map((field) => of(field.type)));
    case "tuple":
      return recordLayout(type.elements.map(of));
    case "flags": {
      const bytes = type.names.length <= 8 ? 1 : type.names.length <= 16 ? 2 : 4;
      return { bytes, align: bytes };
    }
    case "enum":
      return variantLayout(type.names.length, []);
    case "variant":
      return variantLayout(
        type.cases.length,
        type.cases.map((c) => (c.type === undefined ? undefined : of(c.type))),
      );
    case "option":
      return variantLayout(2, [of(type.some)]);
    case "result":
      return variantLayout(
        2,
        [type.ok, type.err].map((part) => (part === undefined ? undefined : of(part))),
      );
  }
}

function recordLayout(parts: readonly Layout[]): Layout {
  let bytes = 0;
  let align = 1;
  for (const part of parts) {
    bytes = alignTo(bytes, part.align) + part.bytes;
    align = Math.max(align, part.align);
  }
  return { bytes: alignTo(bytes, align), align };
}

function variantLayout(cases: number, payloads: readonly (Layout | undefined)[]): Layout {
  const discriminant = cases <= 1 << 8 ? 1 : cases <= 1 << 16 ? 2 : 4;
  let payloadBytes = 0;
  let payloadAlign = 1;
  for (const payload of payloads) {
    payloadBytes = Math.max(payloadBytes, payload?.bytes ?? 0);
    payloadAlign = Math.max(payloadAlign, payload?.align ?? 1);
  }
  const align = Math.max(discriminant, payloadAlign);
  return { bytes: alignTo(alignTo(discriminant, payloadAlign) + payloadBytes, align), align };
}

function alignTo(offset: number, align: number): number {
  return Math.ceil(offset / align) * align;
}
