/** Doubles of worlds: those of their interfaces, tied together. */
import type { AnyCall, Call, CallsOf } from "./call.ts";
import { type Double, type DoubleOptions, makeDouble } from "./double.ts";
import type { FunctionSpecs, Implementations, WorldShape } from "./shape.ts";

/** What a double of a world has besides its `host` or `guest`. `stub` is for the world's own functions. */
export interface WorldDouble<S extends WorldShape> extends Omit<Double<S>, "calls"> {
  /** The doubles of its interfaces, by what the world calls them. */
  readonly doubles: S["doubles"];
  /** All calls of all interfaces, in their order. */
  readonly calls: readonly (Call<S> | CallsOf<S["doubles"]>)[];
}

/** A double of all that a world imports. */
export interface HostWorldDouble<H, S extends WorldShape> extends WorldDouble<S> {
  /** Pass it to `addToLinker`. */
  readonly host: H;
}

/** A double of a guest. */
export interface GuestWorldDouble<G, S extends WorldShape> extends WorldDouble<S> {
  readonly guest: G;
}

/** For generated code: how the doubles of a world's interfaces are made. */
export type DoubleMakers<S extends WorldShape> = {
  readonly [K in keyof S["doubles"]]: (options: DoubleOptions) => S["doubles"][K];
};

/** For generated code. @param given what there is no double of */
export function hostWorldDouble<H, S extends WorldShape>(
  name: string,
  makers: DoubleMakers<S>,
  specs: FunctionSpecs<S>,
  implementations: Implementations<S> = {},
  options: DoubleOptions = {},
  given: object = {},
): HostWorldDouble<H, S> {
  const { target, ...double } = makeWorld<S>(name, "host", makers, specs, implementations, options);
  return { ...double, host: Object.assign(target, given) as H };
}

/** For generated code. */
export function guestWorldDouble<G, S extends WorldShape>(
  name: string,
  makers: DoubleMakers<S>,
  specs: FunctionSpecs<S>,
  implementations: Implementations<S> = {},
  options: DoubleOptions = {},
): GuestWorldDouble<G, S> {
  const { target, ...double } = makeWorld<S>(name, "guest", makers, specs, implementations, options);
  return { ...double, guest: target as G };
}

interface AnyDouble {
  readonly host?: unknown;
  readonly guest?: unknown;
  reset(): void;
}

function makeWorld<S extends WorldShape>(
  name: string,
  side: "host" | "guest",
  makers: DoubleMakers<S>,
  specs: FunctionSpecs<S>,
  implementations: Implementations<S>,
  { strict, onCall }: DoubleOptions,
): WorldDouble<S> & { readonly target: object } {
  const calls: AnyCall[] = [];
  const options: DoubleOptions = {
    strict,
    onCall: (call) => {
      calls.push(call);
      onCall?.(call);
    },
  };
  const own = makeDouble(name, specs, implementations, options);
  const doubles = Object.entries(
    makers as Readonly<Record<string, (options: DoubleOptions) => AnyDouble>>,
  ).map(([property, make]) => [property, make(options)] as const);
  for (const [property, double] of doubles) {
    Object.defineProperty(own.target, property, { value: double[side], enumerable: true });
  }
  return {
    ...own,
    doubles: Object.fromEntries(doubles) as S["doubles"],
    calls: calls as unknown as WorldDouble<S>["calls"],
    reset: () => {
      own.reset();
      for (const [, double] of doubles) double.reset();
      calls.length = 0;
    },
  };
}
