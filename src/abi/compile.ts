/**
 * Compiles the glue of a component: from function types to factories of JavaScript functions.
 *
 * Everything of one component is compiled together, once. What comes out are factories: given a memory, a
 * store and the function to call, each makes a closure of fixed arity, so an instance costs little.
 *
 * Source: CanonicalABI.md, "Canonical Definitions" (`canon_lift`, `canon_lower`), for synchronous functions.
 */
import { ConfigError } from "../model/errors.ts";
import type { FlatSignature } from "../model/flatten.ts";
import type { FuncType, ResourceType, ResultType, ValueType } from "../model/value-type.ts";
import { contains } from "./contains.ts";
import type { LiftLowerContext } from "./context.ts";
import {
  liftExpression,
  loadExpression,
  writeEnumName,
  writeFlagsObject,
  writeLift,
  writeLoad,
  writeLoadList,
} from "./emit-lift.ts";
import {
  lowerFlat,
  storeStatements,
  writeEnumIndex,
  writeFlagsBits,
  writeLower,
  writeStore,
  writeStoreList,
} from "./emit-lower.ts";
import { Emitter } from "./emitter.ts";
import { ATTENTION, type CallSite, PHASE } from "./guard.ts";
import { intrinsics } from "./intrinsics.ts";
import { borrow, borrowed, lend, lentParams, resourceTypes } from "./lending.ts";
import type { StringEncoding } from "./strings.ts";
import { SupportCheck } from "./supported.ts";

export type AnyFunction = (...args: never[]) => unknown;
export type CoreFunction = (...args: (number | bigint)[]) => number | bigint | undefined;
export type HostFunction = (...args: unknown[]) => unknown;

/** `canon lower`: makes the core function that a guest imports. `caller` is the host's first argument. */
export type LowerFactory = (
  cx: LiftLowerContext,
  host: AnyFunction,
  caller: unknown,
  site: CallSite,
) => CoreFunction;

/** `canon lift`: makes the function that the host, or another component, calls. */
export type LiftFactory = (
  cx: LiftLowerContext,
  core: CoreFunction,
  postReturn: CoreFunction | undefined,
  site: CallSite,
) => HostFunction;

export interface LowerOptions {
  readonly encoding: StringEncoding;
  /** What is called: a function of the host (gets the caller first, throws a declared error), or a lifted function. */
  readonly callee: "host" | "component";
}

export interface LiftOptions {
  readonly encoding: StringEncoding;
  readonly postReturn: boolean;
  /** Who calls: the host (a declared error is thrown to it), or lowered glue of another component. */
  readonly caller: "host" | "component";
}

export interface Glue {
  readonly factories: readonly (LowerFactory | LiftFactory)[];
  /** The resource types of `LiftLowerContext.resources`, by index. */
  readonly resources: readonly ResourceType[];
}

/**
 * So many functions get code of their own, even if others have the same type: V8 then sees one callee in each, and
 * inlines it. A component with more is no hand-written one, and shall not make us compile as much code as it likes.
 */
const OWN_FACTORIES = 2000;

