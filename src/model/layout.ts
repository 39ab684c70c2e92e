/**
 * How values lie in linear memory: size, alignment, field offsets, discriminants.
 *
 * Source: CanonicalABI.md, "Despecialization", "Alignment" and "Element Size". Pointers are 32 bits, if not told otherwise.
 */
import { UnsupportedError } from "./errors.ts";
import type {
  EnumType,
  OptionType,
  RecordType,
  ResultType,
  TupleType,
  ValueType,
  VariantType,
} from "./value-type.ts";

/** Flags of one type: they travel in one `i32`. */
export const MAX_FLAGS = 32;

/** In bytes. */
export interface Layout {
  readonly size: number;
  readonly alignment: number;
}

export interface FieldsLayout extends Layout {
  readonly offsets: readonly number[];
}

export interface VariantLayout extends Layout {
  readonly discriminantSize: 1 | 2 | 4;
  readonly payloadOffset: number;
}

export type VariantLike = VariantType | EnumType | OptionType | ResultType;

/** The payload types of the cases, in the order of their discriminants (`despecialize`). */
export function casesOf(type: VariantLike): readonly (ValueType | undefined)[] {
  switch (type.kind) {
    case "variant":
      return type.cases.map((c) => c.type);
    case "enum":
      return type.names.map(() => undefined);
    case "option":
      return [undefined, type.some];
    case "result":
      return [type.ok, type.err];
  }
}

/** The types of the fields of a record, or the elements of a tuple. */
export function fieldTypesOf(type: RecordType | TupleType): readonly ValueType[] {
  return type.kind === "record" ? type.fields.map((f) => f.type) : type.elements;
}

/** Source: `discriminant_type`. */
export function discriminantSize(cases: number): 1 | 2 | 4 {
  if (cases <= 0x100) return 1;
  if (cases <= 0x1_0000) return 2;
  return 4;
}

/** Source: `elem_size_flags`. */
export function flagsSize(count: number): 1 | 2 | 4 {
  if (count > MAX_FLAGS) {
    throw new UnsupportedError("flags types with more than 32 flags");
  }
  if (count <= 8) return 1;
  if (count <= 16) return 2;
  return 4;
}

/** Source: `align_to`. */
function alignTo(offset: number, alignment: number): number {
  return Math.ceil(offset / alignment) * alignment;
}

/** The layouts of a set of types, each computed once however often it is shared. */
export class Layouts {
  readonly #known = new Map<ValueType, Layout>();
  readonly #pointerPair: Layout;

  /** @param pointerSize in bytes */
  constructor(pointerSize: 4 | 8 = 4) {
    this.#pointerPair = { size: 2 * pointerSize, alignment: pointerSize };
  }

  /** Source: `elem_size`, `alignment`. */
  of(type: ValueType): Layout {
    const known = this.#known.get(type);
    if (known !== undefined) return known;
    const layout = this.#compute(type);
    this.#known.set(type, layout);
    return layout;
  }

  /** The layout of `types` one after the other. Source: `elem_size_record`, `alignment_record`. */
  fields(types: readonly ValueType[]): FieldsLayout {
    let size = 0;
    let alignment = 1;
    const offsets: number[] = [];
    for (const type of types) {
      const field = this.of(type);
      size = alignTo(size, field.alignment);
      offsets.push(size);
      size += field.size;
      alignment = Math.max(alignment, field.alignment);
    }
    return { size: alignTo(size, alignment), alignment, offsets };
  }

  /** Source: `elem_size_variant`, `alignment_variant`, `max_case_alignment`. */
  variant(cases: readonly (ValueType | undefined)[]): VariantLayout {
    const discriminant = discriminantSize(cases.length);
    let payloadSize = 0;
    let payloadAlignment = 1;
    for (const type of cases) {
      if (type === undefined) continue;
      const payload = this.of(type);
      payloadSize = Math.max(payloadSize, payload.size);
      payloadAlignment = Math.max(payloadAlignment, payload.alignment);
    }
    const payloadOffset = alignTo(discriminant, payloadAlignment);
    const alignment = Math.max(discriminant, payloadAlignment);
    return {
      size: alignTo(payloadOffset + payloadSize, alignment),
      alignment,
      discriminantSize: discriminant,
      payloadOffset,
    };
  }

  #compute(type: ValueType): Layout {
    switch (type.kind) {
      case "bool":
      case "s8":
      case "u8":
        return { size: 1, alignment: 1 };
      case "s16":
      case "u16":
        return { size: 2, alignment: 2 };
      case "s32":
      case "u32":
      case "f32":
      case "char":
      case "error-context":
      case "own":
      case "borrow":
      case "stream":
      case "future":
        return { size: 4, alignment: 4 };
      case "s64":
      case "u64":
      case "f64":
        return { size: 8, alignment: 8 };
      case "string":
      case "list":
      case "map":
        return this.#pointerPair;
      case "fixed-length-list": {
        const element = this.of(type.element);
        return { size: element.size * type.length, alignment: element.alignment };
      }
      case "flags": {
        const size = flagsSize(type.names.length);
        return { size, alignment: size };
      }
      case "record":
      case "tuple":
        return this.fields(fieldTypesOf(type));
      case "variant":
      case "enum":
      case "option":
      case "result":
        return this.variant(casesOf(type));
    }
  }
}
