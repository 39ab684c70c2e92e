/**
 * Where a core script runs: instances by name, registered modules, and the `spectest` host module.
 */
import { BitsAdapter } from "./bits-adapter.ts";
import { matchesBits, type NumConst, type Pattern, parsePattern, type RefConst } from "./core-values.ts";
import { exportResultTypes } from "./export-types.ts";
import type { Action } from "./script.ts";
import type { SExpr } from "./sexpr.ts";

/** How an action ended. */
export type Outcome =
  | { readonly kind: "returned"; readonly matches: boolean; readonly shown: string }
  | { readonly kind: "threw"; readonly error: unknown };

/** Instantiates the bytes of a module against imports. */
export type Instantiate = (bytes: Uint8Array, imports: WebAssembly.Imports) => WebAssembly.Exports;

/** A host value that scripts speak of as `(ref.extern n)` or `(ref.host n)`. */
class HostValue {
  readonly id: number;

  constructor(id: number) {
    this.id = id;
  }
}

/** A script speaks of an instance that could not be made. */
export class NoInstanceError extends Error {
  override readonly name = "NoInstanceError";
}

export class CoreWorld {
  readonly #instantiate: Instantiate;
  readonly #imports: Record<string, WebAssembly.ModuleImports> = { spectest: spectest() };
  readonly #instances = new Map<string, WebAssembly.Exports>();
  readonly #hostValues = new Map<number, HostValue>();
  readonly #bits = new BitsAdapter();
  /** The codes of the result types of exported functions. */
  readonly #resultTypes = new WeakMap<object, Uint8Array>();
  #current: WebAssembly.Exports | undefined;

  constructor(instantiate: Instantiate) {
    this.#instantiate = instantiate;
  }

  instantiate(bytes: Uint8Array, name: string | undefined): void {
    this.#current = undefined;
    const exports = this.#instantiate(bytes, this.#imports);
    this.#current = exports;
    for (const [field, types] of exportResultTypes(bytes)) {
      this.#resultTypes.set(exports[field] as WebAssembly.ExportValue & object, types);
    }
    if (name !== undefined) this.#instances.set(name, exports);
  }

  register(as: string, name: string | undefined): void {
    this.#imports[as] = this.#find(name) as WebAssembly.ModuleImports;
  }

