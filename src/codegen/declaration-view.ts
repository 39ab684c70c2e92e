/** Declarations of the named types of an interface or a world. */
import { flagKeys, keyedFields, NameScope } from "../model/name-scope.ts";
import { camelCase } from "../model/names.ts";
import type { Case, Field, Named, TypeDef } from "../model/resolve.ts";
import { type Context, usedType } from "./context.ts";
import { docsView } from "./docs-view.ts";
import { stringLiteral } from "./escape.ts";
import type { FileNames } from "./file-names.ts";
import { memberKey, typeIdentifier } from "./identifiers.ts";
import type { Members } from "./members.ts";
import type { ModuleExport } from "./options.ts";
import { resourceView } from "./resource-view.ts";
import { isTaggedOption, structuralView, taggedView, typeView, undefinedView } from "./type-view.ts";
import type { DeclarationView, EnumCaseView, FieldView, TypeView } from "./views.ts";

/** What a file says of its types. */
export interface Declarations {
  readonly declarations: readonly DeclarationView[];
  /** Types of other files that this one offers, too. */
  readonly reexports: readonly string[];
}

export function declarationViews(
  types: Iterable<TypeDef>,
  members: Members,
  names: FileNames,
  context: Context,
): Declarations {
  const declarations: DeclarationView[] = [];
  const reexports: string[] = [];
  for (const def of types) {
    const name = names.type(def, names);
    const origin = importForeign(def, name, names, context);
    if (origin === "imported") reexports.push(name);
    const declaration =
      origin === "own"
        ? declarationView(def, name, members, names, context)
        : foreignClass(def, name, members, names, context);
    if (declaration !== undefined) declarations.push(declaration);
  }
  return { declarations, reexports };
}

/** Imports a type that is declared in another file, in WIT or by the user; tells where it is declared. */
function importForeign(
  def: TypeDef,
  name: string,
  names: FileNames,
  context: Context,
): "own" | "imported" | "same-file" {
  const replacement = replacementOf(def, names, context);
  if (replacement !== undefined) {
    const from = names.output.specifierOfUsers(replacement.module);
    names.output.importAs(from, "types", replacement.export, name);
    return "imported";
  }
  if (names.isAlias(def)) return "same-file";
  if (usedType(def) === undefined) return "own";
  const source = context.followUse(def, names);
  names.importType(source.names, source.def, name);
  return "imported";
}

/** The resources of a guest are its own, whatever the host has for its side. */
function replacementOf(def: TypeDef, names: FileNames, context: Context): ModuleExport | undefined {
  const isGuests = names.file.side === "export" && def.type.kind === "resource";
  return isGuests ? undefined : context.layout.replacements.type(def);
}

/** Also where the objects of a resource are the user's, its class has a type of its own. */
function foreignClass(
  def: TypeDef,
  name: string,
  members: Members,
  names: FileNames,
  context: Context,
): DeclarationView | undefined {
  const resource = members.resources.get(def);
  if (resource?.className === undefined) return undefined;
  return { docs: undefined, name, resource: resourceView(resource, members, names, context, true) };
}

function declarationView(
  def: TypeDef,
  name: string,
  members: Members,
  names: FileNames,
  context: Context,
): DeclarationView {
  const declaration = { docs: docsView(def), name };
  const { type } = def;
  switch (type.kind) {
    case "record": {
      const fields = keyedFields(type.fields).map(([key, field]) => fieldView(field, key, names, context));
      return { ...declaration, record: { fields } };
    }
    case "flags": {
      const keys = flagKeys(type.flags.map((flag) => flag.name));
      const fields = type.flags.map((flag, i) => flagView(flag, keys[i] ?? "", names, context));
      return { ...declaration, record: { fields } };
    }
    case "variant":
      return { ...declaration, cases: type.cases.map((item) => caseView(item, names, context)) };
    case "enum":
      return context.options.enumStyle === "const"
        ? { ...declaration, constants: enumCases(type.cases) }
        : {
            ...declaration,
            cases: type.cases.map((item) => ({ literal: stringLiteral(item.name), docs: docsView(item) })),
          };
    case "resource": {
      const resource = members.resources.get(def);
      return resource === undefined
        ? declaration
        : { ...declaration, resource: resourceView(resource, members, names, context, false) };
    }
    default:
      return { ...declaration, alias: structuralView(def, names, context) };
  }
}

function enumCases(cases: readonly Named[]): EnumCaseView[] {
  const scope = new NameScope();
  return cases.map((item) => ({
    docs: docsView(item),
    key: memberKey(scope.claim(typeIdentifier(item.name))),
    literal: stringLiteral(item.name),
  }));
}

function fieldView(field: Field, key: string, names: FileNames, context: Context): FieldView {
  context.renames.note(names, field.name, camelCase(field.name), key);
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

function flagView(flag: Named, key: string, names: FileNames, context: Context): FieldView {
  context.renames.note(names, flag.name, camelCase(flag.name), key);
  const optional = context.options.flagsStyle === "optional";
  const boolean: TypeView = { ref: "boolean" };
  const type = optional ? { union: [boolean, undefinedView] } : boolean;
  return { docs: docsView(flag), key: memberKey(key), type, optional };
}

function caseView(item: Case, names: FileNames, context: Context): TypeView {
  const val = item.type === undefined ? undefined : typeView(item.type, names, context);
  return { ...taggedView(item.name, val), docs: docsView(item) };
}
