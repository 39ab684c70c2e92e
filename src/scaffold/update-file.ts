/** Brings a file of the user's up to date with the bindings. */
import { relative } from "node:path";
import type { ClassDeclaration, SourceFile } from "ts-morph";
import { Scope, valueIdentifier } from "../codegen/identifiers.ts";
import type { ScaffoldContext } from "./context.ts";
import { groupsOf, type Trait } from "./host-traits.ts";
import { type Implementations, namespaceOf } from "./implementations.ts";
import { findMarker, printMarker } from "./marker.ts";
import { importSpecifier } from "./module-imports.ts";
import { importsOf, newClassText, printImports } from "./new-file.ts";
import type { ScaffoldedFile, ScaffoldNote } from "./result.ts";
import { markerOf } from "./stubs.ts";
import { TextEdits } from "./text-edits.ts";
import { goneComment, updateClass } from "./update-class.ts";

/** Undefined for a file that has no class of the bindings'. */
export function updateFile(
  file: SourceFile,
  implementations: Implementations,
  context: ScaffoldContext,
): ScaffoldedFile | undefined {
  const classes = [...implementations.classes].filter(([, node]) => node.getSourceFile() === file);
  const gone = [...implementations.gone].filter(([node]) => node.getSourceFile() === file);
  if (classes.length === 0 && gone.length === 0) return undefined;
  const update = new FileUpdate(file, implementations, context);
  for (const [trait, node] of classes) update.class(trait, node);
  for (const [node, clause] of gone) update.goneClass(node, clause);
  return update.finish();
}

class FileUpdate {
  readonly #file: SourceFile;
  readonly #implementations: Implementations;
  readonly #context: ScaffoldContext;
  readonly #edits = new TextEdits();
  readonly #notes: ScaffoldNote[] = [];
  readonly #names: Scope;

  constructor(file: SourceFile, implementations: Implementations, context: ScaffoldContext) {
    this.#file = file;
    this.#implementations = implementations;
    this.#context = context;
    this.#names = Scope.ofBindings(file.getLocals().map((symbol) => symbol.getName()));
  }

  class(trait: Trait, node: ClassDeclaration): void {
    const namespace = namespaceOf(node, trait, this.#context) ?? this.#importNamespace(trait);
    const comments = this.#file.getFullText().slice(node.getPos(), node.getStart());
    const found = findMarker(comments);
    const added = updateClass(
      { node, trait, namespace, marker: found?.marker, edits: this.#edits, notes: this.#notes },
      this.#context,
    );
    this.#marker(trait, node, found);
    this.#importsFor(trait, added, namespace);
    for (const resource of this.#missingWith(trait)) this.#newClass(resource, namespace);
  }

  /** The resources whose classes go to the file of this one: of the host, or where there is none of the first class. */
  #missingWith(trait: Trait): readonly Trait[] {
    const { classes } = this.#implementations;
    const group = groupsOf(this.#context.traits).find(
      ({ head, resources }) => trait === (head ?? resources.find((resource) => classes.has(resource))),
    );
    return group?.resources.filter((resource) => !classes.has(resource)) ?? [];
  }

  goneClass(node: ClassDeclaration, clause: string): void {
    const name = node.getName() ?? "the class";
    this.#notes.push({ kind: "gone", message: `class ${name}: there is no ${clause} any more` });
    const comments = this.#file.getFullText().slice(node.getPos(), node.getStart());
    if (!comments.includes(goneComment(clause, "the bindings"))) {
      this.#edits.insert(node.getStart(true), `${goneComment(clause, "the bindings")}\n`);
    }
  }

  finish(): ScaffoldedFile {
    const before = this.#file.getFullText();
    const after = this.#edits.apply(before);
    const path = relative(this.#context.implementation, this.#file.getFilePath());
    return { path, action: after === before ? "unchanged" : "updated", before, after, notes: this.#notes };
  }

  #marker(trait: Trait, node: ClassDeclaration, found: ReturnType<typeof findMarker>): void {
    const text = printMarker(markerOf(trait));
    if (found === undefined) this.#edits.insert(node.getStart(true), `${text}\n`);
    else if (printMarker(found.marker) !== text) {
      this.#edits.replace(node.getPos() + found.start, node.getPos() + found.end, text);
    }
  }

  #newClass(trait: Trait, namespace: string): void {
    const text = newClassText(trait, namespace, this.#context);
    const end = this.#file.getFullText().endsWith("\n") ? "\n" : "\n\n";
    this.#edits.insert(this.#file.getEnd(), `${end}${text}`);
    const name = this.#context.names.className(trait.key);
    this.#notes.push({ kind: "added", message: `class ${name}` });
    this.#importsFor(trait, trait.members, namespace);
  }

  /** What the new members need, unless the file has it. */
  #importsFor(trait: Trait, members: Trait["members"], namespace: string): void {
    const needed = importsOf(
      [{ ...trait, members }],
      namespace,
      this.#implementations.classes,
      this.#context,
    );
    for (const each of needed) {
      if (each.namespace !== undefined) continue;
      const names = (each.names ?? []).filter((name) => !this.#names.has(name));
      for (const name of names) this.#names.claim(name);
      if (names.length > 0) this.#import(printImports([{ ...each, names }], this.#context));
    }
  }

  #importNamespace(trait: Trait): string {
    const namespace = this.#names.claim(valueIdentifier(this.#context.names.file(trait)));
    const from = importSpecifier.ofBindings(trait.path, this.#context, this.#file.getFilePath());
    this.#import(printImports([{ from, namespace }], this.#context));
    return namespace;
  }

  #import(text: string): void {
    const last = this.#file.getImportDeclarations().at(-1);
    if (last === undefined) this.#edits.insert(0, `${text}\n`);
    else this.#edits.insert(last.getEnd(), `\n${text}`);
  }
}
