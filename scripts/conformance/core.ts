/**
 * `npm run conformance -- core <paths>`: the core test suite through the instrumenter.
 *
 * Each script runs in several worlds: uninstrumented, and with each set of limits in `MODES`. The plain
 * world tells a failure of ours from what this Node cannot do (a skip), and lets trap messages and
 * places be compared: nothing about a guest's behaviour may change.
 */
import { readFileSync } from "node:fs";
import { parse } from "@bytecodealliance/jco";
import {
  DEFAULT_OPERATOR_COSTS,
  type InstrumentedModule,
  type InstrumentOptions,
} from "../../src/instrument/index.ts";
import { HostwrightError, UnsupportedError } from "../../src/model/errors.ts";
import type { CaseResult, RunSuite } from "../conformance-case.ts";
import { CoreWorld, NoInstanceError, type Outcome } from "../wast/core-world.ts";
import { wastFiles } from "../wast/files.ts";
import { MemoryPool } from "../wast/memory-pool.ts";
import { instantiateMetered, MeteredHost } from "../wast/metered-host.ts";
import { type Action, type Definition, type Directive, parseScript } from "../wast/script.ts";
import type { SExpr } from "../wast/sexpr.ts";
import { stackPlaces } from "../wast/stack-places.ts";

interface Mode {
  readonly name: string;
  readonly options: InstrumentOptions;
  /** Small enough that every script takes the slow path often. */
  readonly slice: bigint;
}

const CAPS = { limitGrowth: true, limitHeap: true };
const MODES: readonly Mode[] = [
  {
    name: "fuel, deadline, caps and pool",
    options: { fuel: DEFAULT_OPERATOR_COSTS, epoch: true, importMemories: true, ...CAPS },
    slice: 1000n,
  },
  {
    name: "deadline, caps and pool",
    options: { fuel: undefined, epoch: true, importMemories: true, ...CAPS },
    slice: 50n,
  },
  { name: "caps alone", options: { fuel: undefined, epoch: false, ...CAPS }, slice: 1n },
];

/** Runs every directive in the scripts. */
export const run: RunSuite = async function* (paths) {
  const pool = new MemoryPool();
  for (const file of wastFiles(paths)) {
    const script = new ScriptRun(pool);
    for (const directive of parseScript(readFileSync(file, "utf8"))) {
      const name = `${file}:${directive.line}`;
      const verdict = await script.run(directive);
      const detail = `${directive.kind}: ${verdict.detail}`;
      const result: CaseResult =
        verdict.outcome === "pass" ? { outcome: "pass", name } : { outcome: verdict.outcome, name, detail };
      yield result;
    }
    pool.release();
  }
};

interface Verdict {
  readonly outcome: "pass" | "fail" | "skip";
  readonly detail: string;
}

const PASS: Verdict = { outcome: "pass", detail: "" };

function fail(detail: string): Verdict {
  return { outcome: "fail", detail };
}

function skip(detail: string): Verdict {
  return { outcome: "skip", detail };
}

/** What the text parser or hostwright does not take. */
class NotSupported extends Error {}

/** A world of instrumented modules. */
class MeteredWorld extends CoreWorld {
  readonly mode: Mode;
  readonly modules: InstrumentedModule[];

  constructor(mode: Mode, pool: MemoryPool) {
    const { options, slice } = mode;
    const host = new MeteredHost({ slice });
    const modules: InstrumentedModule[] = [];
    super((bytes, imports) => {
      const { exports, rewritten } = instantiateMetered(bytes, options, host, imports, pool);
      modules.push(rewritten);
      return exports;
    });
    this.mode = mode;
    this.modules = modules;
  }
}

