/** Declarations of the named types of an interface or a world. */
import { UnsupportedError } from "../model/errors.ts";
import { camelCase } from "../model/names.ts";
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
      const view = (field: Field): FieldView => fieldView(field, names, context);
      checkKeys(type.fields, `record ${def.name}`);
      return { ...declaration, record: { fields: type.fields.map(view) } };
    }
    case "flags":
      checkKeys(type.flags, `flags ${def.name}`);
      return { ...declaration, record: { fields: type.flags.map(flagView) } };
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

function fieldView(field: Field, names: FileNames, context: Context): FieldView {
  const structure = context.structureOf(field.type);
  const optional =
    typeof structure !== "string" && structure.kind === "option" && !isTaggedOption(structure, context);
  return {
    docs: docsView(field),
    key: memberKey(camelCase(field.name)),
    type: typeView(field.type, names, context),
    optional,
  };
}

function flagView(flag: Named): FieldView {
  const type: TypeView = { union: [{ ref: "boolean" }, { ref: "undefined" }] };
  return { docs: docsView(flag), key: memberKey(camelCase(flag.name)), type, optional: true };
}

function caseView(item: Case, names: FileNames, context: Context): TypeView {
  const val = item.type === undefined ? undefined : typeView(item.type, names, context);
  return { ...taggedView(item.name, val), docs: docsView(item) };
}

/** Names such as `a-1` and `a1` are two in WIT and one in camelCase; a host could not tell their values apart. */
function checkKeys(members: readonly Named[], where: string): void {
  const keys = new Map<string, string>();
  for (const { name } of members) {
    const key = camelCase(name);
    const other = keys.get(key);
    if (other !== undefined) {
      throw new UnsupportedError(
        "names that are one in camelCase",
        `${where}: ${JSON.stringify(other)} and ${JSON.stringify(name)} are both \`${key}\` in TypeScript; rename one of them`,
      );
    }
    keys.set(key, name);
  }
}
