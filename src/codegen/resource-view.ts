/** A resource: the interface of its objects, and that of their class. */
import type { Func } from "../model/resolve.ts";
import { callerView } from "./caller-view.ts";
import type { Context } from "./context.ts";
import type { FileNames } from "./file-names.ts";
import { claimMembers, functionView } from "./function-view.ts";
import { Scope } from "./identifiers.ts";
import type { Members, ResourceMembers } from "./members.ts";
import type { FunctionView, ResourceView } from "./views.ts";

/** @param external true if the type of the objects is the user's */
export function resourceView(
  resource: ResourceMembers,
  members: Members,
  names: FileNames,
  context: Context,
  external: boolean,
): ResourceView {
  const { name, className, constructors, methods, statics } = resource;
  const methodNames = claimMembers(methods, Scope.ofMembers(), names, context);
  const staticNames = claimMembers(statics, Scope.ofStatics(), names, context);
  const view = (func: Func, key: string, typed: boolean): FunctionView => {
    const settings = members.settingsOf(func);
    return functionView(func, key, names, context, { settings, caller: callerView(settings, names, typed) });
  };
  return {
    external,
    base: names.global("Disposable"),
    // A type parameter of the resource would spread to all that mentions it: methods may narrow `unknown` themselves.
    methods: [...methodNames].map(([func, key]) => view(func, key, false)),
    class:
      className === undefined
        ? undefined
        : {
            name: className,
            data: isClassGeneric(resource, members) ? names.output.dataParameter : undefined,
            resource: name,
            constructors: constructors.map((func) => ({ ...view(func, "new", true), key: "new " })),
            statics: [...staticNames].map(([func, key]) => view(func, key, true)),
          },
  };
}

/** True if a constructor or static function gets the caller, whose type has the type of the store's data. */
export function isClassGeneric({ constructors, statics }: ResourceMembers, { settingsOf }: Members): boolean {
  return [...constructors, ...statics].some((func) => settingsOf(func).store);
}
