/// <reference lib="esnext.disposable" preserve="true" />
/**
 * The runtime: components in limited stores.
 *
 * @example
 * const engine = new Engine({ consumeFuel: true });
 * const component = await Component.fromFile(engine, "guest.wasm");
 * const linker = new Linker<undefined>(engine);
 * const store = new Store(engine, undefined, { fuel: 1_000_000n });
 * linker.instantiate(store, component).getFunc("run")?.call();
 */
export { ComponentError } from "../abi/component-error.ts";
export { ValueError } from "../abi/value-error.ts";
export type { OperatorCosts, OperatorGroup } from "../instrument/index.ts";
export {
  ConfigError,
  HostwrightError,
  MalformedComponentError,
  UnsupportedError,
} from "../model/errors.ts";
export type { ExternType } from "../model/extern-type.ts";
export * as types from "../model/types.ts";
export type { FuncType, ResourceType, ValueType } from "../model/value-type.ts";
export type { Caller } from "./caller.ts";
export { Component } from "./component.ts";
export { Engine, type EngineConfig, type EpochTicker } from "./engine.ts";
export {
  LimitError,
  LinkError,
  PoolConcurrencyLimitError,
  StoreDisposedError,
  StorePoisonedError,
} from "./errors.ts";
export { Func, type TypedFunc } from "./func.ts";
export type { Result } from "./generated/result.ts";
export type { TracedCall, TracedOutcome, Tracer } from "./generated/tracing.ts";
export type { ImportFilter } from "./import-filter.ts";
export { Instance } from "./instance.ts";
export { InstancePre } from "./instance-pre.ts";
export type { ResourceLimiter, StoreLimits } from "./limits.ts";
export type { ImportExplanation, LinkExplanation } from "./link-explanation.ts";
export { Linker } from "./linker.ts";
export { LinkerInstance } from "./linker-instance.ts";
export type { PoolingAllocatorMetrics } from "./pool/metrics.ts";
export type { PoolingAllocationConfig } from "./pool/pooling-config.ts";
export { Store, type StoreOptions } from "./store.ts";
export { Trap, type TrapCode, type WasmFrame } from "./trap.ts";
export { GiB, KiB, MiB } from "./units.ts";
