/**
 * Brings one class up to date: adds what is missing, mends signatures that do not fit, marks what is gone.
 */
import { type ClassDeclaration, type ClassMemberTypes, Node, type Signature } from "ts-morph";
import type { ScaffoldContext } from "./context.ts";
import type { Trait, TraitMember } from "./host-traits.ts";
import type { Marker } from "./marker.ts";
import type { ScaffoldNote } from "./result.ts";
import { mendSignature, propertyName, type SignatureCheck, typeOfSide } from "./signature.ts";
import { DISPOSE, memberKey, parameterCount, printStub, type StubView, stubView } from "./stubs.ts";
import type { TextEdits } from "./text-edits.ts";

export interface ClassUpdate {
  readonly node: ClassDeclaration;
  readonly trait: Trait;
  /** What the file calls the generated file. */
  readonly namespace: string;
  /** What an earlier run has left above the class. */
  readonly marker: Marker | undefined;
  readonly edits: TextEdits;
  readonly notes: ScaffoldNote[];
}

/** @returns the members that were added */
export function updateClass(update: ClassUpdate, context: ScaffoldContext): readonly TraitMember[] {
  const { node, trait, namespace, marker, edits, notes } = update;
  const label = node.getName() ?? "the class";
  const stubs: StubView[] = [];
  const added: TraitMember[] = [];
  for (const member of trait.members) {
    const key = memberKey(member);
    const written = findMember(node, key);
    if (written !== undefined) unmarkGone(written, edits);
    if (!isThere(node, member)) {
      added.push(member);
      stubs.push(stubView(member, trait, namespace, context.names.className));
      notes.push({ kind: "added", message: `${label}.${key}` });
      continue;
    }
    if (member.kind !== "method" && member.kind !== "constructor") continue;
    const wanted = wantedSignature(trait, member, context);
    if (wanted === undefined || (member.kind === "constructor" && written === undefined)) continue;
    const grew = parameterCount(member) > (marker?.members.get(key) ?? Number.POSITIVE_INFINITY);
    const outcome = mendSignature({ written, member, wanted, namespace, edits, grew, node });
    if (outcome.kind !== "fits")
      notes.push({ kind: outcome.kind, message: `${label}.${key}: ${outcome.message}` });
  }
  if (
    trait.kind === "resource" &&
    findMember(node, "[Symbol.dispose]") === undefined &&
    node.getExtends() === undefined
  ) {
    stubs.push(DISPOSE);
  }
  addStubs(node, stubs, edits, context);
  const keys = new Set(trait.members.map(memberKey));
  for (const key of marker?.members.keys() ?? []) {
    const written = keys.has(key) ? undefined : findMember(node, key);
    if (written === undefined) continue;
    notes.push({ kind: "gone", message: `${label}.${key}` });
    markGone(written, key, trait, edits);
  }
  return added;
}

/** The comment above what the WIT does not have any more. */
export function goneComment(name: string, from: string): string {
  return `// hostwright: ${name} is gone from ${from}; nothing calls it any more`;
}

function markGone(node: Node, key: string, trait: Trait, edits: TextEdits): void {
  const start = Node.isJSDocable(node) ? node.getStart(true) : node.getStart();
  edits.insert(start, `${goneComment(key, trait.id)}\n${indentationAt(node, start)}`);
}

/** Takes the mark off what has come back. */
function unmarkGone(node: Node, edits: TextEdits): void {
  const text = node.getSourceFile().getFullText();
  const start = Node.isJSDocable(node) ? node.getStart(true) : node.getStart();
  const before = text.slice(node.getPos(), start);
  const found = /[ \t]*\/\/ hostwright: \S+ is gone from .*\n/.exec(before);
  if (found === null) return;
  const at = node.getPos() + found.index;
  edits.replace(at, at + found[0].length, "");
}

function addStubs(
  node: ClassDeclaration,
  stubs: readonly StubView[],
  edits: TextEdits,
  { templates }: ScaffoldContext,
): void {
  if (stubs.length === 0) return;
  const close = node.getEnd() - 1;
  const before = node.getSourceFile().getFullText().slice(0, close);
  const isEmpty = node.getMembers().length === 0;
  const startsLine = /\n[ \t]*$/.test(before);
  const gap = isEmpty ? "" : "\n";
  const text = stubs.map((view) => printStub(templates, view)).join("\n\n");
  edits.insert(
    startsLine ? before.lastIndexOf("\n") + 1 : close,
    `${startsLine ? gap : `\n${gap}`}${text}\n`,
  );
}

/** Whether the class has the member, itself or from the class that it extends. */
function isThere(node: ClassDeclaration, member: TraitMember): boolean {
  switch (member.kind) {
    case "constructor":
      return (
        member.params.length === 0 || node.getExtends() !== undefined || node.getConstructors().length > 0
      );
    case "method":
      return typeOfSide(node, member.static)?.getProperty(propertyName(member.name)) !== undefined;
    case "class":
    case "host":
      return node.getType().getProperty(member.name) !== undefined;
  }
}

/** The signature of the member in the bindings. */
function wantedSignature(
  trait: Trait,
  member: SignatureCheck["member"],
  { generated }: ScaffoldContext,
): Signature | undefined {
  const isOfClass = member.kind === "constructor" || member.static;
  const owner = generated
    .get(trait.path)
    ?.getInterface(isOfClass ? `${trait.interfaceName}Class` : trait.interfaceName);
  if (owner === undefined) return undefined;
  if (member.kind === "constructor") return owner.getType().getConstructSignatures()[0];
  const type = owner.getType().getProperty(propertyName(member.name))?.getTypeAtLocation(owner);
  return type?.getCallSignatures()[0];
}

/** A member that the class itself declares. */
function findMember(node: ClassDeclaration, key: string): ClassMemberTypes | undefined {
  if (key === "constructor") return node.getConstructors()[0];
  const isStatic = key.startsWith("static ");
  const name = isStatic ? key.slice("static ".length) : key;
  return node.getMembers().find((member) => {
    if (Node.isConstructorDeclaration(member) || Node.isClassStaticBlockDeclaration(member)) return false;
    return member.getNameNode().getText() === name && member.isStatic() === isStatic;
  });
}

function indentationAt(node: Node, position: number): string {
  const text = node.getSourceFile().getFullText();
  return /[ \t]*$/.exec(text.slice(text.lastIndexOf("\n", position - 1) + 1, position))?.[0] ?? "";
}
