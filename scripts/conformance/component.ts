/**
 * `npm run conformance -- component <paths>`: the component model's own scripts, through loader, linker and runtime.
 *
 * A case is skipped if it comes to need a feature that this version does not have: `UnsupportedError` says which, when
 * a component is loaded, or as the cause of the trap of a call. docs/conformance.md has the list.
 */
import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { parse } from "@bytecodealliance/jco";
import { HostwrightError, MalformedComponentError, UnsupportedError } from "../../src/model/errors.ts";
import { StorePoisonedError, Trap, type TrapCode } from "../../src/runtime/index.ts";
import type { CaseResult, RunSuite } from "../conformance-case.ts";
import { ComponentWorld } from "../wast/component-world.ts";
import { wastFiles } from "../wast/files.ts";
import { type Action, type Definition, type Directive, parseScript } from "../wast/script.ts";

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

/** What the trap of some messages has to be; the rest only have to be traps. */
const TRAP_CODES: readonly (readonly [message: RegExp, code: TrapCode])[] = [
  [/cannot (enter|leave) component instance/, "cannot-enter"],
  [/unreachable/, "unreachable"],
  [/integer divide by zero/, "integer-divide-by-zero"],
  [/out of bounds memory access/, "memory-out-of-bounds"],
  [
    /unaligned pointer|not aligned|out of bounds of memory|discriminant|bit pattern|utf-|handle|borrow/,
    "abi",
  ],
];

class ScriptRun {
  readonly #world = new ComponentWorld();
  /** Why there is no current instance, or none of that name; the key of the current one is "". */
  readonly #missing = new Map<string, string>();
  /** Of instances that have missed a call, because of a feature: what they do from then on proves nothing. */
  readonly #behind = new Map<string, string>();

  async run(directive: Directive): Promise<Verdict> {
    try {
      const verdict = await this.#directive(directive);
      return verdict.outcome === "fail" ? this.#failed(directive, verdict.detail) : verdict;
    } catch (error) {
      const feature = unsupportedBy(error);
      if (feature === undefined) return this.#failed(directive, message(error));
      if ("action" in directive) this.#behind.set(instanceOf(directive) ?? "", feature);
      else this.#lose(nameOf(directive), feature);
      return { outcome: "skip", detail: feature };
    }
  }

