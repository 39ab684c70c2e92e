/** A class that calls a guest: the client of an exported interface, or the world's own class. */
import type { Context } from "./context.ts";
import { stringLiteral } from "./escape.ts";
import type { FileNames } from "./file-names.ts";
import { claimMembers, functionView, resultView } from "./function-view.ts";
import { memberKey, type Scope } from "./identifiers.ts";
import type { Members } from "./members.ts";
import { voidView } from "./type-view.ts";
import type { CallView, ClientView } from "./views.ts";

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
): Pick<ClientView, "classes" | "functions" | "instance"> {
  const path = (name: string): string[] =>
    (instance === undefined ? [name] : [instance, name]).map(stringLiteral);
  const functions: CallView[] = [];
  for (const [func, name] of claimMembers(members.functions, scope)) {
    const { value } = resultView(func, names, context);
    functions.push({
      ...functionView(func, name, names, context),
      path: path(func.name),
      field: name,
      typedFunc: names.runtimeType("TypedFunc"),
      result: value,
      async: func.async,
      void: value === voidView,
    });
  }
  const classes = [...members.resources.values()].flatMap(({ def, name, className }) =>
    className === undefined
      ? []
      : [{ docs: undefined, key: memberKey(scope.claim(name)), type: className, path: path(def.name ?? "") }],
  );
  return { classes, functions, instance: names.runtimeType("Instance") };
}
