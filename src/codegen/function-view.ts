/** WIT functions as TypeScript signatures. */
import type { Func, Type } from "../model/resolve.ts";
import type { Context } from "./context.ts";
import { docsView } from "./docs-view.ts";
import type { FileNames } from "./file-names.ts";
import { memberKey, Scope, valueIdentifier } from "./identifiers.ts";
import type { Settings } from "./rule-book.ts";
import { typeView, undefinedView, voidView } from "./type-view.ts";
import type { FunctionView, ParamView, TypeView } from "./views.ts";
import { isLong, widthOf, widthOfParams } from "./width.ts";

/** "[method]blob.read" -> "read". */
function shortName(func: Func): string {
  switch (func.kind.kind) {
    case "freestanding":
      return func.name;
    case "constructor":
      return "constructor";
    case "method":
    case "static":
      return func.name.slice(func.name.indexOf(".") + 1);
  }
}

/** Gives each of `functions` a name in `scope`. */
export function claimMembers(
  functions: Iterable<Func>,
  scope: Scope,
  names: FileNames,
  context: Context,
): Map<Func, string> {
  const claimed = new Map<Func, string>();
  for (const func of functions) {
    const natural = valueIdentifier(shortName(func));
    const name = scope.claim(natural);
    context.renames.note(names, func.name, natural, name);
    claimed.set(func, name);
  }
  return claimed;
}

/** What a function returns, and what it throws: a `result` is both, or one value. */
export interface ResultView {
  readonly value: TypeView;
  readonly throws: TypeView | undefined;
}

export function resultView(
  func: Func,
  results: Settings["results"],
  names: FileNames,
  context: Context,
): ResultView {
  if (func.result === undefined) {
    return { value: voidView, throws: undefined };
  }
  const structure = context.structureOf(func.result);
  if (typeof structure === "string" || structure.kind !== "result") {
    return { value: typeView(func.result, names, context), throws: undefined };
  }
  if (results === "throw") {
    const { err } = structure;
    return {
      value: structure.ok === undefined ? voidView : typeView(structure.ok, names, context),
      // Only a comment tells what is thrown.
      throws: err === undefined ? undefinedView : names.output.mention(() => typeView(err, names, context)),
    };
  }
  if (typeof func.result === "object" && func.result.name !== undefined) {
    return { value: typeView(func.result, names, context), throws: undefined };
  }
  const { ok = voidView, err = voidView } = resultParts(func, names, context) ?? {};
  const args = err === voidView ? (ok === voidView ? [] : [ok]) : [ok, err];
  const name = names.runtimeType("Result");
  return { value: args.length === 0 ? { ref: name } : { generic: name, args }, throws: undefined };
}

/** The types of ok and err of a function that returns a `result`; `void` where there is none. */
export function resultParts(
  func: Func,
  names: FileNames,
  context: Context,
): { readonly ok: TypeView; readonly err: TypeView } | undefined {
  const structure = func.result === undefined ? undefined : context.structureOf(func.result);
  if (structure === undefined || typeof structure === "string" || structure.kind !== "result")
    return undefined;
  const view = (type: Type | undefined): TypeView =>
    type === undefined ? voidView : typeView(type, names, context);
  return { ok: view(structure.ok), err: view(structure.err) };
}

/**
 * The parameters as an implementer sees them: without `self`, which is the object.
 *
 * @param taken names that the function's body needs for itself
 */
export function paramViews(
  func: Func,
  names: FileNames,
  context: Context,
  taken: readonly string[] = [],
): ParamView[] {
  const scope = Scope.ofBindings(taken);
  return (func.kind.kind === "method" ? func.params.slice(1) : func.params).map((param) => ({
    name: scope.claim(valueIdentifier(param.name)),
    type: typeView(param.type, names, context),
  }));
}

export interface SignatureOptions {
  readonly settings: Settings;
  /** The type of the caller that comes first, of a host function that gets it. */
  readonly caller?: TypeView | undefined;
}

/** The signature of a member of an interface or class. */
export function functionView(
  func: Func,
  name: string,
  names: FileNames,
  context: Context,
  { settings, caller }: SignatureOptions,
): FunctionView {
  const isConstructor = func.kind.kind === "constructor";
  const { value, throws } = resultView(func, isConstructor ? "throw" : settings.results, names, context);
  const key = memberKey(name);
  const own = paramViews(func, names, context, caller === undefined ? [] : ["caller"]);
  const params = caller === undefined ? own : [{ name: "caller", type: caller }, ...own];
  const returns: TypeView =
    settings.async && !isConstructor ? { generic: names.global("Promise"), args: [value] } : value;
  return {
    docs: docsView(func, { throws }),
    key,
    params,
    wrap: isLong(key.length + widthOfParams(params) + widthOf(returns)),
    returns,
  };
}