  /** Runs an action, and matches what it gives against `expected`. */
  perform(action: Action, expected: readonly SExpr[]): Outcome {
    const patterns = expected.map(parsePattern);
    const item = this.#find(action.module)[action.field];
    try {
      if (action.kind === "get") {
        const value = (item as WebAssembly.Global).value;
        return matchValues([value], patterns, this.#hostValues);
      }
      return this.#invoke(item, action.args.map(parsePattern), patterns);
    } catch (error) {
      return { kind: "threw", error };
    }
  }

  /** Calls by way of bits if the function's type allows it: JavaScript has no v128 and no fixed NaNs. */
  #invoke(target: unknown, args: readonly Pattern[], patterns: readonly Pattern[]): Outcome {
    if (typeof target !== "function") throw new Error("no such function is exported");
    const numbers = args.filter((arg) => arg.kind === "num");
    const results = this.#resultTypes.get(target);
    const seen = patterns.some((pattern) => pattern.kind === "ref" && pattern.what !== "ref.null");
    const bits =
      results && numbers.length === args.length && !seen
        ? this.#bits.call(target, numbers, results)
        : undefined;
    if (bits) {
      const matches =
        patterns.length === 0 ||
        (bits.length === patterns.length &&
          bits.every((value, i) => {
            const pattern = patterns[i] as Pattern;
            return pattern.kind === "ref" ? value === 1n : matchesBits(value, pattern);
          }));
      return { kind: "returned", matches, shown: bits.map((value) => `0x${value.toString(16)}`).join(" ") };
    }
    const returned: unknown = target(...args.map((arg) => this.#toJs(arg)));
    const values = Array.isArray(returned) ? returned : returned === undefined ? [] : [returned];
    return matchValues(patterns.length === 1 ? [returned] : values, patterns, this.#hostValues);
  }

  #toJs(arg: Pattern): unknown {
    if (arg.kind === "num") return numToJs(arg);
    if (arg.kind !== "ref" || arg.host === undefined) return null;
    let value = this.#hostValues.get(arg.host);
    if (!value) {
      value = new HostValue(arg.host);
      this.#hostValues.set(arg.host, value);
    }
    return value;
  }

  #find(name: string | undefined): WebAssembly.Exports {
    const found = name === undefined ? this.#current : this.#instances.get(name);
    if (!found) throw new NoInstanceError(`no instance ${name ?? "to act on"}`);
    return found;
  }
}

function numToJs({ type, bits }: NumConst): number | bigint {
  if (type === "i32") return Number(BigInt.asIntN(32, bits));
  if (type === "i64") return BigInt.asIntN(64, bits);
  if (type === "f32") return new Float32Array(Uint32Array.of(Number(bits)).buffer)[0] as number;
  if (type === "f64") return new Float64Array(BigUint64Array.of(bits).buffer)[0] as number;
  throw new Error("a v128 cannot be passed next to a reference");
}

function matchValues(
  values: readonly unknown[],
  patterns: readonly Pattern[],
  hostValues: ReadonlyMap<number, HostValue>,
): Outcome {
  const matches =
    patterns.length === 0 ||
    (values.length === patterns.length &&
      values.every((value, i) => matchValue(value, patterns[i] as Pattern, hostValues)));
  return { kind: "returned", matches, shown: values.map(show).join(" ") };
}

function show(value: unknown): string {
  if (value instanceof HostValue) return `host ${value.id}`;
  // A struct or an array has no prototype, and so nothing that makes it a string.
  return typeof value === "object" && value !== null ? "an object" : String(value);
}

function matchValue(value: unknown, pattern: Pattern, hostValues: ReadonlyMap<number, HostValue>): boolean {
  if (pattern.kind === "either") return pattern.of.some((one) => matchValue(value, one, hostValues));
  if (pattern.kind === "ref") return matchRef(value, pattern, hostValues);
  const type = pattern.type;
  if (type === "i32") return matchesBits(BigInt.asUintN(32, BigInt(value as number)), pattern);
  if (type === "i64") return matchesBits(BigInt.asUintN(64, value as bigint), pattern);
  if (type === "f32") {
    return matchesBits(
      BigInt(new Uint32Array(Float32Array.of(value as number).buffer)[0] as number),
      pattern,
    );
  }
  if (type === "f64") {
    return matchesBits(new BigUint64Array(Float64Array.of(value as number).buffer)[0] as bigint, pattern);
  }
  return false;
}

function matchRef(
  value: unknown,
  { what, host }: RefConst,
  hostValues: ReadonlyMap<number, HostValue>,
): boolean {
  switch (what) {
    case "ref.null":
      return value === null;
    case "ref.func":
      return typeof value === "function";
    case "ref.extern":
    case "ref.host":
      return host === undefined ? value !== null : value === hostValues.get(host);
    case "ref.i31":
      return typeof value === "number";
    default:
      return value !== null;
  }
}

/** Source: the reference interpreter's `host/spectest.ml`. */
function spectest(): WebAssembly.ModuleImports {
  const global = (value: "i32" | "i64" | "f32" | "f64", initial: number | bigint) =>
    new WebAssembly.Global({ value, mutable: false }, initial);
  const print = () => {};
  const table64 = { element: "anyfunc" as const, initial: 10n, maximum: 20n, address: "i64" };
  return {
    print,
    print_i32: print,
    print_i64: print,
    print_f32: print,
    print_f64: print,
    print_i32_f32: print,
    print_f64_f64: print,
    global_i32: global("i32", 666),
    global_i64: global("i64", 666n),
    global_f32: global("f32", 666.6),
    global_f64: global("f64", 666.6),
    table: new WebAssembly.Table({ element: "anyfunc", initial: 10, maximum: 20 }),
    // Newer than the declarations: a table with 64-bit addresses takes bigints.
    table64: new WebAssembly.Table(table64 as unknown as { element: "anyfunc"; initial: number }),
    memory: new WebAssembly.Memory({ initial: 1, maximum: 2 }),
  };
}
