/**
 * What each group of operators costs in fuel.
 *
 * Source of the default: wasmtime's `OperatorCost` (`wasmtime_environ::tunables`): 0 for nop, drop,
 * block, loop, unreachable, return, else and end, 1 for every other operator, 1 for entering a
 * function, and 1 per byte or element that a bulk operator touches.
 */
import { ConfigError } from "../model/errors.ts";

/** The default table, in units of fuel; its keys are the groups. */
const defaults = {
  /** Entering a function. */
  functionEntry: 1,
  /** `nop`, `drop`, `block`, `loop`, `unreachable`, `return`, `else`, `end`, `delegate`. */
  structure: 0,
  /** `if`, `br`, `br_if`, `br_table`, `br_on_null`, `br_on_non_null`, `br_on_cast`, `br_on_cast_fail`. */
  branch: 1,
  /** `call`, `call_indirect`, `call_ref` and their `return_` forms. */
  call: 1,
  /** `try`, `catch`, `catch_all`, `try_table`, `throw`, `throw_ref`, `rethrow`. */
  exception: 1,
  /** `select`. */
  select: 1,
  /** `local.get`, `local.set`, `local.tee`. */
  local: 1,
  /** `global.get`, `global.set`. */
  global: 1,
  /** `i32.const`, `i64.const`, `f32.const`, `f64.const`, `v128.const`. */
  constant: 1,
  /** Scalar arithmetic, comparisons and conversions. */
  numeric: 1,
  /** Vector instructions other than loads and stores. */
  simd: 1,
  /** Loads and stores of every kind, and `memory.size`. */
  memory: 1,
  /** Atomic accesses, `atomic.fence`, `memory.atomic.wait*` and `notify`. */
  atomic: 1,
  /** `table.get`, `table.set`, `table.size`. */
  table: 1,
  /** `memory.grow`, `table.grow`. */
  grow: 1,
  /** The fixed part of `memory.{fill,copy,init}`, `data.drop`, `table.{fill,copy,init}`, `elem.drop`. */
  bulk: 1,
  /** Each byte that `memory.fill`, `memory.copy` or `memory.init` touches. */
  bulkByte: 1,
  /** Each element that `table.{fill,copy,init,grow}` or an `array` bulk operator touches or makes. */
  bulkElement: 1,
  /** `ref.*`, `any.convert_extern`, `extern.convert_any`, `i31.get_*`. */
  reference: 1,
  /** `struct.*`, and the fixed part of `array.*`. */
  aggregate: 1,
} as const;

/** A group of operators that cost the same. */
export type OperatorGroup = keyof typeof defaults;

/** Units of fuel per operator of each group. */
export type OperatorCosts = Readonly<Record<OperatorGroup, number>>;

/** wasmtime's costs. */
export const DEFAULT_OPERATOR_COSTS: OperatorCosts = Object.freeze({ ...defaults });

/** A cost above this would let one bulk operator overflow the 64-bit counter. */
const MAX_OPERATOR_COST = 1_000_000;

/** Every endless loop goes through one of these: were they free, it would never reach a limit, nor look at the deadline. */
const NEVER_FREE: ReadonlySet<OperatorGroup> = new Set(["branch", "call", "exception"]);

/**
 * The full table for a partial one: what is left out costs what it costs by default.
 *
 * @throws ConfigError if a group is unknown, or a cost is not a whole number from 0 (from 1 for `branch`,
 *   `call` and `exception`) to 1,000,000.
 */
export function resolveOperatorCosts(
  partial: Partial<Record<OperatorGroup, number>> | undefined,
): OperatorCosts {
  const costs: Record<OperatorGroup, number> = { ...defaults };
  for (const [group, cost] of Object.entries(partial ?? {})) {
    if (!isOperatorGroup(group)) {
      throw new ConfigError(
        `operatorCost: unknown group ${JSON.stringify(group)}; the groups are ${Object.keys(defaults).join(", ")}`,
      );
    }
    if (cost === undefined) continue;
    const min = NEVER_FREE.has(group) ? 1 : 0;
    if (!Number.isInteger(cost) || cost < min || cost > MAX_OPERATOR_COST) {
      throw new ConfigError(
        `operatorCost.${group}: expected a whole number from ${min} to ${MAX_OPERATOR_COST}, got ${String(cost)}`,
      );
    }
    costs[group] = cost;
  }
  return Object.freeze(costs);
}

function isOperatorGroup(name: string): name is OperatorGroup {
  return Object.hasOwn(defaults, name);
}

/**
 * Names a table of costs: the same for two that charge alike, in every version that has the same groups. A module
 * that was rewritten with one table must not run where another one holds.
 *
 * ```ts
 * costsKey(DEFAULT_OPERATOR_COSTS); // "aggregate=1,atomic=1,branch=1,..."
 * ```
 */
export function costsKey(costs: OperatorCosts): string {
  const groups = Object.keys(defaults).filter(isOperatorGroup).sort();
  return groups.map((group) => `${group}=${costs[group]}`).join(",");
}