/** Collects the functions of one component, then compiles them in one go. */
export class GlueCompiler {
  readonly #emitter = new Emitter({
    load: writeLoad,
    store: writeStore,
    lift: writeLift,
    lower: writeLower,
    loadList: writeLoadList,
    storeList: writeStoreList,
    enumName: writeEnumName,
    enumIndex: writeEnumIndex,
    flagsObject: writeFlagsObject,
    flagsBits: writeFlagsBits,
  });
  readonly #support = new SupportCheck();
  readonly #factories: string[] = [];
  /** Where there are very many functions: the factories by type, and by options. */
  readonly #shared = new Map<FuncType, Map<string, number>>();

  /** Adds a `canon lower`; the number is its index in `Glue.factories`. @throws UnsupportedError */
  lower(type: FuncType, options: LowerOptions): number {
    this.#support.func(type);
    this.#emitter.encoding = options.encoding;
    this.#emitter.audience = options.callee;
    return this.#add(type, options, () => lowerFactory(this.#emitter, type, options));
  }

  /** Adds a `canon lift`; the number is its index in `Glue.factories`. @throws UnsupportedError */
  lift(type: FuncType, options: LiftOptions): number {
    this.#support.func(type);
    this.#emitter.encoding = options.encoding;
    this.#emitter.audience = options.caller;
    return this.#add(type, options, () => liftFactory(this.#emitter, type, options));
  }

  #add(type: FuncType, options: LowerOptions | LiftOptions, write: () => string): number {
    const factories = this.#factories;
    if (factories.length < OWN_FACTORIES) return factories.push(write()) - 1;
    let sharing = this.#shared.get(type);
    if (sharing === undefined) {
      sharing = new Map();
      this.#shared.set(type, sharing);
    }
    const key = JSON.stringify(options);
    let index = sharing.get(key);
    if (index === undefined) {
      index = factories.push(write()) - 1;
      sharing.set(key, index);
    }
    return index;
  }

  /** The source that `compile` evaluates, for tests and the curious. */
  source(): string {
    const helpers = this.#emitter.finish();
    return `"use strict";\n${helpers}\nreturn [\n${this.#factories.join(",\n")}\n];`;
  }

  /** @throws ConfigError where code generation from strings is switched off. */
  compile(): Glue {
    const names = Object.keys(intrinsics);
    let make: AnyFunction;
    try {
      make = new Function(...names, this.source()) as AnyFunction;
    } catch (error) {
      if (!(error instanceof EvalError)) throw error;
      throw new ConfigError(
        "hostwright compiles the glue of a component to JavaScript, and this process forbids code generation " +
          "from strings: run node without --disallow-code-generation-from-strings",
        { cause: error },
      );
    }
    const factories = make(...(Object.values(intrinsics) as never[])) as Glue["factories"];
    return { factories, resources: this.#emitter.resources };
  }
}

/** Source: `canon_lower`. */
function lowerFactory(e: Emitter, type: FuncType, options: LowerOptions): string {
  const signature = e.flattening.signature(type, "lower");
  const params = signature.params.map((_, i) => `p${i}`);
  const paramTypes = type.params.map((p) => p.type);
  const thrown = options.callee === "host" && type.result?.kind === "result" ? type.result : undefined;
  const borrowing = borrow(e, signature, type);

  const body: string[] = ["if (!instance.mayLeave) instance.checkMayLeave();"];
  if (needsMemory(signature, paramTypes)) body.push(REFRESH);
  if (paramTypes.some(chargesBudget)) body.push("cx.budget = cx.hostcallFuel;");
  if (borrowing !== undefined) body.push(borrowing.begin);
  body.push(...liftParams(e, signature, type, params));
  const args = type.params.map((_, i) => `a${i}`);
  const call = `host(${(options.callee === "host" ? ["caller", ...args] : args).join(", ")})`;
  body.push(`s = ${PHASE.call};`);
  if (thrown === undefined) body.push(`r = ${call};`);
  else body.push("let ok = true;", `try { r = ${call}; } catch (e) { r = payloadOf(e); ok = false; }`);
  body.push(ATTEND);
  if (borrowing !== undefined) body.push(...borrowing.end);
  body.push(thrown === undefined ? `s = ${PHASE.result};` : `s = ok ? ${PHASE.result} : ${PHASE.error};`);
  if (type.result !== undefined && contains(type.result, "own")) body.push(KEEP);
  body.push(...lowerResult(e, signature, type.result, thrown, `p${params.length - 1}`));

  const lowered = functionOf(params, [
    "let s = 0, r;",
    "try {",
    ...body,
    "} catch (e) { guard.hostCallFailed(e, site, s, r); }",
  ]);
  const variables: Variable[] = [["pass", "0"], ...(borrowing?.variables ?? [])];
  return factory("cx, host, caller, site", variables, [`return ${lowered};`]);
}

