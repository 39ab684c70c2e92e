/** A class that calls a guest: the client of an exported interface, or the world's own class. */
import { NameScope } from "../model/name-scope.ts";
import type { Func } from "../model/resolve.ts";
import type { Context } from "./context.ts";
import { stringLiteral } from "./escape.ts";
import type { FileNames } from "./file-names.ts";
import { claimMembers, functionView, resultParts, resultView } from "./function-view.ts";
import { memberKey, Scope } from "./identifiers.ts";
import type { Members, ResourceMembers } from "./members.ts";
import { voidView } from "./type-view.ts";
import type { CallView, ClassPropertyView, ClientView, ResultMembersView } from "./views.ts";
import { isLong, widthOf, widthOfParams } from "./width.ts";

type ClientMembers = Pick<ClientView, "classes" | "functions" | "instance" | "tracer">;

/**
 * @param instance the name of the exported instance; undefined for the world itself
 * @param scope the names of the class's members, to which those of `members` are added
 */
export function clientMembers(
  members: Members,
  instance: string | undefined,
  scope: Scope,
  names: FileNames,
  context: Context,
): ClientMembers {
  const path = (name: string): string[] =>
    (instance === undefined ? [name] : [instance, name]).map(stringLiteral);
  const claimed = claimMembers(members.functions, scope, names, context);
  // A function may be called `tracer`, and have the field of that name.
  const tracerField = new NameScope(claimed.values()).claim("tracer");
  const functions = [...claimed].map(([func, name]) => {
    const call = callView(func, name, instance, members, names, context);
    return { ...call, path: path(func.name), tracerField };
  });
  const classes = [...members.resources.values()].flatMap((resource): ClassPropertyView[] => {
    const { def, name, className } = resource;
    const results = resultMembers(resource, members, names, context);
    if (className === undefined && results === undefined) return [];
    const key = className === undefined ? undefined : memberKey(scope.claim(name));
    return [{ key, type: className ?? "", path: path(def.name ?? ""), results }];
  });
  return {
    classes,
    functions,
    instance: names.runtimeType("Instance"),
    tracer: functions.some((call) => call.traced !== undefined)
      ? { type: names.runtimeType("Tracer"), field: tracerField }
      : undefined,
  };
}

function callView(
  func: Func,
  name: string,
  instance: string | undefined,
  members: Members,
  names: FileNames,
  context: Context,
): Omit<CallView, "path" | "tracerField"> {
  const settings = members.settingsOf(func);
  const { value } = resultView(func, "throw", names, context);
  const view = functionView(func, name, names, context, { settings });
  const parts = settings.results === "value" ? resultParts(func, names, context) : undefined;
  const traceName = instance === undefined ? func.name : `${instance}#${func.name}`;
  return {
    ...view,
    field: name,
    wrapField: isLong(name.length + widthOfParams(view.params) + widthOf(value) + 14),
    typedFunc: names.runtimeType("TypedFunc"),
    result: value,
    async: settings.async,
    void: value === voidView && parts === undefined && !settings.async,
    toResult:
      parts === undefined
        ? undefined
        : { function: names.runtimeValue(settings.async ? "toResultAsync" : "toResult"), ...parts },
    traced: settings.tracing
      ? { function: names.runtimeValue("tracedCall"), name: stringLiteral(traceName) }
      : undefined,
  };
}

/** The members of a guest's class that shall return results: the runtime makes them, and they throw. */
function resultMembers(
  { methods, statics }: ResourceMembers,
  { settingsOf }: Members,
  names: FileNames,
  context: Context,
): ResultMembersView | undefined {
  const wanted = (funcs: readonly Func[], scope: Scope): string[] =>
    [...claimMembers(funcs, scope, names, context)]
      .filter(([func]) => settingsOf(func).results === "value")
      .map(([, name]) => stringLiteral(name));
  const [ofObjects, ofClass] = [wanted(methods, Scope.ofMembers()), wanted(statics, Scope.ofStatics())];
  if (ofObjects.length + ofClass.length === 0) return undefined;
  return { function: names.runtimeValue("resultMembers"), methods: ofObjects, statics: ofClass };
}
