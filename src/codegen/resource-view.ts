/** A resource: the interface of its objects, and that of their class. */
import type { Context } from "./context.ts";
import type { FileNames } from "./file-names.ts";
import { claimMembers, functionView } from "./function-view.ts";
import { Scope } from "./identifiers.ts";
import type { ResourceMembers } from "./members.ts";
import type { ResourceView } from "./views.ts";

export function resourceView(resource: ResourceMembers, names: FileNames, context: Context): ResourceView {
  const { name, className, constructors, methods, statics } = resource;
  const members = claimMembers(methods, Scope.ofMembers());
  const staticMembers = claimMembers(statics, Scope.ofStatics());
  return {
    base: names.global("Disposable"),
    methods: [...members].map(([func, member]) => functionView(func, member, names, context)),
    class:
      className === undefined
        ? undefined
        : {
            name: className,
            resource: name,
            constructors: constructors.map((func) => functionView(func, "new", names, context)),
            statics: [...staticMembers].map(([func, member]) => functionView(func, member, names, context)),
          },
  };
}
