/// <reference lib="esnext.disposable" preserve="true" />
/**
 * The door that generated bindings import from, and nothing else does: exactly the symbols in
 * `model/bindings-symbols.ts`.
 */
export { ComponentError } from "../abi/component-error.ts";
export * as types from "../model/types.ts";
export type { ResourceType, ValueType } from "../model/value-type.ts";
export type { Caller } from "./caller.ts";
export type { Component } from "./component.ts";
export type { ErrorContext } from "./error-context.ts";
export type { TypedFunc } from "./func.ts";
export { mapErrors, mapErrorsAsync } from "./generated/map-errors.ts";
export { fromResult, fromResultAsync, type Result, toResult, toResultAsync } from "./generated/result.ts";
export { resultMembers } from "./generated/result-members.ts";
export { type Tracer, traced, tracedCall } from "./generated/tracing.ts";
export type { Instance } from "./instance.ts";
export type { Linker } from "./linker.ts";
export type { Store } from "./store.ts";
