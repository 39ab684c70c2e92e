/**
 * Operators whose price depends on a length, and those that grow something: what they do, told to
 * the functions that stand for them.
 */
import { I32, I64 } from "./added-functions.ts";
import type { Allocations } from "./allocations.ts";
import type { BodyWriter } from "./body-writer.ts";
import { ByteBuffer } from "./byte-buffer.ts";
import { ByteReader } from "./byte-reader.ts";
import type { Calls } from "./calls.ts";
import type { OperatorCosts } from "./costs.ts";
import { type Helpers, localGet } from "./helpers.ts";
import type { Bound, Chunked, LengthHelpers, LengthOperator } from "./length-helpers.ts";
import type { Meter } from "./meter.ts";
import type { ModuleLayout } from "./module-layout.ts";
import { SegmentLengths } from "./segment-lengths.ts";

/** A literal length up to this is a part of the price of its block. */
const MAX_LITERAL = 4096;
/** Where only checks count, a block has no price: up to these lengths, the operator takes about as long as any other. */
const MAX_UNCOUNTED_BYTES = 512;
const MAX_UNCOUNTED_ELEMENTS = 1;
/** V8 makes no array of more bytes. References take less than is reckoned with where pointers are compressed. */
const MAX_ARRAY_BYTES = 2 ** 31;

const MEMORY_INIT = 0x08;
const MEMORY_COPY = 0x0a;
const MEMORY_FILL = 0x0b;
const TABLE_INIT = 0x0c;
const TABLE_COPY = 0x0e;
const TABLE_GROW = 0x0f;

const ARRAY_NEW = 0x06;
const ARRAY_NEW_DEFAULT = 0x07;
const ARRAY_NEW_DATA = 0x09;
const ARRAY_NEW_ELEM = 0x0a;
const ARRAY_FILL = 0x10;
const ARRAY_COPY = 0x11;
const ARRAY_INIT_DATA = 0x12;

export interface LengthOperatorsOptions {
  readonly layout: ModuleLayout;
  readonly helpers: Helpers;
  readonly lengthHelpers: LengthHelpers;
  readonly writer: BodyWriter;
  readonly meter: Meter;
  readonly calls: Calls;
  readonly allocations: Allocations;
  readonly costs: OperatorCosts;
  readonly charges: boolean;
  readonly limitGrowth: boolean;
}

/** What an operator has in common with others of its kind; the rest follows from its operands. */
type Description = Pick<LengthOperator, "params" | "bounds"> & Partial<LengthOperator>;

export class LengthOperators {
  readonly #options: LengthOperatorsOptions;
  readonly #segments: SegmentLengths;
  /** Where the value of the `i32.const` just before the current operator is, or -1. */
  literalAt = -1;

  constructor(options: LengthOperatorsOptions) {
    this.#options = options;
    this.#segments = new SegmentLengths(options.layout);
  }

  memoryGrow(at: number, cost: number): void {
    const { calls, helpers, limitGrowth, meter } = this.#options;
    const memory = this.#memory();
    if (!limitGrowth) meter.charge(at, cost);
    else calls.instead(at, cost, helpers.memoryGrow(memory, this.#isMemory64(memory)));
  }

  /** `memory.{init,copy,fill}` and `table.{init,copy,fill,grow}`: opcode 0xfc `sub`. */
  bulkOperator(sub: number, at: number, cost: number): void {
    const { bulkByte, bulkElement } = this.#options.costs;
    switch (sub) {
      case MEMORY_INIT:
      case MEMORY_COPY:
      case MEMORY_FILL: {
        const immediates = this.#memoryImmediates(sub);
        this.#operator(at, cost, bulkByte, [0xfc, sub, ...immediates], () =>
          this.#memoryOperator(sub, immediates),
        );
        return;
      }
      case TABLE_GROW:
        this.#tableGrow(at, cost);
        return;
      default: {
        const immediates = this.#tableImmediates(sub);
        this.#operator(at, cost, bulkElement, [0xfc, sub, ...immediates], () =>
          this.#tableOperator(sub, immediates),
        );
      }
    }
  }