/** Source: `canon_lift`. */
function liftFactory(e: Emitter, type: FuncType, options: LiftOptions): string {
  const signature = e.flattening.signature(type, "lift");
  const lent = lentParams(signature, type);
  const made: string[] = [];
  if (lent.length > 0) {
    // A function of its own for the common case, the methods of a guest's own resources: it does little, and V8 gives
    // up inlining what is long.
    const near = lent.map((i) => `t${i}.implementedBy === instance`).join(" && ");
    made.push(`if (${near}) return ${liftFunction(e, signature, type, options, false)};`);
  }
  made.push(`return ${liftFunction(e, signature, type, options, true)};`);
  return factory("cx, core, postReturn, site", [ALONE, ...resourceTypes(e, lent, type)], made);
}

/** @param foreign whether handles in registers may be of resources that other instances implement */
function liftFunction(
  e: Emitter,
  signature: FlatSignature,
  type: FuncType,
  options: LiftOptions,
  foreign: boolean,
): string {
  const args = type.params.map((_, i) => `a${i}`);
  const toHost = options.caller === "host";
  const thrown = toHost && type.result?.kind === "result" ? type.result : undefined;
  const lending = lend(signature, type, foreign);
  const gives = lending?.gives || type.params.some((p) => contains(p.type, "own"));
  const resultTypes = type.result === undefined ? [] : [type.result];

  const body: string[] = [];
  const cores = lowerParams(e, signature, type, args, foreign, body);
  const near = new Set(foreign ? [] : lentParams(signature, type));
  if (type.params.some((p, i) => !near.has(i) && mayRunHost(p.type))) body.push(HEED);
  if (gives) body.push(KEEP);
  body.push(`s = ${PHASE.call};`);
  const call = `core(${cores.join(", ")})`;
  body.push(signature.results.length === 0 ? `${call};` : `const c0 = ${call};`);
  body.push(`s = ${PHASE.result};`);
  if (resultTypes.some(chargesBudget)) body.push("cx.budget = cx.hostcallFuel;");
  body.push(...liftResult(e, signature, type.result, thrown));
  if (lending !== undefined) body.push(...lending.end);
  if (options.postReturn) {
    const post = `postReturn(${signature.results.length === 0 ? "" : "c0"});`;
    body.push(`s = ${PHASE.postReturn};`, "instance.mayLeave = false;", post, "instance.mayLeave = true;");
  }
  const fail = toHost ? `guard.guestCallFailed(e, site, s, [${args.join(", ")}], instance)` : "e";
  return functionOf(args, [
    toHost ? `if (arguments.length > ${args.length}) guard.tooManyArguments(site, arguments.length);` : "",
    // An instance that must not be entered poisons its store: what an outer call has given is not asked for any more.
    gives ? KEEP : "",
    toHost ? ENTER : "guard.enterFromComponent(instance, site.within);",
    `let s = 0, r${thrown === undefined ? "" : ", ok = true"};`,
    lending?.declare ?? "",
    // From entering to leaving, every call is in here: there may be no stack left for it.
    "try {",
    lending?.begin ?? "",
    ...body,
    toHost ? LEAVE : "guard.leaveToComponent(instance, site.within);",
    "} catch (e) {",
    toHost ? "instance.root.failed = true;" : "",
    gives ? `if (s === ${PHASE.arguments}) cx.takeBack();` : "",
    lending?.fail ?? "",
    `throw ${fail};`,
    "}",
    thrown === undefined ? "return r;" : "return ok ? r : throwError(r);",
  ]);
}

/** What has been given so far is not taken back. */
const KEEP = "if (cx.given.length !== 0) cx.keep();";

/**
 * `guard.enter` and `guard.leave`, written out for an instance that no other contains: the common one. It is closed
 * when its store ends, so that the guard has nothing to add.
 */
const ALONE: Variable = ["alone", "cx.instance.parent === undefined"];
const ENTER =
  "if (alone && instance.mayEnter === true) instance.mayEnter = false; else guard.enter(instance);";
const LEAVE = "if (alone) instance.mayEnter = true; else guard.leave(instance);";

