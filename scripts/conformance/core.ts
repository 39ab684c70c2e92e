/**
 * `npm run conformance -- core <paths>`: the core test suite through the instrumenter, with fuel,
 * checks and growth limits on.
 *
 * Each script also runs uninstrumented in the same engine. That tells a failure of ours from what
 * this Node cannot do (a skip), and lets trap messages be compared: nothing about a guest's
 * behaviour may change.
 */
import { readFileSync } from "node:fs";
import process from "node:process";
import { parse } from "@bytecodealliance/jco";
import { DEFAULT_OPERATOR_COSTS } from "../../src/instrument/index.ts";
import { HostwrightError } from "../../src/model/errors.ts";
import { CoreWorld, type Outcome } from "../wast/core-world.ts";
import { wastFiles } from "../wast/files.ts";
import { instantiateMetered, MeteredHost } from "../wast/metered-host.ts";
import { type Action, type Definition, type Directive, parseScript } from "../wast/script.ts";
import type { SExpr } from "../wast/sexpr.ts";
import { SuiteReport } from "../wast/suite-report.ts";

const OPTIONS = { fuel: DEFAULT_OPERATOR_COSTS, epoch: true, limitGrowth: true };
/** Small enough that every script takes the slow path often. */
const SLICE = 1000n;

/** Runs every directive in the scripts. */
export async function run(paths: readonly string[]): Promise<SuiteReport> {
  const report = new SuiteReport();
  for (const file of wastFiles(paths)) await new ScriptRun(file, report).run();
  return report;
}

