/** What `addToLinker` gives to a linker: resource types, and functions that call the host. */
import type { Func } from "../model/resolve.ts";
import type { Context } from "./context.ts";
import type { Descriptors } from "./descriptors.ts";
import { stringLiteral } from "./escape.ts";
import type { FileNames } from "./file-names.ts";
import { claimMembers, functionView, paramViews } from "./function-view.ts";
import { memberKey, Scope } from "./identifiers.ts";
import type { Members, ResourceMembers } from "./members.ts";
import type { FunctionView, LinkResourceView, LinkView, PropertyView } from "./views.ts";

/** The host's side of an interface or a world, once as a type and once as calls. */
export interface HostMembers {
  readonly properties: readonly PropertyView[];
  readonly functions: readonly FunctionView[];
  readonly linkResources: readonly LinkResourceView[];
  readonly linkFunctions: readonly LinkView[];
}

/** Names that a linked function has of its own. */
const wrapperVariables: readonly string[] = ["caller", "_caller", "getHost"];

/** @param scope the names of the host's members, to which those of `members` are added */
export function hostMembers(
  members: Members,
  scope: Scope,
  names: FileNames,
  context: Context,
  descriptors: Descriptors,
): HostMembers {
  const properties: PropertyView[] = [];
  const linkResources: LinkResourceView[] = [];
  const linkFunctions: LinkView[] = [];
  const functionNames = claimMembers(members.functions, scope);

  const common = (func: Func): Pick<LinkView, "wit" | "async" | "params" | "type"> => ({
    wit: stringLiteral(func.name),
    async: func.async,
    params: paramViews(func, names, context, func.kind.kind === "method" ? ["self"] : wrapperVariables),
    type: descriptors.func(func, names),
  });

  for (const resource of members.resources.values()) {
    linkResources.push({
      wit: stringLiteral(resource.def.name ?? ""),
      constant: descriptors.constant(resource.def, names),
    });
    const property = resource.className === undefined ? undefined : scope.claim(resource.name);
    if (property !== undefined && resource.className !== undefined) {
      properties.push({ docs: undefined, key: memberKey(property), type: resource.className });
    }
    linkFunctions.push(...resourceLinks(resource, property ?? "", common));
  }
  for (const [func, name] of functionNames) {
    linkFunctions.push({ ...common(func), free: { name } });
  }
  return {
    properties,
    functions: [...functionNames].map(([func, name]) => functionView(func, name, names, context)),
    linkResources,
    linkFunctions,
  };
}

function resourceLinks(
  resource: ResourceMembers,
  property: string,
  common: (func: Func) => Pick<LinkView, "wit" | "async" | "params" | "type">,
): LinkView[] {
  const methods = claimMembers(resource.methods, Scope.ofMembers());
  const statics = claimMembers(resource.statics, Scope.ofStatics());
  return [
    ...resource.constructors.map((func) => ({ ...common(func), constructs: { class: property } })),
    ...[...methods].map(([func, name]) => ({ ...common(func), method: { self: resource.name, name } })),
    ...[...statics].map(([func, name]) => ({ ...common(func), static: { class: property, name } })),
  ];
}