  /** `array.new*`, `array.fill`, `array.copy`, `array.init_*`: opcode 0xfb `sub`. */
  arrayOperator(sub: number, at: number, cost: number): void {
    const { allocations, costs, layout, writer } = this.#options;
    const type = writer.index(layout.types.count, "type");
    let other = 0;
    if (sub === ARRAY_COPY) other = writer.index(layout.types.count, "type");
    else if (sub === ARRAY_NEW_DATA || sub === ARRAY_NEW_ELEM || sub > ARRAY_COPY)
      other = writer.reader.u32();
    if (sub < ARRAY_FILL) allocations.array(at, type);
    const hasOther = sub !== ARRAY_NEW && sub !== ARRAY_NEW_DEFAULT && sub !== ARRAY_FILL;
    const immediates = hasOther ? [type, other] : [type];
    this.#operator(at, cost, costs.bulkElement, [0xfb, sub, ...immediates], () =>
      this.#arrayOperator(sub, type, other),
    );
  }

  #memoryImmediates(sub: number): number[] {
    if (sub === MEMORY_FILL) return [this.#memory()];
    if (sub === MEMORY_COPY) return [this.#memory(), this.#memory()];
    return [this.#options.writer.reader.u32(), this.#memory()];
  }

  #tableImmediates(sub: number): number[] {
    if (sub === TABLE_COPY) return [this.#table(), this.#table()];
    if (sub === TABLE_INIT) return [this.#options.writer.reader.u32(), this.#table()];
    return [this.#table()];
  }

  #memoryOperator(sub: number, [first = 0, second = 0]: readonly number[]): Description {
    if (sub === MEMORY_INIT) {
      const is64 = this.#isMemory64(second);
      return {
        params: [address(is64), address(false), address(false)],
        bounds: [
          { offset: 0, is64, by: 1, limit: memoryBytes(second, is64) },
          { offset: 1, is64: false, by: 1, limit: fixed(this.#segments.data(first)) },
        ],
        chunked: chunked(false, [0, is64], [1, false]),
      };
    }
    const is64 = this.#isMemory64(first);
    if (sub === MEMORY_FILL) {
      return {
        params: [address(is64), address(false), address(is64)],
        bounds: [{ offset: 0, is64, by: 1, limit: memoryBytes(first, is64) }],
        chunked: chunked(false, [0, is64]),
      };
    }
    const from64 = this.#isMemory64(second);
    return {
      params: [address(is64), address(from64), address(is64 && from64)],
      bounds: [
        { offset: 0, is64, by: 1, limit: memoryBytes(first, is64) },
        { offset: 1, is64: from64, by: 1, limit: memoryBytes(second, from64) },
      ],
      chunked: chunked(first === second, [0, is64], [1, from64]),
    };
  }

  #tableOperator(sub: number, [first = 0, second = 0]: readonly number[]): Description {
    const { tables } = this.#options.layout;
    const is64 = (table: number) => tables[table]?.is64 === true;
    const bound = (offset: number, table: number): Bound => ({
      offset,
      is64: is64(table),
      by: 1,
      limit: tableElements(table, is64(table)),
    });
    if (sub === TABLE_INIT) {
      return {
        params: [address(is64(second)), address(false), address(false)],
        bounds: [
          bound(0, second),
          { offset: 1, is64: false, by: 1, limit: fixed(this.#segments.elements(first)) },
        ],
        chunked: chunked(false, [0, is64(second)], [1, false]),
      };
    }
    if (sub === TABLE_COPY) {
      return {
        params: [address(is64(first)), address(is64(second)), address(is64(first) && is64(second))],
        bounds: [bound(0, first), bound(1, second)],
        chunked: chunked(first === second, [0, is64(first)], [1, is64(second)]),
      };
    }
    const element = tables[first]?.elementType ?? address(false);
    return {
      params: [address(is64(first)), element, address(is64(first))],
      bounds: [bound(0, first)],
      chunked: chunked(false, [0, is64(first)]),
    };
  }

  #arrayOperator(sub: number, type: number, other: number): Description {
    const i32 = address(false);
    const element = this.#element(type);
    const array = reference(0x63, type);
    const result = reference(0x64, type);
    const maxLength = Math.floor(MAX_ARRAY_BYTES / element.size);
    switch (sub) {
      case ARRAY_NEW:
        return { params: [element.unpacked, i32], result, maxLength, bounds: [] };
      case ARRAY_NEW_DEFAULT:
        return { params: [i32], result, maxLength, bounds: [] };
      case ARRAY_NEW_DATA: {
        const most = Math.floor(this.#segments.data(other) / element.size);
        return { params: [i32, i32], result, maxLength: most, bounds: [] };
      }
      case ARRAY_NEW_ELEM: {
        const most = this.#segments.elements(other);
        return { params: [i32, i32], result, maxLength: most, bounds: [] };
      }
      case ARRAY_FILL:
        return {
          params: [array, i32, element.unpacked, i32],
          bounds: [arrayElements(1, 0)],
          notNull: [0],
          chunked: chunked(false, [1, false]),
        };
      case ARRAY_COPY:
        return {
          params: [array, i32, reference(0x63, other), i32, i32],
          bounds: [arrayElements(1, 0), arrayElements(3, 2)],
          notNull: [0, 2],
          chunked: chunked(true, [1, false], [3, false]),
        };
      default: {
        // array.init_data, array.init_elem: an offset into data is in bytes
        const isData = sub === ARRAY_INIT_DATA;
        const by = isData ? element.size : 1;
        const limit = fixed(isData ? this.#segments.data(other) : this.#segments.elements(other));
        return {
          params: [array, i32, i32, i32],
          bounds: [arrayElements(1, 0), { offset: 2, is64: false, by, limit }],
          notNull: [0],
          chunked: chunked(false, [1, false], [2, false, by]),
        };
      }
    }
  }

  #element(type: number): { readonly unpacked: Uint8Array; readonly size: number } {
    const { bytes, types } = this.#options.layout;
    const storage = bytes.subarray(types.paramsStart[type], types.paramsEnd[type]);
    const isPacked = storage[0] === 0x78 || storage[0] === 0x77;
    return { unpacked: isPacked ? address(false) : storage, size: types.sizes[type] || 1 };
  }

  #tableGrow(at: number, cost: number): void {
    const { calls, helpers, layout, limitGrowth, meter } = this.#options;
    const table = this.#table();
    const info = layout.tables[table];
    if (!info || (!limitGrowth && !meter.active)) return;
    calls.instead(at, cost, helpers.tableGrow(table, info));
  }

  /** The operator at `at`, which `code` encodes. */
  #operator(
    at: number,
    cost: number,
    unitCost: number,
    code: readonly number[],
    describe: () => Description,
  ): void {
    const { calls, charges, lengthHelpers, meter } = this.#options;
    const isBytes = code[0] === 0xfc && (code[1] ?? 0) <= MEMORY_FILL;
    const literal = this.#literal(isBytes);
    if (!meter.live || (charges && unitCost === 0)) {
      meter.charge(at, cost);
      return;
    }
    if (literal !== undefined) {
      meter.charge(at, cost + literal * unitCost);
      return;
    }
    const description = describe();
    const length = description.params.at(-1);
    const target = lengthHelpers.operator({
      name: operatorName(code),
      result: undefined,
      lengthIs64: length?.[0] === I64,
      notNull: [],
      maxLength: undefined,
      chunked: undefined,
      isBytes,
      unitCost,
      emit: (out) => {
        const [prefix = 0, ...rest] = code;
        out.u8(prefix);
        for (const part of rest) out.u32(part);
      },
      ...description,
    });
    calls.insteadByRegister(at, cost, target);
  }

  /** The operator's length, if it is a small literal. */
  #literal(isBytes: boolean): number | undefined {
    if (this.literalAt < 0) return undefined;
    const uncounted = isBytes ? MAX_UNCOUNTED_BYTES : MAX_UNCOUNTED_ELEMENTS;
    const most = this.#options.charges ? MAX_LITERAL : uncounted;
    const value = new ByteReader(this.#options.writer.reader.bytes, this.literalAt).s32() >>> 0;
    return value <= most ? value : undefined;
  }

  #isMemory64(memory: number): boolean {
    return this.#options.layout.memoryIs64[memory] === true;
  }

  #memory(): number {
    const { layout, writer } = this.#options;
    return writer.index(layout.memoryIs64.length, "memory");
  }

  #table(): number {
    const { layout, writer } = this.#options;
    return writer.index(layout.tables.length, "table");
  }
}

