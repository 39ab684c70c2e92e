/**
 * Functions that keep what is inserted into the guest's own code small: the slow path of a check, the
 * charge for a bulk operator, and asking before growth. All but the slow path find the count in the
 * global and leave it there.
 */
import { type AddedFunctions, I32, I64 } from "./added-functions.ts";
import type { ByteBuffer } from "./byte-buffer.ts";
import type { OperatorCosts } from "./costs.ts";
import type { TableInfo } from "./module-layout.ts";

const EMPTY_BLOCK = 0x40;

/**
 * V8 inlines functions of up to 500 bytes where it has seen them called often enough. The slow path
 * must stay a call: a loop with more code in it is neither peeled nor unrolled.
 */
const UNINLINABLE_SIZE = 512;

/** What an object on V8's heap takes besides its fields. */
export const OBJECT_BYTES = 32;

/** Where the imports of the host ended up in the rewritten module's index spaces. */
export interface HostImports {
  readonly fuelGlobal: number;
  readonly check: number;
  readonly memoryGrow: number;
  readonly tableGrow: number;
  readonly heapGlobal: number;
  readonly heapGrow: number;
}

export interface HelpersOptions {
  readonly added: AddedFunctions;
  readonly imports: HostImports;
  readonly meters: boolean;
  readonly limitGrowth: boolean;
  readonly costs: OperatorCosts;
}

export class Helpers {
  readonly #options: HelpersOptions;

  constructor(options: HelpersOptions) {
    this.#options = options;
  }

  /** `(param i64) (result i64)`: gives the count to the host, returns the new one. */
  slowCheck(): number {
    const { added, imports } = this.#options;
    return added.function(
      "check",
      () => added.type([I64], 1, [I64], 1),
      (code) => {
        localGet(code, 0);
        globalSet(code, imports.fuelGlobal);
        call(code, imports.check);
        globalGet(code, imports.fuelGlobal);
        code.append(new Uint8Array(UNINLINABLE_SIZE).fill(0x01)); // nop
      },
    );
  }

  /** The operator `memory.grow` for one memory, asking the host first. */
  memoryGrow(memory: number, is64: boolean): number {
    const { added, imports } = this.#options;
    const at = is64 ? I64 : I32;
    return added.function(
      `memory.grow ${memory}`,
      () => added.type([at], 1, [at], 1),
      (code) => {
        askToGrow(code, memory, imports.memoryGrow, 0, is64);
        localGet(code, 0);
        code.u8(0x40); // memory.grow
        code.u32(memory);
      },
    );
  }

  /** The operator `table.grow` for one table, asking the host and paying first; a growth that fails costs nothing. */
  tableGrow(table: number, info: TableInfo): number {
    const { added, imports, meters, limitGrowth, costs } = this.#options;
    const at = info.is64 ? I64 : I32;
    const cost = meters ? costs.bulkElement : 0;
    const result = 2;
    return added.function(
      `table.grow ${table}`,
      () => added.type([...info.elementType, at], 2, [at], 1),
      (code) => {
        if (limitGrowth) askToGrow(code, table, imports.tableGrow, 1, info.is64);
        if (cost > 0) this.#charge(code, 1, info.is64, cost);
        localGet(code, 0);
        localGet(code, 1);
        code.u8(0xfc); // table.grow
        code.u32(0x0f);
        code.u32(table);
        if (cost === 0) return;
        code.u8(0x22); // local.tee
        code.u32(result);
        constant(code, info.is64, -1);
        code.u8(info.is64 ? 0x51 : 0x46); // eq
        ifThen(code, () => {
          globalGet(code, imports.fuelGlobal);
          lengthCost(code, 1, info.is64, cost);
          code.u8(0x7c); // i64.add
          globalSet(code, imports.fuelGlobal);
        });
        localGet(code, result);
      },
      [at],
    );
  }

  /** `(param i64)`: pays for so many bytes of V8's heap. */
  allocate(): number {
    const { added, imports } = this.#options;
    return added.function(
      "allocate",
      () => added.type([I64], 1, [], 0),
      (code) => {
        globalGet(code, imports.heapGlobal);
        localGet(code, 0);
        code.u8(0x7d); // i64.sub
        globalSet(code, imports.heapGlobal);
        globalGet(code, imports.heapGlobal);
        constant(code, true, 0);
        code.u8(0x53); // i64.lt_s
        ifThen(code, () => call(code, imports.heapGrow));
      },
    );
  }

