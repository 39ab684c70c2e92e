/** Functions that have types, and that the runtime of this version does not run. */
import type { Func, Type, World } from "../model/resolve.ts";
import type { GenerateDiagnostic } from "./diagnostics.ts";
import type { RuleBook } from "./rule-book.ts";
import { functionSubjects, subjectName } from "./subjects.ts";

const MAX_SHOWN = 3;

export function unsupportedFunctions(world: World, rules: RuleBook): GenerateDiagnostic[] {
  const known = new Map<Type, boolean>();
  const names: string[] = [];
  for (const subject of functionSubjects(world)) {
    const { side, instance, func } = subject;
    const settings = rules.settingsOf(side, instance)(func);
    if (settings.skip || !(settings.async || hasAsyncTypes(func, known))) continue;
    names.push(`${side} ${subjectName(subject)}`);
    // One more than is shown, to know that there are others: to count them all may take long.
    if (names.length > MAX_SHOWN) break;
  }
  if (names.length === 0) return [];
  const more = names.length > MAX_SHOWN ? ", and others" : "";
  return [
    {
      severity: "note",
      code: "unsupported",
      message:
        "the bindings have async functions, streams, futures or error contexts, and the runtime of this version refuses " +
        `components that use them: ${names.slice(0, MAX_SHOWN).join(", ")}${more}`,
    },
  ];
}

function hasAsyncTypes({ params, result }: Func, known: Map<Type, boolean>): boolean {
  const types = [...params.map((param) => param.type), ...(result === undefined ? [] : [result])];
  return types.some((type) => isAsync(type, known));
}

/** Looked at without recursion: chains of names may be long. Types share their parts; each is looked at once. */
function isAsync(type: Type, known: Map<Type, boolean>): boolean {
  const seen: Type[] = [];
  const queue: Type[] = [type];
  let found = false;
  for (let next = queue.pop(); next !== undefined && !found; next = queue.pop()) {
    const answer = known.get(next);
    if (answer !== undefined) {
      found = answer;
      continue;
    }
    known.set(next, false);
    seen.push(next);
    found =
      typeof next === "string"
        ? next === "error-context"
        : next.type.kind === "stream" || next.type.kind === "future";
    if (typeof next !== "string") queue.push(...partsOf(next));
  }
  // What was on the way is not known to be without: it is asked again, if it is asked for.
  if (found) for (const item of seen) known.delete(item);
  known.set(type, found);
  return found;
}

function partsOf({ type }: Exclude<Type, string>): Type[] {
  const present = (types: readonly (Type | undefined)[]): Type[] =>
    types.filter((part) => part !== undefined);
  switch (type.kind) {
    case "alias":
      return [type.target];
    case "record":
      return type.fields.map((field) => field.type);
    case "variant":
      return present(type.cases.map((item) => item.type));
    case "tuple":
      return [...type.types];
    case "list":
    case "fixed-length-list":
      return [type.element];
    case "map":
      return [type.key, type.value];
    case "option":
      return [type.some];
    case "result":
      return present([type.ok, type.err]);
    case "own":
    case "borrow":
    case "resource":
    case "enum":
    case "flags":
    case "stream":
    case "future":
      return [];
  }
}
