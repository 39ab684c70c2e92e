/**
 * The functions that the rewriter adds to a module, made when first asked for.
 *
 * They keep what is inserted into the guest's own code small: the slow path of a check, the charge
 * for a bulk operator, and asking before growth.
 */
import { ByteBuffer } from "./byte-buffer.ts";
import type { OperatorCosts } from "./costs.ts";
import type { TableInfo } from "./module-layout.ts";

export const I32 = 0x7f;
export const I64 = 0x7e;
const EMPTY_BLOCK = 0x40;

/** Where the imports of the host ended up in the rewritten module's index spaces. */
export interface HostImports {
  readonly fuelGlobal: number;
  readonly check: number;
  readonly memoryGrow: number;
  readonly tableGrow: number;
}

export interface AddedFunction {
  readonly name: string;
  readonly type: number;
  /** Locals and code, without the size in front. */
  readonly body: Uint8Array;
}

export interface AddedFunctionsOptions {
  readonly firstFunction: number;
  readonly firstType: number;
  readonly imports: HostImports;
  readonly meters: boolean;
  readonly limitGrowth: boolean;
  readonly costs: OperatorCosts;
}

export class AddedFunctions {
  /** Encoded types to append to the type section. */
  readonly types: Uint8Array[] = [];
  readonly functions: AddedFunction[] = [];
  readonly #options: AddedFunctionsOptions;
  readonly #typeIndices = new Map<string, number>();
  readonly #functionIndices = new Map<string, number>();

  constructor(options: AddedFunctionsOptions) {
    this.#options = options;
  }

  /** The index of a function type; `params` and `results` are concatenated value types. */
  type(
    params: readonly number[],
    paramCount: number,
    results: readonly number[],
    resultCount: number,
  ): number {
    const encoded = new ByteBuffer();
    encoded.u8(0x60);
    encoded.u32(paramCount);
    encoded.append(Uint8Array.from(params));
    encoded.u32(resultCount);
    encoded.append(Uint8Array.from(results));
    const bytes = encoded.view();
    const key = bytes.join();
    let index = this.#typeIndices.get(key);
    if (index === undefined) {
      index = this.#options.firstType + this.types.length;
      this.types.push(bytes);
      this.#typeIndices.set(key, index);
    }
    return index;
  }