class ScriptRun {
  readonly #file: string;
  readonly #report: SuiteReport;
  readonly #host = new MeteredHost({ slice: SLICE });
  readonly #metered = new CoreWorld(
    (bytes, imports) => instantiateMetered(bytes, OPTIONS, this.#host, imports).exports,
  );
  readonly #plain = new CoreWorld(
    (bytes, imports) => new WebAssembly.Instance(new WebAssembly.Module(bytes), imports).exports,
  );
  readonly #definitions = new Map<string, Uint8Array>();
  #lastDefinition: Uint8Array | undefined;

  constructor(file: string, report: SuiteReport) {
    this.#file = file;
    this.#report = report;
  }

  async run(): Promise<void> {
    for (const directive of parseScript(readFileSync(this.#file, "utf8"))) {
      try {
        await this.#directive(directive);
      } catch (error) {
        this.#fail(directive, error);
      }
    }
  }

  async #directive(directive: Directive): Promise<void> {
    switch (directive.kind) {
      case "define": {
        const bytes = await encode(directive.definition);
        this.#lastDefinition = bytes;
        if (directive.definition.name !== undefined) this.#definitions.set(directive.definition.name, bytes);
        this.#report.pass();
        return;
      }
      case "instantiate": {
        const bytes = await encode(directive.definition);
        this.#lastDefinition = bytes;
        if (directive.definition.name !== undefined) this.#definitions.set(directive.definition.name, bytes);
        this.#both(directive, (world) => world.instantiate(bytes, directive.definition.name));
        return;
      }
      case "instance": {
        const { definition } = directive;
        const bytes = definition === undefined ? this.#lastDefinition : this.#definitions.get(definition);
        if (!bytes) throw new Error("no such definition");
        this.#both(directive, (world) => world.instantiate(bytes, directive.name));
        return;
      }
      case "register":
        this.#both(directive, (world) => world.register(directive.as, directive.module));
        return;
      case "action":
        this.#returns(directive, directive.action, []);
        return;
      case "assert_return":
        this.#returns(directive, directive.action, directive.results);
        return;
      case "assert_trap":
        await this.#traps(directive, directive.action);
        return;
      case "assert_exhaustion":
        await this.#traps(directive, directive.action);
        return;
      case "assert_exception":
        this.#compare(directive, directive.action, (outcome) =>
          outcome.kind === "threw" && outcome.error instanceof WebAssembly.Exception
            ? undefined
            : `expected an exception, ${describe(outcome)}`,
        );
        return;
      case "assert_invalid":
      case "assert_malformed":
        await this.#refused(directive, directive.definition);
        return;
      case "assert_unlinkable":
        await this.#unlinkable(directive, directive.definition);
        return;
      case "assert_fuel":
      case "unknown":
        this.#report.skip(`directive ${directive.kind === "unknown" ? directive.keyword : directive.kind}`);
    }
  }

  #returns(directive: Directive, action: Action, results: readonly SExpr[]): void {
    this.#compare(
      directive,
      action,
      (outcome) => (outcome.kind === "returned" && outcome.matches ? undefined : describe(outcome)),
      results,
    );
  }

  async #traps(directive: Directive, action: Action | Definition): Promise<void> {
    if (action.kind === "invoke" || action.kind === "get") {
      this.#compare(directive, action, (outcome) =>
        outcome.kind === "threw" && isTrap(outcome.error)
          ? undefined
          : `expected a trap, ${describe(outcome)}`,
      );
      return;
    }
    const bytes = await encode(action);
    const plain = caught(() => this.#plain.instantiate(bytes, action.name));
    const metered = caught(() => this.#metered.instantiate(bytes, action.name));
    if (!isTrap(plain)) this.#report.skip("this Node does not trap either");
    else if (message(plain) === message(metered)) this.#report.pass();
    else this.#fail(directive, `traps with ${message(plain)}, instrumented with ${message(metered)}`);
  }

  async #refused(directive: Directive, definition: Definition): Promise<void> {
    if (definition.source.format === "quote" && directive.kind === "assert_malformed") {
      this.#report.skip("malformed text: a matter of the text parser, not ours");
      return;
    }
    let bytes: Uint8Array;
    try {
      bytes = await encode(definition);
    } catch {
      this.#report.pass();
      return;
    }
    const plain = caught(() => new WebAssembly.Module(bytes));
    const metered = caught(() => instantiateMetered(bytes, OPTIONS, new MeteredHost()));
    if (plain === undefined) this.#report.skip("this Node accepts it too");
    else if (metered instanceof HostwrightError || metered instanceof WebAssembly.CompileError) {
      this.#report.pass();
    } else {
      this.#fail(directive, `expected a refusal, got ${message(metered)}; uninstrumented: ${message(plain)}`);
    }
  }

  async #unlinkable(directive: Directive, definition: Definition): Promise<void> {
    const bytes = await encode(definition);
    const plain = caught(() => this.#plain.instantiate(bytes, undefined));
    const metered = caught(() => this.#metered.instantiate(bytes, undefined));
    if (plain === undefined) this.#report.skip("this Node links it too");
    else if (metered instanceof Error && metered.constructor === (plain as Error).constructor) {
      this.#report.pass();
    } else {
      this.#fail(directive, `expected ${message(plain)}, got ${message(metered)}`);
    }
  }

  /** Does the same in both worlds. */
  #both(directive: Directive, act: (world: CoreWorld) => void): void {
    const plain = caught(() => act(this.#plain));
    const metered = caught(() => act(this.#metered));
    if (plain !== undefined) this.#report.skip(`this Node cannot: ${message(plain).replaceAll(/\d+/g, "N")}`);
    else if (metered === undefined) this.#report.pass();
    else this.#fail(directive, metered);
  }

  /** Performs an action in both worlds; `judge` says what is wrong with an outcome. */
  #compare(
    directive: Directive,
    action: Action,
    judge: (outcome: Outcome) => string | undefined,
    results: readonly SExpr[] = [],
  ): void {
    const plain = attempt(this.#plain, action, results);
    const metered = attempt(this.#metered, action, results);
    const wrong = judge(metered);
    if (judge(plain) !== undefined) {
      this.#report.skip("this Node fails the assertion uninstrumented");
    } else if (wrong !== undefined) {
      this.#fail(directive, wrong);
    } else if (trapMessage(plain) !== trapMessage(metered)) {
      this.#fail(directive, `traps with ${trapMessage(plain)}, instrumented with ${trapMessage(metered)}`);
    } else {
      this.#report.pass();
    }
  }

  #fail(directive: Directive, what: unknown): void {
    const text = typeof what === "string" ? what : message(what);
    this.#report.fail(`${this.#file}:${directive.line}`, `${directive.kind}: ${text}`);
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

if (import.meta.main) {
  const report = await run(process.argv.slice(2));
  report.print();
  process.exitCode = report.failed > 0 ? 1 : 0;
}
