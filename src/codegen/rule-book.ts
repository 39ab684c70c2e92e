/** Rules, applied to the functions of a world: which settings each of them has. */
import { didYouMean } from "../model/nearest.ts";
import type { Func, Type, TypeDef, World } from "../model/resolve.ts";
import type { Side } from "./layout.ts";
import type { ModuleExport, Rule } from "./options.ts";
import { type Pattern, parsePattern } from "./pattern.ts";
import { candidateNames, type FunctionSubject, functionSubjects, placesOfOwner } from "./subjects.ts";
import type { UnusedEntry } from "./unused-entries.ts";

/** What becomes of one function. */
export interface Settings {
  readonly async: boolean;
  readonly tracing: boolean;
  /** `value` only if the function returns a `result`. */
  readonly results: "throw" | "value";
  /** For the err of this function. */
  readonly errorMap: ModuleExport | undefined;
  readonly store: boolean;
  readonly skip: boolean;
}

/** Finds the settings of a function of one interface, or of the world, on one side. */
export type SettingsOf = (func: Func) => Settings;

interface CompiledRule {
  readonly pattern: Pattern;
  readonly rule: Rule;
  readonly errors: readonly { readonly pattern: Pattern; readonly target: ModuleExport }[];
}

export class RuleBook {
  /** Rules, and parts of them, that are good for nothing in this world. */
  readonly unused: readonly UnusedEntry[];
  readonly #settings = new Map<string, Map<Func, Settings>>();

  /** @throws ConfigError if a pattern is none */
  constructor(rules: ReadonlyMap<string, Rule>, world: World) {
    const compiled = [...rules].map(([text, rule]) => compileRule(text, rule));
    const audit = new Audit(compiled, world);
    for (const subject of rules.size === 0 ? [] : functionSubjects(world)) {
      const matching = compiled.filter(({ pattern }) => pattern.matches(subject));
      const settings = settingsOf(subject, matching[0], audit);
      audit.note(matching);
      const key = keyOf(subject.side, subject.instance);
      const ofInstance = this.#settings.get(key) ?? new Map<Func, Settings>();
      this.#settings.set(key, ofInstance.set(subject.func, settings));
    }
    this.unused = audit.finish();
  }

  /** @param instance what the component calls the interface; undefined for the world itself */
  settingsOf(side: Side, instance: string | undefined): SettingsOf {
    const known = this.#settings.get(keyOf(side, instance));
    return (func) => known?.get(func) ?? inferred(func);
  }
}

function keyOf(side: Side, instance: string | undefined): string {
  return `${side} ${instance ?? ""}`;
}

/** Without a rule, everything is as the WIT says. */
function inferred(func: Func): Settings {
  return {
    async: func.async,
    tracing: false,
    results: "throw",
    errorMap: undefined,
    store: false,
    skip: false,
  };
}

function compileRule(text: string, rule: Rule): CompiledRule {
  const errors = Object.entries(rule.errorMap ?? {}).map(([type, target]) => ({
    pattern: parsePattern(type, `rules[${JSON.stringify(text)}].errorMap`),
    target,
  }));
  return { pattern: parsePattern(text, "rules"), rule, errors };
}

function settingsOf(subject: FunctionSubject, found: CompiledRule | undefined, audit: Audit): Settings {
  const { func, side } = subject;
  if (found === undefined) return inferred(func);
  const { rule } = found;
  const error = errorType(func);
  if (rule.results === "value" && error !== undefined) audit.use(found, "results");
  if (rule.store === true && side === "import") audit.use(found, "store");
  for (const setting of ["async", "tracing", "skip"] as const)
    if (rule[setting] === true) audit.use(found, setting);
  const mapping = side === "import" && error !== undefined ? mappingFor(error.type, found, audit) : undefined;
  return {
    // What is async in the WIT cannot be made synchronous, and `new` returns no promise.
    async: func.async || (rule.async === true && func.kind.kind !== "constructor"),
    tracing: rule.tracing === true,
    results: rule.results === "value" && error !== undefined ? "value" : "throw",
    errorMap: mapping,
    store: rule.store === true && side === "import",
    skip: rule.skip === true,
  };
}

/** The err of a function that returns a `result`; undefined if it returns none. */
function errorType(func: Func): { readonly type: Type | undefined } | undefined {
  let type: Type | undefined = func.result;
  while (typeof type === "object" && type.type.kind === "alias") type = type.type.target;
  return typeof type === "object" && type.type.kind === "result" ? { type: type.type.err } : undefined;
}

