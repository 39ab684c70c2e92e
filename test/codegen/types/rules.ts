/** What rules, `with`, styles and layouts make of types: what must be assignable is, and what must not be is not. */
import type { Caller, Linker, Result, Store, Tracer } from "hostwright/runtime/bindings";
import type * as collisions from "../../golden/collisions/bindings/test/collisions/all.js";
import { Color } from "../../golden/enum-style-const/bindings/test/enum-const/colors.js";
import type * as required from "../../golden/flags-style-required/bindings/test/flags-required/files.js";
import type { SingleWorldImports } from "../../golden/layout-single/bindings/single-world.js";
import type { RulesAsync } from "../../golden/rules-async/bindings/rules-async.js";
import type * as db from "../../golden/rules-async/bindings/test/rules-async/db.js";
import type * as disk from "../../golden/rules-error-map/bindings/test/rules-error-map/disk.js";
import type { RulesResults } from "../../golden/rules-results/bindings/rules-results.js";
import type * as files from "../../golden/rules-results/bindings/test/rules-results/files.js";
import type * as skip from "../../golden/rules-skip/bindings/test/rules-skip/api.js";
import { RulesStore, type RulesStoreImports } from "../../golden/rules-store/bindings/rules-store.js";
import type * as accounts from "../../golden/rules-store/bindings/test/rules-store/accounts.js";
import { RulesTracing, type RulesTracingImports } from "../../golden/rules-tracing/bindings/rules-tracing.js";
import type * as painter from "../../golden/with-interface/bindings/test/with-interface/painter.js";
import type { WithInterfaceImports } from "../../golden/with-interface/bindings/with-interface.js";
import { Canvas, Point } from "../../golden/with-interface/shapes.js";
import type * as geometry from "../../golden/with-type/bindings/test/with-type/geometry.js";
import { Picture, Vector } from "../../golden/with-type/vector.js";

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : ["not equal", A, B];

type Assert<_T extends true> = never;

// biome-ignore lint/suspicious/noConfusingVoidType: what a result without payload has
type Nothing = void;

/** Results. */
export type Results = [
  Assert<Equal<Result, { tag: "ok"; val?: Nothing } | { tag: "err"; val?: Nothing }>>,
  Assert<Equal<Result<number>, { tag: "ok"; val: number } | { tag: "err"; val?: Nothing }>>,
  Assert<Equal<Result<void, string>, { tag: "ok"; val?: Nothing } | { tag: "err"; val: string }>>,
  Assert<
    Equal<
      Result<number | undefined, undefined>,
      { tag: "ok"; val: number | undefined } | { tag: "err"; val: undefined }
    >
  >,
  Assert<Equal<ReturnType<files.Host["read"]>, Result<string, files.Error>>>,
  Assert<Equal<ReturnType<files.Host["named"]>, files.Outcome>>,
  Assert<Equal<ReturnType<files.Host["thrown"]>, number>>,
  Assert<Equal<ReturnType<RulesResults["now"]>, Result<bigint, string>>>,
];

export const fileHost: Pick<files.Host, "read" | "remove" | "check"> = {
  read: (path) => (path === "" ? { tag: "err", val: { tag: "not-found" } } : { tag: "ok", val: path }),
  remove: () => ({ tag: "ok" }),
  // @ts-expect-error: a result, not what is in it
  check: () => "text",
};

// @ts-expect-error: the err of another function
export const wrongErr: ReturnType<files.Host["read"]> = { tag: "err", val: "not-found" };

export function use(guest: RulesResults): string {
  const result = guest.files.read("x");
  // @ts-expect-error: it may be an err
  result.val.toUpperCase();
  return result.tag === "ok" ? result.val : result.val.tag;
}

/** The caller. */
interface Data {
  readonly tenant: string;
}

class Account implements accounts.Account {
  constructor(caller: Caller<Data>, owner: string) {
    void [caller.data.tenant, owner];
  }
  static find({ data }: Caller<Data>, owner: string): Account | undefined {
    return data.tenant === owner ? undefined : undefined;
  }
  /** A method may say whose caller it is. */
  deposit({ data }: Caller<Data>, amount: bigint): bigint {
    return amount + BigInt(data.tenant.length);
  }
  [Symbol.dispose](): void {}
}

