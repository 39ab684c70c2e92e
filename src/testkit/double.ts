/** Doubles of interfaces: objects that do what a test says, and remember how they were called. */
import { ConfigError } from "../model/errors.ts";
import type { AnyCall, Call } from "./call.ts";
import { resourcePrototypes } from "./resource-double.ts";
import type {
  DoubleShape,
  ErrorOf,
  FunctionName,
  FunctionSpecs,
  Implementations,
  Make,
  ResourceName,
  Self,
} from "./shape.ts";
import { FunctionStub, type Stub } from "./stub.ts";

/** How a double takes calls that no test has said anything about. */
export interface DoubleOptions {
  /**
   * A function that nothing has been said about throws an {@link UnprogrammedCallError}; constructors and drops do not.
   * Default: false, it returns a default of its type.
   */
  readonly strict?: boolean | undefined;
  /** Told of each call before anything is done. Default: nobody is. */
  readonly onCall?: ((call: AnyCall) => void) | undefined;
}

/** What every double has. Its functions have WIT's names and so are not here, but in `host` or `guest`. */
export interface Double<S extends DoubleShape> {
  /** All calls, in their order. */
  readonly calls: readonly Call<S>[];
  /** Programs one function, or tells how it was called. */
  stub<K extends FunctionName<S>>(name: K): Stub<S["functions"][K], ErrorOf<S, K>, Self<S, K>>;
  /** Makes an object of a resource, whose methods are the double's. */
  make<K extends ResourceName<S>>(resource: K): S["resources"][K];
  /** Forgets all calls, and what has been said with `stub`; implementations stay. */
  reset(): void;
}

/** A double of an interface that a guest imports. */
export interface HostDouble<H, S extends DoubleShape> extends Double<S> {
  /** What the guest calls: pass it to `addToLinker`. */
  readonly host: H;
}

/** A double of an interface that a guest exports. */
export interface GuestDouble<G, S extends DoubleShape> extends Double<S> {
  /** What the host calls. */
  readonly guest: G;
}

/** For generated code. @param name what the component calls the interface */
export function hostDouble<H, S extends DoubleShape>(
  name: string,
  specs: FunctionSpecs<S>,
  implementations: Implementations<S> = {},
  options: DoubleOptions = {},
): HostDouble<H, S> {
  const { target, ...double } = makeDouble(name, specs, implementations, options);
  return { ...double, host: target as H };
}

/** For generated code. @param name what the component calls the interface */
export function guestDouble<G, S extends DoubleShape>(
  name: string,
  specs: FunctionSpecs<S>,
  implementations: Implementations<S> = {},
  options: DoubleOptions = {},
): GuestDouble<G, S> {
  const { target, ...double } = makeDouble(name, specs, implementations, options);
  return { ...double, guest: target as G };
}

interface AnySpec {
  readonly async?: true;
  readonly future?: true;
  readonly results?: "throw" | "value";
  readonly default?: (make: unknown) => unknown;
}

type AnyBehaviour = (this: unknown, ...args: unknown[]) => unknown;

/** A double, and the object with its functions. */
export function makeDouble<S extends DoubleShape>(
  interfaceName: string,
  specs: FunctionSpecs<S>,
  implementations: Implementations<S>,
  options: DoubleOptions,
): Double<S> & { readonly target: object } {
  const calls: AnyCall[] = [];
  const onCall = (call: AnyCall): void => {
    calls.push(call);
    options.onCall?.(call);
  };
  const told = new Map(Object.entries(implementations)) as ReadonlyMap<string, AnyBehaviour | undefined>;
  const known = new Map(Object.entries(specs)) as ReadonlyMap<string, AnySpec>;
  for (const name of told.keys()) mustKnow(known, name, interfaceName, "function");

  const stubs = new Map<string, FunctionStub>();
  for (const [name, { async, future, results, default: makeDefault }] of known) {
    const isConstructor = name.startsWith("new ");
    const isDrop = name.startsWith("drop ");
    stubs.set(
      name,
      new FunctionStub({
        interface: interfaceName,
        name,
        async: async === true,
        future: future === true,
        results,
        method: isDrop || name.includes("#"),
        implementation: told.get(name),
        fallback:
          isConstructor && makeDefault === undefined
            ? function () {
                return this;
              }
            : () => makeDefault?.(make),
        strict: options.strict === true && !isConstructor && !isDrop,
        onCall,
      }),
    );
  }
  const { target, prototypes } = resourcePrototypes(stubs);
  const make = ((resource: string): unknown =>
    Object.create(mustKnow(prototypes, resource, interfaceName, "resource"))) as Make<S>;
  return {
    target,
    calls: calls as unknown as readonly Call<S>[],
    stub: <K extends FunctionName<S>>(name: K) =>
      mustKnow(stubs, name, interfaceName, "function") as unknown as Stub<
        S["functions"][K],
        ErrorOf<S, K>,
        Self<S, K>
      >,
    make,
    reset: () => {
      calls.length = 0;
      for (const stub of stubs.values()) stub.reset();
    },
  };
}

/** @throws ConfigError if the double has no such thing */
function mustKnow<T>(map: ReadonlyMap<string, T>, name: string, interfaceName: string, kind: string): T {
  const found = map.get(name);
  if (found === undefined) {
    const names = [...map.keys()].map((item) => JSON.stringify(item)).join(", ");
    throw new ConfigError(
      `the double of ${interfaceName} has no ${kind} ${JSON.stringify(name)}; it has ${names || "none"}`,
    );
  }
  return found;
}
