/**
 * The instrumenter: core wasm in, core wasm with limits compiled into it out.
 *
 * JavaScript cannot interrupt a running wasm function, so metering and caps are rewritten into core
 * modules before V8 sees them. The rewritten module imports, under `importModule` (a name that the
 * guest itself does not import from), what `InstrumentedModule` lists.
 */
export type { CodeLocation, DefinedLimits, InstrumentedModule, InstrumentOptions } from "./contract.ts";
export type { OperatorCosts, OperatorGroup } from "./costs.ts";
export { costsKey, DEFAULT_OPERATOR_COSTS, resolveOperatorCosts } from "./costs.ts";
export { instrument } from "./instrument.ts";