const BULK_NAMES: readonly (string | undefined)[] = [
  ...new Array<undefined>(MEMORY_INIT),
  "memory.init",
  undefined,
  "memory.copy",
  "memory.fill",
  "table.init",
  undefined,
  "table.copy",
  "table.grow",
  undefined,
  "table.fill",
];
const ARRAY_NAMES: readonly (string | undefined)[] = [
  ...new Array<undefined>(ARRAY_NEW),
  "array.new",
  "array.new_default",
  undefined,
  "array.new_data",
  "array.new_elem",
  ...new Array<undefined>(ARRAY_FILL - ARRAY_NEW_ELEM - 1),
  "array.fill",
  "array.copy",
  "array.init_data",
  "array.init_elem",
];

/** The operator's name and immediates, as in a trap's stack. */
function operatorName([prefix, sub = 0, ...immediates]: readonly number[]): string {
  const names = prefix === 0xfb ? ARRAY_NAMES : BULK_NAMES;
  return [names[sub] ?? "", ...immediates].join(" ");
}

function address(is64: boolean): Uint8Array {
  return Uint8Array.of(is64 ? I64 : I32);
}

/** The encoded type of a reference to values of type `type`: 0x63 is nullable, 0x64 is not. */
function reference(code: number, type: number): Uint8Array {
  const out = new ByteBuffer();
  out.u8(code);
  out.s32(type);
  return out.view();
}

function chunked(
  overlaps: boolean,
  ...offsets: readonly [operand: number, is64: boolean, by?: number][]
): Chunked {
  return { overlaps, offsets: offsets.map(([operand, is64, by = 1]) => ({ operand, is64, by })) };
}

function memoryBytes(memory: number, is64: boolean): Bound["limit"] {
  return (code) => {
    code.u8(0x3f); // memory.size
    code.u32(memory);
    if (!is64) code.u8(0xad); // i64.extend_i32_u
    code.u8(0x42); // i64.const 16
    code.u8(16);
    code.u8(0x86); // i64.shl
  };
}

function tableElements(table: number, is64: boolean): Bound["limit"] {
  return (code) => {
    code.u8(0xfc); // table.size
    code.u32(0x10);
    code.u32(table);
    if (!is64) code.u8(0xad);
  };
}

function fixed(limit: number): Bound["limit"] {
  return (code) => {
    code.u8(0x42);
    code.s64(BigInt(limit));
  };
}

/** The offset in operand `offset` is into the array in operand `array`. */
function arrayElements(offset: number, array: number): Bound {
  return {
    offset,
    is64: false,
    by: 1,
    limit: (code) => {
      localGet(code, array);
      code.u8(0xfb); // array.len
      code.u32(0x0f);
      code.u8(0xad);
    },
  };
}
