/** Declarations of the named types of an interface or a world. */
import { flagKeys, keyedFields } from "../model/name-scope.ts";
import type { Case, Field, Named, TypeDef } from "../model/resolve.ts";
import { type Context, usedType } from "./context.ts";
import { docsView } from "./docs-view.ts";
import { stringLiteral } from "./escape.ts";
import type { FileNames } from "./file-names.ts";
import { memberKey } from "./identifiers.ts";
import type { Members } from "./members.ts";
import { resourceView } from "./resource-view.ts";
import { isTaggedOption, structuralView, taggedView, typeView } from "./type-view.ts";
import type { DeclarationView, FieldView, TypeView } from "./views.ts";

/** The declaration of `def`; undefined if another file declares it, from where it is then imported. */
export function declarationView(
  def: TypeDef,
  members: Members,
  names: FileNames,
  context: Context,
): DeclarationView | undefined {
  const name = names.type(def, names);
  if (usedType(def) !== undefined) {
    const source = context.followUse(def, names);
    names.importType(source.names, source.def, name);
    return undefined;
  }
  const declaration = { docs: docsView(def), name };
  const { type } = def;
  switch (type.kind) {
    case "record": {
      const fields = keyedFields(type.fields).map(([key, field]) => fieldView(field, key, names, context));
      return { ...declaration, record: { fields } };
    }
    case "flags": {
      const keys = flagKeys(type.flags.map((flag) => flag.name));
      return {
        ...declaration,
        record: { fields: type.flags.map((flag, i) => flagView(flag, keys[i] ?? "")) },
      };
    }
    case "variant":
      return { ...declaration, cases: type.cases.map((item) => caseView(item, names, context)) };
    case "enum":
      return {
        ...declaration,
        cases: type.cases.map((item) => ({ literal: stringLiteral(item.name), docs: docsView(item) })),
      };
    case "resource": {
      const resource = members.resources.get(def);
      return resource === undefined
        ? declaration
        : { ...declaration, resource: resourceView(resource, names, context) };
    }
    default:
      return { ...declaration, alias: structuralView(def, names, context) };
  }
}

function fieldView(field: Field, key: string, names: FileNames, context: Context): FieldView {
  const structure = context.structureOf(field.type);
  const optional =
    typeof structure !== "string" && structure.kind === "option" && !isTaggedOption(structure, context);
  return {
    docs: docsView(field),
    key: memberKey(key),
    type: typeView(field.type, names, context),
    optional,
  };
}

function flagView(flag: Named, key: string): FieldView {
  const type: TypeView = { union: [{ ref: "boolean" }, { ref: "undefined" }] };
  return { docs: docsView(flag), key: memberKey(key), type, optional: true };
}

function caseView(item: Case, names: FileNames, context: Context): TypeView {
  const val = item.type === undefined ? undefined : typeView(item.type, names, context);
  return { ...taggedView(item.name, val), docs: docsView(item) };
}
