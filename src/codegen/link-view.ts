/** What `addToLinker` gives to a linker: resource types, and functions that call the host. */
import type { Func } from "../model/resolve.ts";
import { callerView } from "./caller-view.ts";
import type { Context } from "./context.ts";
import type { Descriptors } from "./descriptors.ts";
import { stringLiteral } from "./escape.ts";
import type { FileNames } from "./file-names.ts";
import { claimMembers, functionView, paramViews, resultParts } from "./function-view.ts";
import { memberKey, Scope } from "./identifiers.ts";
import type { Members, ResourceMembers } from "./members.ts";
import { isClassGeneric } from "./resource-view.ts";
import type { Settings } from "./rule-book.ts";
import type {
  CallTargetView,
  FunctionView,
  HandlerView,
  LinkResourceView,
  LinkView,
  PropertyView,
} from "./views.ts";
import { isLong, widthOfDescriptor, widthOfNames, widthOfParams } from "./width.ts";

/** The host's side of an interface or a world, once as a type and once as calls. */
export interface HostMembers {
  readonly properties: readonly PropertyView[];
  readonly functions: readonly FunctionView[];
  readonly linkResources: readonly LinkResourceView[];
  readonly linkFunctions: readonly LinkView[];
  /** True if the type of the host has the type of the store's data. */
  readonly generic: boolean;
  /** True if calls are traced. */
  readonly traced: boolean;
}

/** Names that a linked function has of its own. */
const wrapperVariables: readonly string[] = ["caller", "_caller", "getHost", "tracer"];

/** Of `(caller, ) => getHost(caller.data).` and a name. */
const CALL_WIDTH = 45;

/**
 * @param instance the name of the interface in the component; undefined for the world itself
 * @param scope the names of the host's members, to which those of `members` are added
 */
export function hostMembers(
  members: Members,
  instance: string | undefined,
  scope: Scope,
  names: FileNames,
  context: Context,
  descriptors: Descriptors,
): HostMembers {
  const properties: PropertyView[] = [];
  const linkResources: LinkResourceView[] = [];
  const linkFunctions: LinkView[] = [];
  const { settingsOf } = members;
  const functionNames = claimMembers(members.functions, scope, names, context);
  let generic = members.functions.some((func) => settingsOf(func).store);

  const link = (func: Func, target: CallTargetView): LinkView => {
    const settings = settingsOf(func);
    const type = descriptors.func(func, names);
    return {
      wit: stringLiteral(func.name),
      async: settings.async,
      handler: handlerView(func, target, settings, instance, names, context),
      type,
      wrapType: isLong(widthOfDescriptor(type)),
    };
  };

  for (const resource of members.resources.values()) {
    linkResources.push({
      wit: stringLiteral(resource.def.name ?? ""),
      constant: descriptors.constant(resource.def, names),
    });
    const property = resource.className === undefined ? undefined : scope.claim(resource.name);
    if (property !== undefined && resource.className !== undefined) {
      const isGeneric = isClassGeneric(resource, members);
      generic ||= isGeneric;
      const data = isGeneric ? `<${names.output.dataParameter}>` : "";
      properties.push({ docs: undefined, key: memberKey(property), type: resource.className + data });
    }
    for (const [func, target] of resourceTargets(resource, property ?? "", names, context)) {
      linkFunctions.push(link(func, target));
    }
  }
  for (const [func, name] of functionNames) linkFunctions.push(link(func, { free: { name } }));
  const all = [...members.functions, ...[...members.resources.values()].flatMap(functionsOfResource)];
  return {
    properties,
    functions: [...functionNames].map(([func, name]) => {
      const settings = settingsOf(func);
      return functionView(func, name, names, context, {
        settings,
        caller: callerView(settings, names, true),
      });
    }),
    linkResources,
    linkFunctions,
    generic,
    traced: all.some((func) => settingsOf(func).tracing),
  };
}

function functionsOfResource({ constructors, methods, statics }: ResourceMembers): Func[] {
  return [...constructors, ...methods, ...statics];
}

function resourceTargets(
  resource: ResourceMembers,
  property: string,
  names: FileNames,
  context: Context,
): [Func, CallTargetView][] {
  const methods = claimMembers(resource.methods, Scope.ofMembers(), names, context);
  const statics = claimMembers(resource.statics, Scope.ofStatics(), names, context);
  return [
    ...resource.constructors.map((func): [Func, CallTargetView] => [
      func,
      { constructs: { class: property } },
    ]),
    ...[...methods].map(([func, name]): [Func, CallTargetView] => [
      func,
      { method: { self: resource.name, name } },
    ]),
    ...[...statics].map(([func, name]): [Func, CallTargetView] => [
      func,
      { static: { class: property, name } },
    ]),
  ];
}

/** The function that the linker gets: the call of the host, in what the rules wrap around it. */
function handlerView(
  func: Func,
  target: CallTargetView,
  settings: Settings,
  instance: string | undefined,
  names: FileNames,
  context: Context,
): HandlerView {
  const isMethod = func.kind.kind === "method";
  const isConstructor = func.kind.kind === "constructor";
  const { store, tracing, errorMap } = settings;
  const isValue = settings.results === "value" && !isConstructor;
  const isWrapped = tracing || errorMap !== undefined || isValue;
  const params = paramViews(
    func,
    names,
    context,
    isMethod ? ["self", "caller", "_caller"] : wrapperVariables,
  );
  // Where the function goes through another first, TypeScript cannot tell the caller's type.
  const callerType = isWrapped
    ? { generic: names.runtimeType("Caller"), args: [{ ref: names.output.dataParameter }] }
    : undefined;
  const declared =
    "method" in target ? [{ name: "self", type: { ref: target.method.self } }, ...params] : params;
  const isSync = !settings.async || isConstructor;
  let handler: HandlerView = {
    lambda: {
      caller: isMethod && !store ? "_caller" : "caller",
      callerType,
      declared,
      params,
      wrap: isLong(widthOfParams(declared) + CALL_WIDTH + widthOfNames(params)),
      passCaller: store,
      target,
    },
  };
  if (isValue) {
    handler = { fromResult: names.runtimeValue(isSync ? "fromResult" : "fromResultAsync"), inner: handler };
  }
  if (errorMap !== undefined) {
    const module = names.output.specifierOfUsers(errorMap.module);
    handler = {
      mapErrors: names.runtimeValue(isSync ? "mapErrors" : "mapErrorsAsync"),
      map: names.output.import(module, "values", errorMap.export, importedName(errorMap.export)),
      error: resultParts(func, names, context)?.err ?? { ref: "never" },
      inner: handler,
    };
  }
  if (tracing) {
    const name = instance === undefined ? func.name : `${instance}#${func.name}`;
    handler = { traced: names.runtimeValue("traced"), name: stringLiteral(name), inner: handler };
  }
  return handler;
}

function importedName(exported: string): string {
  return exported === "default" ? "mapError" : exported;
}
