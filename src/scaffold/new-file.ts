/** The text of a file for what no class implements yet. */
import type { ClassDeclaration } from "ts-morph";
import { Scope, valueIdentifier } from "../codegen/identifiers.ts";
import type { ScaffoldContext } from "./context.ts";
import type { Trait, TraitMember } from "./host-traits.ts";
import { printMarker } from "./marker.ts";
import { importSpecifier, type ModuleImport } from "./module-imports.ts";
import { DISPOSE, markerOf, type StubView, stubView } from "./stubs.ts";

/** What `templates/scaffold.hbs` takes. */
interface ClassView {
  readonly marker: string;
  readonly doc: string;
  readonly name: string;
  readonly implements: string;
  readonly members: readonly StubView[];
}

/** @param all of one generated file, in the order of their classes */
export function newFileText(
  all: readonly [Trait, ...Trait[]],
  classes: ReadonlyMap<Trait, ClassDeclaration>,
  context: ScaffoldContext,
): { readonly text: string; readonly added: readonly string[] } {
  const { names, templates } = context;
  const taken = all.map((each) => names.className(each.key));
  const namespace = Scope.ofBindings(taken).claim(valueIdentifier(names.file(all[0])));
  const views = all.map((each) => classView(each, namespace, context));
  const imports = importsOf(all, namespace, classes, context).map(importView);
  return { text: tidy(templates.scaffold({ imports, classes: views })), added: taken };
}

/** A class that is missing, as text: for a file that has others. */
export function newClassText(trait: Trait, namespace: string, context: ScaffoldContext): string {
  return tidy(context.templates.scaffold({ imports: [], classes: [classView(trait, namespace, context)] }));
}

/** Import declarations as text, without the line's end. */
export function printImports(imports: readonly ModuleImport[], { templates }: ScaffoldContext): string {
  return templates.scaffold({ imports: imports.map(importView), classes: [] }).trim();
}

function importView(each: ModuleImport): ModuleImport {
  return { ...each, from: JSON.stringify(each.from) };
}

function classView(trait: Trait, namespace: string, context: ScaffoldContext): ClassView {
  const stubs = trait.members.map((member) => stubView(member, trait, namespace, context.names.className));
  return {
    marker: printMarker(markerOf(trait)),
    doc: describe(trait),
    name: context.names.className(trait.key),
    implements: `${namespace}.${trait.interfaceName}`,
    members: trait.kind === "resource" ? [...stubs, DISPOSE] : stubs,
  };
}

function describe(trait: Trait): string {
  switch (trait.kind) {
    case "host":
      return `The host's side of \`${trait.id}\`.`;
    case "resource":
      return `The resource \`${trait.id}\`.`;
    case "world":
      return `All that \`${trait.id}\` imports.`;
  }
}

/** What the classes of these traits need of other modules. */
export function importsOf(
  traits: readonly Trait[],
  namespace: string,
  classes: ReadonlyMap<Trait, ClassDeclaration>,
  context: ScaffoldContext,
): readonly ModuleImport[] {
  const imports: ModuleImport[] = [];
  const members = traits.flatMap((trait) => trait.members);
  const runtime = [...new Set(members.flatMap(runtimeNames))].sort();
  if (runtime.length > 0) {
    imports.push({ from: "hostwright/runtime/bindings", typeOnly: true, names: runtime });
  }
  const [first] = traits;
  if (first !== undefined) imports.push({ from: importSpecifier.ofBindings(first.path, context), namespace });
  for (const member of members) {
    if (member.kind !== "host") continue;
    const target = context.traits.find((trait) => trait.key === member.host);
    if (target === undefined || target.members.length === 0) continue;
    const written = classes.get(target);
    imports.push({
      from: importSpecifier.ofClass(target, written, context),
      names: [written?.getName() ?? context.names.className(target.key)],
    });
  }
  return imports;
}

function runtimeNames(member: TraitMember): readonly string[] {
  switch (member.kind) {
    case "method":
      return [...member.params.flatMap(({ type }) => type.runtime), ...member.result.runtime];
    case "constructor":
      return member.params.flatMap(({ type }) => type.runtime);
    case "class":
    case "host":
      return [];
  }
}

/** Removes the empty lines that the templates leave at the end of a class. */
function tidy(text: string): string {
  return `${text
    .replace(/\n{3,}/g, "\n\n")
    .replace(/\n\n}/g, "\n}")
    .trim()}\n`;
}