  /** `(param i64) (result i64)`: the slow path of a check: gives the count to the host, returns the new one. */
  slowCheck(): number {
    return this.#function("check", () => {
      const { fuelGlobal, check } = this.#options.imports;
      const type = this.type([I64], 1, [I64], 1);
      return this.#body(type, (code) => {
        code.u8(0x20); // local.get 0
        code.u32(0);
        code.u8(0x24); // global.set
        code.u32(fuelGlobal);
        code.u8(0x10); // call
        code.u32(check);
        code.u8(0x23); // global.get
        code.u32(fuelGlobal);
      });
    });
  }

  /**
   * `(param $n) (result $n)`: pays for `$n` bytes or elements out of the global, and gives `$n` back.
   * To be called with the counter written back.
   */
  chargeLength(is64: boolean, cost: number): number {
    return this.#function(`charge ${is64 ? "i64" : "i32"} ${cost}`, () => {
      const type = is64 ? this.type([I64], 1, [I64], 1) : this.type([I32], 1, [I32], 1);
      return this.#body(type, (code) => {
        this.#charge(code, 0, is64, cost);
        code.u8(0x20);
        code.u32(0);
      });
    });
  }

  /** The operator `memory.grow` for one memory, asking the host first. */
  memoryGrow(memory: number, is64: boolean): number {
    return this.#function(`memory.grow ${memory}`, () => {
      const at = is64 ? I64 : I32;
      const type = this.type([at], 1, [at], 1);
      return this.#body(type, (code) => {
        this.#askToGrow(code, memory, this.#options.imports.memoryGrow, 0, is64);
        code.u8(0x20);
        code.u32(0);
        code.u8(0x40); // memory.grow
        code.u32(memory);
      });
    });
  }

  /** The operator `table.grow` for one table, asking the host and paying first; a growth that fails costs nothing. */
  tableGrow(table: number, info: TableInfo): number {
    return this.#function(`table.grow ${table}`, () => {
      const { imports, meters, limitGrowth, costs } = this.#options;
      const at = info.is64 ? I64 : I32;
      const type = this.type([...info.elementType, at], 2, [at], 1);
      return this.#body(type, (code) => {
        if (limitGrowth) this.#askToGrow(code, table, imports.tableGrow, 1, info.is64);
        const pays = meters && costs.bulkElement > 0;
        if (pays) this.#charge(code, 1, info.is64, costs.bulkElement);
        code.u8(0x20);
        code.u32(0);
        code.u8(0x20);
        code.u32(1);
        code.u8(0xfc); // table.grow
        code.u32(0x0f);
        code.u32(table);
        if (!pays) return;
        code.u8(0x22); // local.tee 1 would lose the length: the result goes to local 2
        code.u32(2);
        constant(code, info.is64, -1);
        code.u8(info.is64 ? 0x51 : 0x46); // eq
        ifThen(code, () => {
          code.u8(0x23);
          code.u32(imports.fuelGlobal);
          this.#lengthCost(code, 1, info.is64, costs.bulkElement);
          code.u8(0x7c); // i64.add
          code.u8(0x24);
          code.u32(imports.fuelGlobal);
        });
        code.u8(0x20);
        code.u32(2);
      }, meters ? at : undefined);
    });
  }

  /** A start function that pays `cost` and then calls `start`, if there is one. */
  startUp(cost: bigint, start: number | undefined): number {
    return this.#function("start", () => {
      const { fuelGlobal } = this.#options.imports;
      return this.#body(this.type([], 0, [], 0), (code) => {
        code.u8(0x23);
        code.u32(fuelGlobal);
        code.u8(0x42);
        code.s64(cost);
        code.u8(0x7d); // i64.sub
        code.u8(0x24);
        code.u32(fuelGlobal);
        this.#checkGlobal(code);
        if (start !== undefined) {
          code.u8(0x10);
          code.u32(start);
        }
      });
    });
  }

  /** Returns 0 steps on if growth by local `delta` is by zero or granted; else returns -1 from the function. */
  #askToGrow(code: ByteBuffer, index: number, ask: number, delta: number, is64: boolean): void {
    code.u8(0x20);
    code.u32(delta);
    code.u8(is64 ? 0x50 : 0x45); // eqz
    code.u8(0x45); // i32.eqz
    ifThen(code, () => {
      constant(code, false, index);
      code.u8(0x20);
      code.u32(delta);
      if (!is64) code.u8(0xad); // i64.extend_i32_u
      code.u8(0x10);
      code.u32(ask);
      code.u8(0x45);
      ifThen(code, () => {
        constant(code, is64, -1);
        code.u8(0x0f); // return
      });
    });
  }

  /** Takes the price of local `length` out of the global, and checks. */
  #charge(code: ByteBuffer, length: number, is64: boolean, cost: number): void {
    const { fuelGlobal } = this.#options.imports;
    code.u8(0x23);
    code.u32(fuelGlobal);
    this.#lengthCost(code, length, is64, cost);
    code.u8(0x7d);
    code.u8(0x24);
    code.u32(fuelGlobal);
    this.#checkGlobal(code);
  }

  #checkGlobal(code: ByteBuffer): void {
    const { fuelGlobal, check } = this.#options.imports;
    code.u8(0x23);
    code.u32(fuelGlobal);
    code.u8(0x42);
    code.s32(0);
    code.u8(0x53); // i64.lt_s
    ifThen(code, () => {
      code.u8(0x10);
      code.u32(check);
    });
  }

  /** Pushes the price of local `length` as i64. An i64 length is capped, far above any memory, so that nothing overflows. */
  #lengthCost(code: ByteBuffer, length: number, is64: boolean, cost: number): void {
    const cap = 1n << 40n;
    code.u8(0x20);
    code.u32(length);
    if (is64) {
      code.u8(0x42);
      code.s64(cap);
      code.u8(0x20);
      code.u32(length);
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

  #function(name: string, make: () => { type: number; body: Uint8Array }): number {
    let index = this.#functionIndices.get(name);
    if (index === undefined) {
      const made = make();
      index = this.#options.firstFunction + this.functions.length;
      this.functions.push({ name, ...made });
      this.#functionIndices.set(name, index);
    }
    return index;
  }

  #body(type: number, emit: (code: ByteBuffer) => void, local?: number): { type: number; body: Uint8Array } {
    const code = new ByteBuffer();
    if (local === undefined) {
      code.u32(0);
    } else {
      code.u32(1);
      code.u32(1);
      code.u8(local);
    }
    emit(code);
    code.u8(0x0b);
    return { type, body: code.view() };
  }
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
