/** WIT functions as TypeScript signatures. */
import type { Func, Type } from "../model/resolve.ts";
import type { Context } from "./context.ts";
import { docsView } from "./docs-view.ts";
import type { FileNames } from "./file-names.ts";
import { memberKey, Scope, valueIdentifier } from "./identifiers.ts";
import { typeView, undefinedView, voidView } from "./type-view.ts";
import type { FunctionView, ParamView, TypeView } from "./views.ts";

/** "[method]blob.read" -> "read". */
export function shortName(func: Func): string {
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
export function claimMembers(functions: Iterable<Func>, scope: Scope): Map<Func, string> {
  const names = new Map<Func, string>();
  for (const func of functions) {
    names.set(func, scope.claim(valueIdentifier(shortName(func))));
  }
  return names;
}

/** What a function returns, and what it throws: a `result` is both. */
export interface ResultView {
  readonly value: TypeView;
  readonly throws: TypeView | undefined;
}

export function resultView(func: Func, names: FileNames, context: Context): ResultView {
  if (func.result === undefined) {
    return { value: voidView, throws: undefined };
  }
  const structure = context.structureOf(func.result);
  if (typeof structure === "string" || structure.kind !== "result") {
    return { value: typeView(func.result, names, context), throws: undefined };
  }
  const view = (type: Type | undefined, none: TypeView): TypeView =>
    type === undefined ? none : typeView(type, names, context);
  return { value: view(structure.ok, voidView), throws: view(structure.err, undefinedView) };
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

/** The signature of a member of an interface or class. */
export function functionView(func: Func, name: string, names: FileNames, context: Context): FunctionView {
  const { value, throws } = resultView(func, names, context);
  const isPromise = func.async && func.kind.kind !== "constructor";
  return {
    docs: docsView(func, { throws }),
    key: memberKey(name),
    params: paramViews(func, names, context),
    returns: isPromise ? { generic: names.global("Promise"), args: [value] } : value,
  };
}
