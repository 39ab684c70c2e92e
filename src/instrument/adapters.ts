/**
 * Adapters between functions that hand the count on in different ways.
 */
import { type Abi, FREE, PLAIN, REGISTER } from "./abi.ts";
import { type AddedFunctions, I64 } from "./added-functions.ts";
import type { ByteBuffer } from "./byte-buffer.ts";
import { call, globalGet, globalSet, type Helpers, localGet } from "./helpers.ts";
import type { ModuleLayout } from "./module-layout.ts";

export interface AdaptersOptions {
  readonly layout: ModuleLayout;
  readonly abi: Abi;
  readonly added: AddedFunctions;
  readonly helpers: Helpers;
  readonly fuelGlobal: number;
  mapFunction(index: number): number;
}

export class Adapters {
  readonly #options: AdaptersOptions;
  readonly #registerTypes = new Map<number, number>();

  constructor(options: AdaptersOptions) {
    this.#options = options;
  }

  /** The type of a function of the guest's type `type` that takes and returns the count. */
  registerType(type: number): number {
    let index = this.#registerTypes.get(type);
    if (index === undefined) {
      const { types, bytes } = this.#options.layout;
      const params = bytes.subarray(types.paramsStart[type], types.paramsEnd[type]);
      const results = bytes.subarray(types.resultsStart[type], types.resultsEnd[type]);
      index = this.#options.added.type(
        [...params, I64],
        (types.params[type] as number) + 1,
        [...results, I64],
        (types.results[type] as number) + 1,
      );
      this.#registerTypes.set(type, index);
    }
    return index;
  }

  /** The function that stands for the guest's function `index` outside of the module: it has the guest's type, and meters. */
  outside(index: number): number {
    const { abi, added, layout, helpers, fuelGlobal, mapFunction } = this.#options;
    const target = mapFunction(index);
    const kind = abi.kind(index);
    if (kind !== REGISTER && kind !== FREE) return target;
    const type = layout.functionTypes[index] as number;
    return added.function(
      `enter ${index}`,
      () => type,
      (code) => {
        if (kind === FREE) {
          helpers.chargeFixed(code, BigInt(abi.adapterCost(index)));
          this.#forwardParams(code, type);
          call(code, target);
          return;
        }
        this.#forwardParams(code, type);
        globalGet(code, fuelGlobal);
        call(code, target);
        globalSet(code, fuelGlobal);
      },
    );
  }

  /** The function that references to the guest's function `index` refer to. */
  reference(index: number): number {
    const { abi, added, layout, fuelGlobal, mapFunction } = this.#options;
    if (!abi.registerReferences) return this.outside(index);
    const target = mapFunction(index);
    const kind = abi.kind(index);
    if (kind !== PLAIN && kind !== FREE) return target;
    const type = layout.functionTypes[index] as number;
    const count = layout.types.params[type] as number;
    return added.function(
      `refer ${index}`,
      () => this.registerType(type),
      (code) => {
        if (kind === PLAIN) {
          localGet(code, count);
          globalSet(code, fuelGlobal);
        }
        this.#forwardParams(code, type);
        call(code, target);
        if (kind === PLAIN) {
          globalGet(code, fuelGlobal);
          return;
        }
        localGet(code, count);
        code.u8(0x42);
        code.s64(BigInt(abi.adapterCost(index)));
        code.u8(0x7d); // i64.sub
      },
    );
  }

  #forwardParams(code: ByteBuffer, type: number): void {
    const count = this.#options.layout.types.params[type] as number;
    for (let i = 0; i < count; i++) localGet(code, i);
  }
}
