/**
 * What generated code may import from the runtime, all of it from one door.
 *
 * The generator writes no other import than these, and the runtime's door exports exactly these (a
 * test on each side holds it), so the two cannot drift apart.
 */

/** The module that generated code imports from; in this package, `src/runtime/bindings.ts`. */
export const bindingsModule = "hostwright/runtime/bindings";

export const bindingsSymbols = {
  /** Imported with `import type`. */
  types: [
    "Caller",
    "Component",
    "ErrorContext",
    "Instance",
    "Linker",
    "ResourceType",
    "Result",
    "Store",
    "Tracer",
    "TypedFunc",
    "ValueType",
  ],
  /** Imported as values; `types` is the namespace of `src/model/types.ts`. */
  values: [
    "ComponentError",
    "fromResult",
    "fromResultAsync",
    "mapErrors",
    "mapErrorsAsync",
    "resultMembers",
    "toResult",
    "toResultAsync",
    "traced",
    "tracedCall",
    "types",
  ],
} as const;

export type BindingsType = (typeof bindingsSymbols.types)[number];
export type BindingsValue = (typeof bindingsSymbols.values)[number];