/** One script, in all worlds. */
class ScriptRun {
  readonly #metered: readonly MeteredWorld[];
  readonly #plain = new CoreWorld(
    (bytes, imports) => new WebAssembly.Instance(new WebAssembly.Module(bytes), imports).exports,
  );
  /** Why hostwright has refused a module of the script: what acts on it is skipped, too. */
  #refused: string | undefined;
  readonly #definitions = new Map<string, Uint8Array>();
  #lastDefinition: Uint8Array | undefined;

  constructor(pool: MemoryPool) {
    this.#metered = MODES.map((mode) => new MeteredWorld(mode, pool));
  }

  async run(directive: Directive): Promise<Verdict> {
    try {
      return await this.#directive(directive);
    } catch (error) {
      return error instanceof NotSupported ? skip(error.message) : fail(message(error));
    }
  }

  async #directive(directive: Directive): Promise<Verdict> {
    switch (directive.kind) {
      case "define":
        await this.#define(directive.definition);
        return PASS;
      case "instantiate": {
        const bytes = await this.#define(directive.definition);
        return this.#everywhere((world) => world.instantiate(bytes, directive.definition.name));
      }
      case "instance": {
        const { definition } = directive;
        const bytes = definition === undefined ? this.#lastDefinition : this.#definitions.get(definition);
        if (!bytes) return fail("no such definition");
        return this.#everywhere((world) => world.instantiate(bytes, directive.name));
      }
      case "register":
        return this.#everywhere((world) => world.register(directive.as, directive.module));
      case "action":
        return this.#returns(directive.action, []);
      case "assert_return":
        return this.#returns(directive.action, directive.results);
      case "assert_trap":
      case "assert_exhaustion":
        return await this.#traps(directive.action);
      case "assert_exception":
        return this.#compare(directive.action, (outcome) =>
          outcome.kind === "threw" && outcome.error instanceof WebAssembly.Exception
            ? undefined
            : `expected an exception, ${describe(outcome)}`,
        );
      case "assert_invalid":
      case "assert_malformed":
        return await this.#refuses(directive.kind, directive.definition);
      case "assert_unlinkable":
        return await this.#unlinkable(directive.definition);
      case "assert_fuel":
        return skip("the suite for this is `fuel`");
      case "unknown":
        return skip(`directive ${directive.keyword} is not a core one`);
    }
  }

  async #define(definition: Definition): Promise<Uint8Array> {
    const bytes = await encode(definition);
    this.#lastDefinition = bytes;
    if (definition.name !== undefined) this.#definitions.set(definition.name, bytes);
    return bytes;
  }

  #returns(action: Action, results: readonly SExpr[]): Verdict {
    return this.#compare(
      action,
      (outcome) => (outcome.kind === "returned" && outcome.matches ? undefined : describe(outcome)),
      results,
    );
  }

  async #traps(action: Action | Definition): Promise<Verdict> {
    if (action.kind === "invoke" || action.kind === "get") {
      return this.#compare(action, (outcome) =>
        outcome.kind === "threw" && isTrap(outcome.error)
          ? undefined
          : `expected a trap, ${describe(outcome)}`,
      );
    }
    const bytes = await encode(action);
    const plain = caught(() => this.#plain.instantiate(bytes, action.name));
    const metered = this.#metered.map((world) => caught(() => world.instantiate(bytes, action.name)));
    if (!isTrap(plain)) return skip("this Node does not trap either");
    return this.#judge(metered, (error) =>
      message(plain) === message(error)
        ? undefined
        : `traps with ${message(plain)}, instrumented with ${message(error)}`,
    );
  }

  async #refuses(kind: string, definition: Definition): Promise<Verdict> {
    if (definition.source.format === "quote" && kind === "assert_malformed") {
      return skip("malformed text: a matter of the text parser, not ours");
    }
    let bytes: Uint8Array;
    try {
      bytes = await encode(definition);
    } catch {
      return PASS;
    }
    const plain = caught(() => new WebAssembly.Module(bytes));
    if (plain === undefined) return skip("this Node accepts it too");
    return this.#judge(
      MODES.map(({ options }) => caught(() => instantiateMetered(bytes, options, new MeteredHost()))),
      (error) =>
        error instanceof HostwrightError || error instanceof WebAssembly.CompileError
          ? undefined
          : `expected a refusal, got ${message(error)}; uninstrumented: ${message(plain)}`,
    );
  }

  async #unlinkable(definition: Definition): Promise<Verdict> {
    const bytes = await encode(definition);
    const plain = caught(() => this.#plain.instantiate(bytes, undefined));
    const metered = this.#metered.map((world) => caught(() => world.instantiate(bytes, undefined)));
    if (!(plain instanceof Error)) return skip("this Node links it too");
    if (plain instanceof WebAssembly.CompileError) return skip(`this Node cannot: ${message(plain)}`);
    return this.#judge(metered, (error) => {
      if (isShared(error)) throw new NotSupported(message(error));
      return error instanceof Error && error.constructor === plain.constructor
        ? undefined
        : `expected ${message(plain)}, got ${message(error)}`;
    });
  }

  /** Does the same in all worlds. */
  #everywhere(act: (world: CoreWorld) => void): Verdict {
    const plain = caught(() => act(this.#plain));
    const metered = this.#metered.map((world) => caught(() => act(world)));
    if (plain instanceof UnsupportedError) this.#refuse(plain);
    this.#skipIfRefused(plain);
    if (plain !== undefined) return skip(`this Node cannot: ${message(plain)}`);
    return this.#judge(metered, (error) => {
      if (isShared(error)) this.#refuse(error);
      this.#skipIfRefused(error);
      return error === undefined ? undefined : message(error);
    });
  }

  /** Performs an action in all worlds; `judge` says what is wrong with an outcome. */
  #compare(
    action: Action,
    judge: (outcome: Outcome) => string | undefined,
    results: readonly SExpr[] = [],
  ): Verdict {
    const plain = attempt(this.#plain, action, results);
    const metered = this.#metered.map((world) => attempt(world, action, results));
    if (plain.kind === "threw") this.#skipIfRefused(plain.error);
    const plainIsWrong = judge(plain);
    if (plainIsWrong !== undefined) return skip(`this Node fails uninstrumented: ${plainIsWrong}`);
    return this.#judge(metered, (outcome, { modules }) => {
      if (outcome.kind === "threw") this.#skipIfRefused(outcome.error);
      const wrong = judge(outcome);
      if (wrong !== undefined) return wrong;
      if (trapMessage(plain) !== trapMessage(outcome)) {
        return `traps with ${trapMessage(plain)}, instrumented with ${trapMessage(outcome)}`;
      }
      return trapPlace(plain, outcome, modules);
    });
  }

  #refuse(error: Error): never {
    this.#refused = message(error);
    throw new NotSupported(this.#refused);
  }

  #skipIfRefused(error: unknown): void {
    if (this.#refused !== undefined && error instanceof NoInstanceError) {
      throw new NotSupported(`follows from ${this.#refused}`);
    }
  }

  /** What is wrong in the first mode in which something is. */
  #judge<T>(outcomes: readonly T[], judge: (outcome: T, world: MeteredWorld) => string | undefined): Verdict {
    for (const [i, world] of this.#metered.entries()) {
      const wrong = judge(outcomes[i] as T, world);
      if (wrong !== undefined) return fail(`${world.mode.name}: ${wrong}`);
    }
    return PASS;
  }
}

