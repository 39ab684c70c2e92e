/**
 * `npm run conformance -- core <paths>`: the core test suite through the instrumenter, with fuel,
 * checks and growth limits on.
 *
 * Each script also runs uninstrumented in the same engine. That tells a failure of ours from what
 * this Node cannot do (a skip), and lets trap messages be compared: nothing about a guest's
 * behaviour may change.
 */
import { readFileSync } from "node:fs";
import { parse } from "@bytecodealliance/jco";
import { DEFAULT_OPERATOR_COSTS } from "../../src/instrument/index.ts";
import { HostwrightError } from "../../src/model/errors.ts";
import type { CaseResult, RunSuite } from "../conformance-case.ts";
import { CoreWorld, type Outcome } from "../wast/core-world.ts";
import { wastFiles } from "../wast/files.ts";
import { instantiateMetered, MeteredHost } from "../wast/metered-host.ts";
import { type Action, type Definition, type Directive, parseScript } from "../wast/script.ts";
import type { SExpr } from "../wast/sexpr.ts";

const OPTIONS = { fuel: DEFAULT_OPERATOR_COSTS, epoch: true, limitGrowth: true, limitHeap: true };
/** Small enough that every script takes the slow path often. */
const SLICE = 1000n;

/** Runs every directive in the scripts. */
export const run: RunSuite = async function* (paths) {
  for (const file of wastFiles(paths)) {
    const script = new ScriptRun();
    for (const directive of parseScript(readFileSync(file, "utf8"))) {
      const name = `${file}:${directive.line}`;
      const verdict = await script.run(directive);
      const detail = `${directive.kind}: ${verdict.detail}`;
      const result: CaseResult =
        verdict.outcome === "pass" ? { outcome: "pass", name } : { outcome: verdict.outcome, name, detail };
      yield result;
    }
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

/** One script, in an instrumented and in a plain world. */
class ScriptRun {
  readonly #host = new MeteredHost({ slice: SLICE });
  readonly #metered = new CoreWorld(
    (bytes, imports) => instantiateMetered(bytes, OPTIONS, this.#host, imports).exports,
  );
  readonly #plain = new CoreWorld(
    (bytes, imports) => new WebAssembly.Instance(new WebAssembly.Module(bytes), imports).exports,
  );
  readonly #definitions = new Map<string, Uint8Array>();
  #lastDefinition: Uint8Array | undefined;

  async run(directive: Directive): Promise<Verdict> {
    try {
      return await this.#directive(directive);
    } catch (error) {
      return fail(message(error));
    }
  }

  async #directive(directive: Directive): Promise<Verdict> {
    switch (directive.kind) {
      case "define":
        await this.#define(directive.definition);
        return PASS;
      case "instantiate": {
        const bytes = await this.#define(directive.definition);
        return this.#both((world) => world.instantiate(bytes, directive.definition.name));
      }
      case "instance": {
        const { definition } = directive;
        const bytes = definition === undefined ? this.#lastDefinition : this.#definitions.get(definition);
        if (!bytes) return fail("no such definition");
        return this.#both((world) => world.instantiate(bytes, directive.name));
      }
      case "register":
        return this.#both((world) => world.register(directive.as, directive.module));
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
        return await this.#refused(directive.kind, directive.definition);
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
    const metered = caught(() => this.#metered.instantiate(bytes, action.name));
    if (!isTrap(plain)) return skip("this Node does not trap either");
    if (message(plain) === message(metered)) return PASS;
    return fail(`traps with ${message(plain)}, instrumented with ${message(metered)}`);
  }

  async #refused(kind: string, definition: Definition): Promise<Verdict> {
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
    const metered = caught(() => instantiateMetered(bytes, OPTIONS, new MeteredHost()));
    if (metered instanceof HostwrightError || metered instanceof WebAssembly.CompileError) return PASS;
    return fail(`expected a refusal, got ${message(metered)}; uninstrumented: ${message(plain)}`);
  }

  async #unlinkable(definition: Definition): Promise<Verdict> {
    const bytes = await encode(definition);
    const plain = caught(() => this.#plain.instantiate(bytes, undefined));
    const metered = caught(() => this.#metered.instantiate(bytes, undefined));
    if (!(plain instanceof Error)) return skip("this Node links it too");
    if (metered instanceof Error && metered.constructor === plain.constructor) return PASS;
    return fail(`expected ${message(plain)}, got ${message(metered)}`);
  }

  /** Does the same in both worlds. */
  #both(act: (world: CoreWorld) => void): Verdict {
    const plain = caught(() => act(this.#plain));
    const metered = caught(() => act(this.#metered));
    if (plain !== undefined) return skip(`this Node cannot: ${message(plain)}`);
    return metered === undefined ? PASS : fail(message(metered));
  }

  /** Performs an action in both worlds; `judge` says what is wrong with an outcome. */
  #compare(
    action: Action,
    judge: (outcome: Outcome) => string | undefined,
    results: readonly SExpr[] = [],
  ): Verdict {
    const plain = attempt(this.#plain, action, results);
    const metered = attempt(this.#metered, action, results);
    const plainIsWrong = judge(plain);
    if (plainIsWrong !== undefined) return skip(`this Node fails uninstrumented: ${plainIsWrong}`);
    const wrong = judge(metered);
    if (wrong !== undefined) return fail(wrong);
    if (trapMessage(plain) === trapMessage(metered)) return PASS;
    return fail(`traps with ${trapMessage(plain)}, instrumented with ${trapMessage(metered)}`);
  }
}

function attempt(world: CoreWorld, action: Action, results: readonly SExpr[]): Outcome {
  try {
    return world.perform(action, results);
  } catch (error) {
    return { kind: "threw", error };
  }
}

async function encode({ source, kind }: Definition): Promise<Uint8Array> {
  if (kind !== "module") throw new Error("a component in a core script");
  return source.format === "binary" ? source.bytes : await parse(source.text);
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