const REFRESH = "if (cx.bytes.length === 0) cx.refresh();";

/** After a call of the host's: `pass` is how many returns need not be looked at. */
const ATTEND = [
  `if (guard.attention !== ${ATTENTION.nothing}) {`,
  `if (pass === 0 || guard.attention === ${ATTENTION.now}) pass = guard.attend(); else pass--;`,
  "}",
].join("\n");

/** After the host's values have been read: their getters may have ended the store, and no guest runs in one that has. */
const HEED = `if (guard.attention === ${ATTENTION.now}) guard.attend();`;

/** Something that lasts from call to call: a name and its first value. */
type Variable = readonly [name: string, value: string];

/**
 * Variables are parameters, because V8 takes one that is never assigned for a constant, as it does a `const`, but needs
 * not look at each use whether it has a value yet.
 *
 * @param body returns the function
 */
function factory(params: string, variables: readonly Variable[], body: readonly string[]): string {
  const all: readonly Variable[] = [["guard", "cx.guard"], ["instance", "cx.instance"], ...variables];
  const names = [params, ...all.map(([name]) => name)].join(", ");
  const values = [params, ...all.map(([, value]) => value)].join(", ");
  return `(${params}) => (${block(`(${names}) => {`, body)})(${values})`;
}

function functionOf(params: readonly string[], body: readonly string[]): string {
  return block(`function (${params.join(", ")}) {`, body);
}

function block(head: string, body: readonly string[]): string {
  return [head, ...body.filter((line) => line !== ""), "}"].join("\n");
}

/** Statements that define `a0`, `a1`, ... Source: `lift_flat_values`. */
function liftParams(
  e: Emitter,
  signature: FlatSignature,
  type: FuncType,
  params: readonly string[],
): string[] {
  const types = type.params.map((p) => p.type);
  if (signature.paramsInMemory) {
    const { size, alignment, offsets } = e.layouts.fields(types);
    return [
      `const q = cx.checkRange(p0 >>> 0, ${size}, ${alignment}, "parameters");`,
      "const m = cx.view, b = cx.bytes;",
      ...types.map((t, i) => `const a${i} = ${loadExpression(e, t, "q", offsets[i] ?? 0)};`),
    ];
  }
  const cores = signature.params.map((core, i) => ({ code: params[i] ?? "", type: core }));
  const lent = new Set(lentParams(signature, type));
  return types.map((t, i) => {
    if (!lent.has(i) || t.kind !== "borrow") return `const a${i} = ${liftExpression(e, t, cores)};`;
    const handle = `h${i} = cx.lend(${cores.shift()?.code} >>> 0, t${i})`;
    return `const ${handle}, a${i} = ${borrowed(i)};`;
  });
}

/** Statements (added to `out`) and then expressions for the core arguments. Source: `lower_flat_values`. */
function lowerParams(
  e: Emitter,
  signature: FlatSignature,
  type: FuncType,
  args: readonly string[],
  foreign: boolean,
  out: string[],
): string[] {
  const types = type.params.map((p) => p.type);
  if (!signature.paramsInMemory) {
    const giving: string[] = [];
    const cores = types.flatMap((t, i) => {
      if (t.kind !== "borrow") return lowerFlat(e, t, args[i] ?? "", out, giving);
      giving.push(`h${i} = t${i}.lend(a${i});`);
      if (!foreign) return [`h${i}.rep`];
      const core = e.fresh("k");
      giving.push(`const ${core} = cx.lowerLent(t${i}, h${i}, a${i});`);
      return [core];
    });
    out.push(...giving);
    return cores;
  }
  const { size, alignment, offsets } = e.layouts.fields(types);
  out.push(`const q = cx.allocate(${alignment}, ${size});`);
  for (const [i, t] of types.entries()) {
    out.push(storeStatements(e, t, "q", offsets[i] ?? 0, args[i] ?? ""));
  }
  return ["q"];
}

/** Statements that pass the value in `r` to the guest and return. `thrown` is set if `ok` says which case it is. */
function lowerResult(
  e: Emitter,
  signature: FlatSignature,
  type: ValueType | undefined,
  thrown: ResultType | undefined,
  resultPointer: string,
): string[] {
  if (type === undefined) return [UNEXPECTED];
  const out: string[] = [];
  if (!signature.resultInMemory) {
    if (thrown !== undefined) {
      return [thrown.ok === undefined ? `if (ok) ${UNEXPECTED}` : "", "return ok ? 0 : 1;"];
    }
    const [core] = lowerFlat(e, type, "r", out);
    return [...out, mayRunHost(type) ? HEED : "", `return ${core};`];
  }
  const heed = mayRunHost(type) ? HEED : "";
  const { size, alignment } = e.layouts.of(type);
  out.push(`const o = cx.checkRange(${resultPointer} >>> 0, ${size}, ${alignment}, "result");`);
  if (thrown === undefined) {
    out.push(storeStatements(e, type, "o", 0, "r"));
    return [...out, heed, "return;"];
  }
  const { payloadOffset } = e.layouts.variant([thrown.ok, thrown.err]);
  const storeCase = (payload: ValueType | undefined) =>
    payload === undefined ? "" : storeStatements(e, payload, "o", payloadOffset, "r");
  return [
    ...out,
    "cx.bytes[o] = ok ? 0 : 1;",
    "if (ok) {",
    thrown.ok === undefined ? UNEXPECTED : storeCase(thrown.ok),
    "} else {",
    storeCase(thrown.err),
    "}",
    heed,
    "return;",
  ];
}

const UNEXPECTED = "if (r !== undefined) guard.unexpected(r);";

/** Statements that set `r` (and `ok`, if `thrown` is set) from `c0`. */
function liftResult(
  e: Emitter,
  signature: FlatSignature,
  type: ValueType | undefined,
  thrown: ResultType | undefined,
): string[] {
  if (type === undefined) return [];
  const out: string[] = [];
  if (!signature.resultInMemory) {
    if (thrown !== undefined) return ["if (c0 === 1) ok = false; else if (c0 !== 0) badDiscriminant(c0);"];
    const cores = signature.results.map((core) => ({ code: "c0", type: core }));
    return [`r = ${liftExpression(e, type, cores)};`];
  }
  const { size, alignment } = e.layouts.of(type);
  out.push(`const q1 = cx.checkRange(c0 >>> 0, ${size}, ${alignment}, "result");`);
  out.push("const m = cx.view, b = cx.bytes;");
  if (thrown === undefined) return [...out, `r = ${loadExpression(e, type, "q1", 0)};`];
  const { payloadOffset } = e.layouts.variant([thrown.ok, thrown.err]);
  const loadCase = (payload: ValueType | undefined) =>
    payload === undefined ? "" : `r = ${loadExpression(e, payload, "q1", payloadOffset)};`;
  return [
    ...out,
    `if (b[q1] === 0) { ${loadCase(thrown.ok)} }`,
    `else if (b[q1] === 1) { ok = false; ${loadCase(thrown.err)} }`,
    "else badDiscriminant(b[q1]);",
  ];
}

function needsMemory(signature: FlatSignature, params: readonly ValueType[]): boolean {
  return signature.paramsInMemory || params.some(usesMemory);
}

function usesMemory(type: ValueType): boolean {
  return contains(type, "string") || contains(type, "list") || contains(type, "map");
}

/** Whether lowering a value of `type` may run code of the host's: getters, proxies, `Symbol.hasInstance`. */
function mayRunHost({ kind }: ValueType): boolean {
  return OBJECTS.has(kind);
}

const OBJECTS: ReadonlySet<ValueType["kind"]> = new Set([
  "record",
  "tuple",
  "list",
  "fixed-length-list",
  "map",
  "flags",
  "variant",
  "option",
  "result",
  "own",
  "borrow",
]);

/** Whether lifting `type` makes the host allocate much, or what the guest chooses. */
function chargesBudget(type: ValueType): boolean {
  return usesMemory(type) || contains(type, "fixed-length-list");
}