/** The first entry of an error map that names the type, or one that it is another name for. */
function mappingFor(type: Type | undefined, rule: CompiledRule, audit: Audit): ModuleExport | undefined {
  const chain: TypeDef[] = [];
  for (let next = type; typeof next === "object"; ) {
    chain.push(next);
    next = next.type.kind === "alias" ? next.type.target : undefined;
  }
  for (const entry of rule.errors) {
    for (const def of chain) {
      if (def.name === undefined || def.owner === undefined) continue;
      audit.sawError(rule, def);
      const subject = { side: undefined, places: placesOfOwner(def.owner), items: [def.name] };
      if (entry.pattern.matches(subject)) {
        audit.useError(entry.pattern);
        return entry.target;
      }
    }
  }
  return undefined;
}

type Setting = Exclude<keyof Rule, "errorMap">;

/** Sees what rules and settings are good for, and reports those that are good for nothing. */
class Audit {
  readonly #rules: readonly CompiledRule[];
  readonly #world: World;
  readonly #matched = new Set<CompiledRule>();
  readonly #decided = new Set<CompiledRule>();
  readonly #used = new Map<CompiledRule, Set<Setting>>();
  readonly #usedErrors = new Set<Pattern>();
  readonly #errorNames = new Map<CompiledRule, Set<string>>();
  #names: readonly string[] | undefined;

  constructor(rules: readonly CompiledRule[], world: World) {
    this.#rules = rules;
    this.#world = world;
  }

  /** @param matching the rules that match one function; the first of them decides */
  note(matching: readonly CompiledRule[]): void {
    for (const rule of matching) this.#matched.add(rule);
    if (matching[0] !== undefined) this.#decided.add(matching[0]);
  }

  use(rule: CompiledRule, setting: Setting): void {
    const used = this.#used.get(rule) ?? new Set();
    this.#used.set(rule, used.add(setting));
  }

  useError(pattern: Pattern): void {
    this.#usedErrors.add(pattern);
  }

  sawError(rule: CompiledRule, { name, owner }: TypeDef): void {
    const [place] = owner === undefined ? [] : placesOfOwner(owner);
    if (place?.kind !== "id") return;
    const names = this.#errorNames.get(rule) ?? new Set();
    this.#errorNames.set(rule, names.add(`${place.namespace}:${place.package}/${place.name}.${name}`));
  }

  /** What is good for nothing, the worst first. */
  finish(): UnusedEntry[] {
    return [
      ...this.#rules.filter((rule) => !this.#matched.has(rule)).map((rule) => this.#unmatched(rule)),
      ...this.#rules.filter((rule) => this.#matched.has(rule)).flatMap((rule) => this.#idle(rule)),
    ];
  }

  #unmatched({ pattern: { text } }: CompiledRule): UnusedEntry {
    this.#names ??= candidateNames(this.#world);
    const hint = didYouMean(text.replace(/^(?:import|export)\s+/, ""), this.#names);
    const what = `rules: ${JSON.stringify(text)} matches no function of the world ${this.#world.name}`;
    return {
      table: "rules",
      entry: entryOf(text),
      severity: "error",
      message: hint === undefined ? what : `${what}; ${hint}`,
    };
  }

  #idle(rule: CompiledRule): UnusedEntry[] {
    const { text } = rule.pattern;
    const entry = entryOf(text);
    if (!this.#decided.has(rule)) {
      const message = `rules: ${JSON.stringify(text)} decides nothing: patterns before it match all that it matches; move it up`;
      return [{ table: "rules", entry, severity: "warning", code: "shadowed-rule", message }];
    }
    const idle: UnusedEntry[] = this.#unusedErrors(rule);
    for (const setting of ["results", "store"] as const) {
      const isSet = setting === "results" ? rule.rule.results === "value" : rule.rule.store === true;
      if (!isSet || this.#used.get(rule)?.has(setting) === true) continue;
      const why =
        setting === "results" ? "no function that it decides returns a result" : "it decides exports only";
      idle.push({
        table: "rules",
        entry: `${entry}.${setting}`,
        severity: "note",
        code: "unused-setting",
        message: `${entry}.${setting} changes nothing: ${why}`,
      });
    }
    return idle;
  }

  #unusedErrors(rule: CompiledRule): UnusedEntry[] {
    const unused = rule.errors.filter(({ pattern }) => !this.#usedErrors.has(pattern));
    return unused.map(({ pattern }) => {
      const names = [...(this.#errorNames.get(rule) ?? [])];
      const hint =
        didYouMean(pattern.text, names) ??
        (names.length === 0 ? "none of them has a named error" : `they are ${names.join(", ")}`);
      const entry = `${entryOf(rule.pattern.text)}.errorMap`;
      return {
        table: "rules",
        entry: `${entry}[${JSON.stringify(pattern.text)}]`,
        severity: "error",
        message: `${entry}: ${JSON.stringify(pattern.text)} is the error type of no host function that the rule decides; ${hint}`,
      };
    });
  }
}

function entryOf(pattern: string): string {
  return `rules[${JSON.stringify(pattern)}]`;
}
