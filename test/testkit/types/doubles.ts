/** What may be said to doubles, and what may not: each line after `@ts-expect-error` must be an error. */
import type { Caller } from "hostwright/runtime/bindings";
import type { AnyCall } from "hostwright/testkit";
import { everyTypeDouble } from "../../golden/testkit/bindings/test/testkit/every-type.double.js";
import type * as everyType from "../../golden/testkit/bindings/test/testkit/every-type.js";
import { laterDouble } from "../../golden/testkit/bindings/test/testkit/later.double.js";
import { defaultAccess, defaultPoint } from "../../golden/testkit/bindings/test/testkit/types.double.js";
import { storeDouble } from "../../golden/testkit-resources/bindings/test/testkit-resources/store.double.js";
import { accountsDouble } from "../../golden/testkit-rules/bindings/test/testkit-rules/accounts.double.js";
import { countingDouble, countingGuestDouble } from "../../golden/testkit-run/bindings/counting.double.js";
import type { CountingImports } from "../../golden/testkit-run/bindings/counting.js";
import { drawingDouble } from "../../golden/testkit-with/bindings/drawing.double.js";

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : ["not equal", A, B];

export function is<_T extends true>(): void {}

/** What a double's host is. */
const every = everyTypeDouble();
export const host: everyType.Host = every.host;
export const imports: CountingImports = countingDouble().host;
is<Equal<typeof every.host, everyType.Host>>();

/** Results. */
every
  .stub("aString")
  .returns("text")
  .returnsOnce("x")
  .does((text) => text.toUpperCase());
every.stub("none").returns();
every.stub("anOption").returns();
every.stub("aColor").returns("dark-red");
// @ts-expect-error: it returns a string
every.stub("aString").returns(1);
// @ts-expect-error: it returns something
every.stub("aString").returns();
// @ts-expect-error: no case of the enum
every.stub("aColor").returns("red");
// @ts-expect-error: a field is missing
every.stub("aPoint").returns({ x: 1 });
// @ts-expect-error: a u64 is a bigint
every.stub("anId").returns(1);
// @ts-expect-error: its parameter is a string
every.stub("aString").does((text: number) => String(text));
// @ts-expect-error: it returns a string
every.stub("aString").does(() => 1);

/** Names. */
// @ts-expect-error: no such function
every.stub("aStrin");
// @ts-expect-error: no such function
everyTypeDouble({ aStrin: () => "" });
// @ts-expect-error: it returns a boolean
everyTypeDouble({ aBool: () => 1 });
// @ts-expect-error: no such option
everyTypeDouble({}, { strickt: true });

/** Errors. */
every.stub("fallible").err({ tag: "none" });
every.stub("onlyErr").err("text");
every.stub("neither").err();
// @ts-expect-error: its err is a variant
every.stub("fallible").err("none");
// @ts-expect-error: it has an err
every.stub("onlyErr").err();
// @ts-expect-error: it returns no result
every.stub("aString").err("text");
// @ts-expect-error: nor is there an err without payload
every.stub("aString").err();

/** The log. */
is<
  Equal<
    typeof every.stub<"aString"> extends (name: "aString") => { calls: infer C } ? C : never,
    readonly [text: string][]
  >
>();
for (const call of every.calls) {
  if (call.name === "aString") {
    const text: string = call.args[0];
    const result: string | undefined = call.result;
    is<Equal<[typeof text, typeof result], [string, string | undefined]>>();
  }
  // @ts-expect-error: no such function
  if (call.name === "aStrin") throw call;
}
const world = countingDouble();
for (const call of world.calls) {
  const any: AnyCall = call;
  if (call.name === "log") is<Equal<typeof call.args, [text: string]>>();
  if (call.name === "get") is<Equal<typeof call.args, [key: string]>>();
  is<Equal<typeof any.name, string>>();
}

/** Promises. */
const later = laterDouble();
later
  .stub("wait")
  .returns("now")
  .returns(Promise.resolve("then"))
  .does(async () => "x")
  .does(() => "y");
later.stub("one").returns(1).returns(Promise.resolve(1));
// @ts-expect-error: the promise holds a string
later.stub("wait").returns(1);
is<Equal<Extract<(typeof later.calls)[number], { name: "wait" }>["result"], string | undefined>>();

/** Resources. */
const store = storeDouble();
store.stub("Blob#read").does(function (n) {
  return new Uint8Array(n + this.then_());
});
store.stub("issue").returns(store.make("Token"));
store.stub("new Blob").does(function (init) {
  return init.length > 0 ? this : store.make("Blob");
});
// @ts-expect-error: a blob is no token
store.stub("issue").returns(store.make("Opaque"));
// @ts-expect-error: no such resource
store.make("Blobb");
// @ts-expect-error: `blob` has no such method
store.stub("Blob#write");

/** Rules. */
const accounts = accountsDouble<{ tenant: string }>();
accounts.stub("balance").returns({ tag: "ok", val: 1n }).err("closed");
accounts.stub("who").does((caller: Caller<{ tenant: string }>, text) => caller.data.tenant + text);
// @ts-expect-error: results are values
accounts.stub("balance").returns(1n);
// @ts-expect-error: it is skipped
accounts.stub("hidden");

/** Guests, and what is given. */
countingGuestDouble().guest.program.greet("x") satisfies number;
countingGuestDouble({ run: () => 1 })
  .doubles.program.stub("greet")
  .err("x");
drawingDouble({ log: { write: () => {} } });
// @ts-expect-error: there is no double of what the user's module stands in for
drawingDouble();

/** Defaults. */
defaultPoint({ x: 1, label: "a" });
defaultAccess({ read: true });
// @ts-expect-error: no such field
defaultPoint({ z: 1 });
// @ts-expect-error: no such flag
defaultAccess({ execute: true });