/** What is wrong with the place of a trap, innermost of the guest's own; undefined if nothing. */
function trapPlace(
  plain: Outcome,
  metered: Outcome,
  modules: readonly InstrumentedModule[],
): string | undefined {
  if (plain.kind !== "threw" || metered.kind !== "threw") return undefined;
  const [expected] = stackPlaces(plain.error);
  if (!expected || plain.error instanceof RangeError) return undefined;
  const places = stackPlaces(metered.error);
  // V8 does not tell which module a frame is of.
  const found = modules.some(({ locate }) => {
    for (const { functionIndex, offset } of places) {
      const place = locate(functionIndex, offset);
      if (place) return place.functionIndex === expected.functionIndex && place.offset === expected.offset;
    }
    return false;
  });
  return found ? undefined : `does not trap in function ${expected.functionIndex} at ${expected.offset}`;
}

function attempt(world: CoreWorld, action: Action, results: readonly SExpr[]): Outcome {
  try {
    return world.perform(action, results);
  } catch (error) {
    return { kind: "threw", error };
  }
}

/** Characters that change the direction of text: the text parser wants them escaped. */
const CONFUSING = /[\u202a-\u202e\u2066-\u206f]/g;

function escaped(char: string): string {
  return `\\u{${char.charCodeAt(0).toString(16)}}`;
}

async function encode({ source, kind }: Definition): Promise<Uint8Array> {
  if (kind !== "module") throw new Error("a component in a core script");
  if (source.format === "binary") return source.bytes;
  try {
    return await parse(source.text.replace(CONFUSING, escaped));
  } catch (error) {
    throw new NotSupported(`the text parser does not take it: ${parserMessage(error)}`);
  }
}

/** What the text parser says, out of the Rust structure that it prints. */
function parserMessage(error: unknown): string {
  const text = message(error);
  return /kind: Custom\("(.*?)"\)/.exec(text)?.[1] ?? text;
}

/** Shared memories are refused by design. */
function isShared(error: unknown): error is UnsupportedError {
  return error instanceof UnsupportedError && error.message.includes("shared memory");
}

function caught(act: () => unknown): unknown {
  try {
    act();
    return undefined;
  } catch (error) {
    return error ?? new Error("threw nothing");
  }
}

/** A trap, or a stack overflow, which V8 reports as a RangeError. */
function isTrap(error: unknown): boolean {
  return error instanceof WebAssembly.RuntimeError || error instanceof RangeError;
}

function message(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

function trapMessage(outcome: Outcome): string | undefined {
  return outcome.kind === "threw" ? message(outcome.error) : undefined;
}

function describe(outcome: Outcome): string {
  return outcome.kind === "threw" ? `threw ${message(outcome.error)}` : `returned ${outcome.shown}`;
}
