/** Functions that have types, and that the runtime of this version does not run. */
import type { Func, Type, World } from "../model/resolve.ts";
import type { GenerateDiagnostic } from "./diagnostics.ts";
import { hasPart, type KnownTypes } from "./has-part.ts";
import type { RuleBook } from "./rule-book.ts";
import { functionSubjects, subjectName } from "./subjects.ts";

const MAX_SHOWN = 3;

export function unsupportedFunctions(world: World, rules: RuleBook): GenerateDiagnostic[] {
  const known: KnownTypes = new Map();
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

function hasAsyncTypes({ params, result }: Func, known: KnownTypes): boolean {
  const types = [...params.map((param) => param.type), ...(result === undefined ? [] : [result])];
  return types.some((type) => hasPart(type, isAsync, known));
}

function isAsync(type: Type): boolean {
  return typeof type === "string"
    ? type === "error-context"
    : type.type.kind === "stream" || type.type.kind === "future";
}
