/**
 * Operators whose price depends on a length, and those that grow something.
 */
import type { BodyWriter } from "./body-writer.ts";
import type { Calls } from "./calls.ts";
import type { OperatorCosts } from "./costs.ts";
import type { Helpers } from "./helpers.ts";
import type { Meter } from "./meter.ts";
import type { ModuleLayout } from "./module-layout.ts";

export interface LengthOperatorsOptions {
  readonly layout: ModuleLayout;
  readonly helpers: Helpers;
  readonly writer: BodyWriter;
  readonly meter: Meter;
  readonly calls: Calls;
  readonly costs: OperatorCosts;
  readonly limitGrowth: boolean;
}

export class LengthOperators {
  readonly #options: LengthOperatorsOptions;

  constructor(options: LengthOperatorsOptions) {
    this.#options = options;
  }

  memoryGrow(at: number, cost: number): void {
    const { calls, helpers, layout, limitGrowth, meter } = this.#options;
    const memory = this.#memory();
    if (!limitGrowth) meter.charge(at, cost);
    else calls.instead(at, cost, helpers.memoryGrow(memory, layout.memoryIs64[memory] as boolean));
  }

  /** `memory.{init,copy,fill}` and `table.{init,copy,fill,grow}`: opcode 0xfc `sub`. */
  bulkOperator(sub: number, at: number, cost: number): void {
    const { costs, layout, writer } = this.#options;
    const isMemory64 = (index: number) => layout.memoryIs64[index] as boolean;
    const isTable64 = (index: number) => layout.tables[index]?.is64 === true;
    switch (sub) {
      case 0x08: // memory.init
        writer.reader.u32();
        this.#memory();
        this.#charge(at, cost, false, costs.bulkByte);
        return;
      case 0x0a: {
        // memory.copy
        const target = this.#memory();
        const source = this.#memory();
        this.#charge(at, cost, isMemory64(target) && isMemory64(source), costs.bulkByte);
        return;
      }
      case 0x0b: // memory.fill
        this.#charge(at, cost, isMemory64(this.#memory()), costs.bulkByte);
        return;
      case 0x0c: // table.init
        writer.reader.u32();
        this.#table();
        this.#charge(at, cost, false, costs.bulkElement);
        return;
      case 0x0e: {
        // table.copy
        const target = this.#table();
        const source = this.#table();
        this.#charge(at, cost, isTable64(target) && isTable64(source), costs.bulkElement);
        return;
      }
      case 0x0f: // table.grow
        this.#tableGrow(at, cost);
        return;
      default: // table.fill
        this.#charge(at, cost, isTable64(this.#table()), costs.bulkElement);
    }
  }

  /** `array.new*`, `array.fill`, `array.copy`, `array.init_*`: opcode 0xfb `sub`. */
  arrayOperator(sub: number, at: number, cost: number): void {
    const { costs, layout, writer } = this.#options;
    writer.index(layout.types.count, "type");
    if (sub === 0x11) writer.index(layout.types.count, "type");
    else if (sub === 0x09 || sub === 0x0a || sub >= 0x12) writer.reader.u32();
    this.#charge(at, cost, false, costs.bulkElement);
  }

  #tableGrow(at: number, cost: number): void {
    const { calls, helpers, layout, limitGrowth, meter } = this.#options;
    const table = this.#table();
    const info = layout.tables[table];
    if (!info || (!limitGrowth && !meter.active)) return;
    calls.instead(at, cost, helpers.tableGrow(table, info));
  }

  /** The operator at `at` pays `unit` for each byte or element of the length on top of the stack. */
  #charge(at: number, cost: number, is64: boolean, unit: number): void {
    const { calls, helpers, meter } = this.#options;
    if (!meter.live || unit === 0) meter.charge(at, cost);
    else calls.before(at, cost, helpers.chargeLength(is64, unit));
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