  /** `(param $n i32) (result i32)`: pays for an array of `$n` elements, and gives `$n` back. */
  allocateArray(elementSize: number): number {
    const { added } = this.#options;
    const allocate = this.allocate();
    return added.function(
      `allocate array of ${elementSize}`,
      () => added.type([I32], 1, [I32], 1),
      (code) => {
        localGet(code, 0);
        code.u8(0xad); // i64.extend_i32_u
        constant(code, true, elementSize);
        code.u8(0x7e); // i64.mul
        constant(code, true, OBJECT_BYTES);
        code.u8(0x7c); // i64.add
        call(code, allocate);
        localGet(code, 0);
      },
    );
  }

  /** A start function that pays `cost` and then calls `start`, if there is one. */
  startUp(cost: bigint, start: number | undefined): number {
    const { added } = this.#options;
    return added.function(
      "start",
      () => added.type([], 0, [], 0),
      (code) => {
        this.chargeFixed(code, cost);
        if (start !== undefined) call(code, start);
      },
    );
  }

  /** Takes `cost` out of the global, and checks. */
  chargeFixed(code: ByteBuffer, cost: bigint): void {
    const { fuelGlobal } = this.#options.imports;
    globalGet(code, fuelGlobal);
    code.u8(0x42);
    code.s64(cost);
    code.u8(0x7d); // i64.sub
    globalSet(code, fuelGlobal);
    this.#checkGlobal(code);
  }

  /** Takes the price of local `length` out of the global, and checks. */
  #charge(code: ByteBuffer, length: number, is64: boolean, cost: number): void {
    const { fuelGlobal } = this.#options.imports;
    globalGet(code, fuelGlobal);
    lengthCost(code, length, is64, cost);
    code.u8(0x7d);
    globalSet(code, fuelGlobal);
    this.#checkGlobal(code);
  }

  #checkGlobal(code: ByteBuffer): void {
    const { fuelGlobal, check } = this.#options.imports;
    globalGet(code, fuelGlobal);
    constant(code, true, 0);
    code.u8(0x53); // i64.lt_s
    ifThen(code, () => call(code, check));
  }
}

/** Goes on if growth by local `delta` is by zero or granted; else returns -1 from the function. */
function askToGrow(code: ByteBuffer, index: number, ask: number, delta: number, is64: boolean): void {
  localGet(code, delta);
  code.u8(is64 ? 0x50 : 0x45); // eqz
  code.u8(0x45); // i32.eqz
  ifThen(code, () => {
    constant(code, false, index);
    localGet(code, delta);
    if (!is64) code.u8(0xad); // i64.extend_i32_u
    call(code, ask);
    code.u8(0x45);
    ifThen(code, () => {
      constant(code, is64, -1);
      code.u8(0x0f); // return
    });
  });
}

/** Pushes the price of local `length` as i64. An i64 length is capped, far above any memory, so that nothing overflows. */
function lengthCost(code: ByteBuffer, length: number, is64: boolean, cost: number): void {
  localGet(code, length);
  if (is64) {
    const cap = 1n << 40n;
    code.u8(0x42);
    code.s64(cap);
    localGet(code, length);
    code.u8(0x42);
    code.s64(cap);
    code.u8(0x54); // i64.lt_u
    code.u8(0x1b); // select
  } else {
    code.u8(0xad);
  }
  if (cost !== 1) {
    code.u8(0x42);
    code.s64(BigInt(cost));
    code.u8(0x7e); // i64.mul
  }
}

export function localGet(code: ByteBuffer, local: number): void {
  code.u8(0x20);
  code.u32(local);
}

export function globalGet(code: ByteBuffer, global: number): void {
  code.u8(0x23);
  code.u32(global);
}

export function globalSet(code: ByteBuffer, global: number): void {
  code.u8(0x24);
  code.u32(global);
}

export function call(code: ByteBuffer, index: number): void {
  code.u8(0x10);
  code.u32(index);
}

function constant(code: ByteBuffer, is64: boolean, value: number): void {
  code.u8(is64 ? 0x42 : 0x41);
  code.s32(value);
}

function ifThen(code: ByteBuffer, body: () => void): void {
  code.u8(0x04);
  code.u8(EMPTY_BLOCK);
  body();
  code.u8(0x0b);
}
