/** The caller, as a host function gets it where a rule says `store`. */
import type { FileNames } from "./file-names.ts";
import type { Settings } from "./rule-book.ts";
import type { TypeView } from "./views.ts";

/** @param typed true to have the type of the store's data, which is then a type parameter of what the function is in */
export function callerView(settings: Settings, names: FileNames, typed: boolean): TypeView | undefined {
  if (!settings.store) return undefined;
  const data: TypeView = { ref: typed ? names.output.dataParameter : "unknown" };
  return { generic: names.runtimeType("Caller"), args: [data] };
}