  #failed(directive: Directive, detail: string): Verdict {
    const feature = "action" in directive ? this.#behind.get(instanceOf(directive) ?? "") : undefined;
    return feature === undefined ? fail(detail) : { outcome: "skip", detail: feature };
  }

  async #directive(directive: Directive): Promise<Verdict> {
    switch (directive.kind) {
      case "define": {
        const { definition } = directive;
        this.#world.define(await encode(definition), definition.name);
        return PASS;
      }
      case "instantiate": {
        const { definition } = directive;
        this.#world.instantiate(
          this.#world.define(await encode(definition), definition.name),
          definition.name,
        );
        this.#arrive(definition.name);
        return PASS;
      }
      case "instance":
        return this.#instance(directive.definition, directive.name);
      case "action":
      case "assert_return":
        return this.#returns(directive);
      case "assert_trap":
        return await this.#traps(directive.action, directive.message);
      case "assert_invalid":
      case "assert_malformed":
        return await this.#refused(directive.definition);
      case "assert_unlinkable": {
        const component = this.#world.define(await encode(directive.definition), undefined);
        const error = caught(() => this.#world.instantiate(component, undefined));
        return error instanceof HostwrightError ? PASS : fail(`expected a refusal, got ${message(error)}`);
      }
      default:
        return fail(`the runner does not know ${directive.kind}`);
    }
  }

  #instance(definition: string | undefined, name: string | undefined): Verdict {
    const component = this.#world.definition(definition);
    const feature = this.#missing.get(definition ?? "");
    if (component === undefined && feature !== undefined) {
      this.#lose(name, feature);
      return { outcome: "skip", detail: feature };
    }
    if (component === undefined) return fail("no such definition");
    this.#world.instantiate(component, name);
    this.#arrive(name);
    return PASS;
  }

  #arrive(name: string | undefined): void {
    for (const known of ["", name ?? ""]) {
      this.#missing.delete(known);
      this.#behind.delete(known);
    }
  }

  /** The current instance, and the one called `name`, are not there because of `feature`. */
  #lose(name: string | undefined, feature: string): void {
    this.#missing.set("", feature);
    if (name !== undefined) this.#missing.set(name, feature);
  }

  #absent(action: Action): Verdict | undefined {
    if (this.#world.hasInstance(action.module)) return undefined;
    const feature = this.#missing.get(action.module ?? "");
    return feature === undefined ? undefined : { outcome: "skip", detail: feature };
  }

  #returns(directive: Extract<Directive, { kind: "action" | "assert_return" }>): Verdict {
    const { action } = directive;
    if (action.kind !== "invoke") return fail("components export no globals");
    const absent = this.#absent(action);
    if (absent !== undefined) return absent;
    const results = directive.kind === "assert_return" ? directive.results : [];
    const { value, expected } = this.#world.invoke(action, results);
    if (results.length === 0 || isDeepStrictEqual(value, expected)) return PASS;
    return fail(`expected ${show(expected)}, got ${show(value)}`);
  }

  async #traps(action: Action | Definition, expected: string): Promise<Verdict> {
    let error: unknown;
    if (action.kind === "invoke" || action.kind === "get") {
      if (action.kind !== "invoke") return fail("components export no globals");
      const absent = this.#absent(action);
      if (absent !== undefined) return absent;
      error = caught(() => this.#world.invoke(action, []));
    } else {
      const component = this.#world.define(await encode(action), undefined);
      error = caught(() => this.#world.instantiate(component, undefined));
    }
    if (unsupportedBy(error) !== undefined) throw error;
    // A store that has been poisoned by a trap is how an instance is not entered again.
    if (error instanceof StorePoisonedError && /cannot enter/.test(expected)) return PASS;
    if (!(error instanceof Trap)) return fail(`expected a trap (${expected}), got ${message(error)}`);
    const [, code = error.code] = TRAP_CODES.find(([pattern]) => pattern.test(expected)) ?? [];
    return code === error.code
      ? PASS
      : fail(`expected ${code} (${expected}), got ${error.code}: ${error.message}`);
  }

  async #refused(definition: Definition): Promise<Verdict> {
    let bytes: Uint8Array;
    try {
      bytes = await encode(definition);
    } catch {
      // There is no such binary: the text parser has refused it.
      return PASS;
    }
    const error = caught(() => this.#world.define(bytes, undefined));
    if (error instanceof MalformedComponentError && error.offset <= bytes.length) return PASS;
    return fail(`expected a refusal, got ${message(error)}`);
  }
}

function instanceOf(directive: Directive): string | undefined {
  if (!("action" in directive)) return undefined;
  const { action } = directive;
  return action.kind === "invoke" || action.kind === "get" ? action.module : undefined;
}

function nameOf(directive: Directive): string | undefined {
  if (directive.kind === "instance") return directive.name;
  return directive.kind === "define" || directive.kind === "instantiate"
    ? directive.definition.name
    : undefined;
}

/** The feature that is missing, if that is what an error is about. */
function unsupportedBy(error: unknown): string | undefined {
  let cause = error;
  while (cause instanceof Error) {
    if (cause instanceof UnsupportedError) return cause.feature;
    cause = cause.cause;
  }
  return undefined;
}

async function encode({ source, kind }: Definition): Promise<Uint8Array> {
  if (kind !== "component") throw new Error("a core module in a component script");
  if (source.format === "binary") return source.bytes;
  try {
    return new Uint8Array(await parse(source.text));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UnsupportedError("text that jco cannot parse", reason);
  }
}

function caught(act: () => unknown): unknown {
  try {
    act();
    return undefined;
  } catch (error) {
    return error ?? new Error("threw nothing");
  }
}

function message(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

function show(value: unknown): string {
  return JSON.stringify(value, (_, part) => (typeof part === "bigint" ? `${part}n` : part)) ?? "nothing";
}
