/**
 * Which exported function `hostwright run` calls, and with which arguments.
 */
import { ConfigError } from "../model/errors.ts";
import type { ExternType } from "../model/extern-type.ts";
import { nearestName } from "../model/nearest.ts";
import { printFuncType } from "../model/print-type.ts";
import type { FuncType } from "../model/value-type.ts";
import { parseArguments } from "./wave/index.ts";

export interface RunTarget {
  /** As `Instance.getFunc` takes it. */
  readonly path: readonly string[];
  readonly type: FuncType;
  readonly args: readonly unknown[];
}

type Exports = ReadonlyMap<string, ExternType>;
type Candidate = Omit<RunTarget, "args">;

/**
 * The function that runs if nothing else is asked for: `run`, or that of `wasi:cli/run@0.2.x`.
 *
 * @throws ConfigError if there is none, or if it wants arguments.
 */
export function defaultTarget(exports: Exports): RunTarget {
  const candidates = listFunctions(exports);
  const target =
    candidates.find(({ path }) => path.length === 1 && path[0] === "run") ??
    candidates.find(({ path }) => /^wasi:cli\/run@0\.2\./.test(path[0] ?? "") && path[1] === "run");
  if (target === undefined) {
    throw new ConfigError(
      `The component exports no function \`run\`: name one with --invoke. ${inventory(candidates)}`,
    );
  }
  if (target.type.params.length > 0) {
    throw new ConfigError(
      `\`run\` wants arguments: give them with --invoke 'run(...)'. ${inventory([target])}`,
    );
  }
  return { ...target, args: [] };
}

/**
 * The function and the arguments of a call in WAVE: `f("x", 1)`, or `amal:obs/api@0.1.0#f("x", 1)`. The
 * interface, or its version, may be left out where one function only is meant.
 *
 * @throws ConfigError if there is no such function, or more than one; WaveError for the arguments.
 */
export function invokeTarget(exports: Exports, call: string): RunTarget {
  const open = call.indexOf("(");
  const name = (open === -1 ? call : call.slice(0, open)).trim();
  const candidates = listFunctions(exports);
  const exact = candidates.filter((candidate) => spellings(candidate)[0] === name);
  const found =
    exact.length > 0 ? exact : candidates.filter((candidate) => spellings(candidate).includes(name));
  const [target, ...others] = found;
  if (target === undefined) {
    const suggestion = nearestName(name, candidates.flatMap(spellings));
    const hint = suggestion === undefined ? inventory(candidates) : `Did you mean \`${suggestion}\`?`;
    throw new ConfigError(`The component exports no function \`${name}\`. ${hint}`);
  }
  if (others.length > 0) {
    const names = found.map((candidate) => `\`${spellings(candidate)[0]}\``).join(" or ");
    throw new ConfigError(`More than one function is called \`${name}\`: write ${names}`);
  }
  if (open === -1)
    throw new ConfigError(`\`${name}\` is not a call: write --invoke '${name}(...)'. ${inventory([target])}`);
  return { ...target, args: parseArguments(call, open, target.type.params) };
}

function listFunctions(exports: Exports): Candidate[] {
  const functions: Candidate[] = [];
  for (const [name, item] of exports) {
    if (item.kind === "func") functions.push({ path: [name], type: item });
    if (item.kind !== "instance") continue;
    for (const [inner, member] of item.exports) {
      if (member.kind === "func") functions.push({ path: [name, inner], type: member });
    }
  }
  return functions;
}

/** What a person may write for a function; the first is the whole name, which is unique. */
function spellings({ path }: Candidate): string[] {
  const [outer = "", inner] = path;
  if (inner === undefined) return [outer];
  const interfaceName = outer.replace(/@[^@]*$/, "");
  return [
    `${outer}#${inner}`,
    `${interfaceName}#${inner}`,
    `${interfaceName.replace(/^.*\//, "")}#${inner}`,
    inner,
  ];
}

function inventory(candidates: readonly Candidate[]): string {
  if (candidates.length === 0) return "It exports no functions";
  const shown = candidates.slice(0, 10).map((candidate) => `\n  ${signature(candidate)}`);
  const rest = candidates.length > 10 ? `\n  and ${candidates.length - 10} more` : "";
  return `It exports:${shown.join("")}${rest}`;
}

function signature(candidate: Candidate): string {
  return `${spellings(candidate)[0]}: ${printFuncType(candidate.type)}`;
}