export class Accounts implements accounts.Host<Data> {
  readonly Account: typeof Account = Account;
  who(caller: Caller<Data>, other: string): string {
    return caller.data.tenant + other;
  }
  total(): bigint {
    return 1n;
  }
}

export const wrongParameters: Pick<accounts.Host<Data>, "who"> = {
  // @ts-expect-error: the caller comes first
  who: (caller: string, other: string) => caller + other,
};

export function linkStore(linker: Linker<Data>, host: RulesStoreImports<Data>, other: Linker<number>): void {
  RulesStore.addToLinker(linker, () => host);
  // @ts-expect-error: another store's data
  RulesStore.addToLinker(other, () => host);
}

/** Tracing. */
export function linkTraced(linker: Linker<RulesTracingImports>, tracer: Tracer | undefined): void {
  RulesTracing.addToLinker(linker, (data) => data);
  RulesTracing.addToLinker(linker, (data) => data, tracer);
  const noTracer = (): void => {};
  // @ts-expect-error: not a tracer
  RulesTracing.addToLinker(linker, (data) => data, noTracer);
}

export const tracers: Tracer[] = [
  { enter: () => {} },
  {
    enter:
      ({ name, side, args }) =>
      (outcome) =>
        void [name, side, args.length, outcome.kind],
  },
];

/** Async. */
export type Async = [
  Assert<Equal<ReturnType<db.Host["query"]>, Promise<Result<string[], db.Error>>>>,
  Assert<Equal<ReturnType<db.Cursor["next"]>, Promise<string | undefined>>>,
  Assert<Equal<ReturnType<RulesAsync["main"]>, Promise<number>>>,
];

/** Error maps leave the host free to throw or to return. */
export type Mapped = Assert<Equal<ReturnType<disk.Host["read"]>, Result<Uint8Array, disk.DiskError>>>;

/** What is skipped is not there. */
export type Skipped = [
  Assert<Equal<keyof skip.Host, "Cursor" | "move">>,
  Assert<Equal<Exclude<keyof skip.Cursor, typeof Symbol.dispose>, "next">>,
];

/** Replacements. */
export type Replaced = [
  Assert<Equal<Parameters<painter.Host["paint"]>[1], Point>>,
  Assert<Equal<ReturnType<painter.Host["onto"]>, Canvas>>,
  Assert<Equal<keyof WithInterfaceImports, "painter" | "log">>,
  Assert<Equal<Parameters<geometry.Host["crop"]>, [a: Picture, at: Vector]>>,
  Assert<Equal<geometry.Point, Vector>>,
];

export const image: geometry.ImageClass = class extends Picture {
  static blank(): Picture {
    return new Picture(0);
  }
};

/** Styles. */
export type Styles = [
  Assert<Equal<Color, "red" | "dark-green" | "constructor" | "a1" | "a-1">>,
  Assert<Equal<typeof Color.DarkGreen, "dark-green">>,
  Assert<Equal<(typeof Color)["A1_"], "a-1">>,
  Assert<
    Equal<Parameters<required.Host["check"]>[0], { read: boolean; canWrite: boolean; constructor: boolean }>
  >,
];

export const color: Color = Color.Red;
// @ts-expect-error: all of them
export const someFlags: required.Permissions = { read: true };

/** Names that are one in camelCase. */
export type Collisions = [
  Assert<Equal<keyof collisions.A1, "a1" | "a1_" | "b2C" | "b2c">>,
  Assert<Equal<keyof collisions.F1, "x1" | "x1_">>,
  Assert<Equal<Exclude<keyof collisions.Host, "exports" | "client" | "host">, "b1" | "b1_" | "b2C" | "b2c">>,
];

/** One file has the same types. */
export type Single = [
  Assert<Equal<keyof SingleWorldImports, "draw" | "other" | "log" | "types" | "origin" | "paint">>,
  Assert<Equal<ReturnType<SingleWorldImports["draw"]["line"]>, number>>,
];

declare const store: Store<undefined>;

export { Account, Canvas, Point, store, Vector };
