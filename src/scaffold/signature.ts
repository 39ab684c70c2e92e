/** Mends the signature of a method that does not fit the bindings any more. The body stays. */
import {
  type ClassDeclaration,
  type ClassMemberTypes,
  type ConstructorDeclaration,
  type MethodDeclaration,
  Node,
  type ParameterDeclaration,
  type Signature,
  SyntaxKind,
  type Type,
} from "ts-morph";
import type { TraitMember } from "./host-traits.ts";
import type { TextEdits } from "./text-edits.ts";

export interface SignatureCheck {
  /** The member as the class has it; undefined if it comes from a base class. */
  readonly written: ClassMemberTypes | undefined;
  readonly member: Extract<TraitMember, { kind: "method" | "constructor" }>;
  /** The signature in the bindings. */
  readonly wanted: Signature;
  readonly namespace: string;
  readonly edits: TextEdits;
  /** Whether the WIT has added parameters since the last run. */
  readonly grew: boolean;
  readonly node: ClassDeclaration;
}

export type SignatureOutcome =
  | { readonly kind: "fits" }
  | { readonly kind: "changed" | "attention"; readonly message: string };

export function mendSignature(check: SignatureCheck): SignatureOutcome {
  const { written, member, namespace, grew } = check;
  const wantedText = signatureText(member, namespace);
  const fits = doesFit(check);
  if (!Node.isMethodDeclaration(written) && !Node.isConstructorDeclaration(written)) {
    return fits ? { kind: "fits" } : { kind: "attention", message: `it must fit ${wantedText}` };
  }
  // A function may take fewer parameters than it is given: that it is given more must be said.
  const lacks = grew && written.getParameters().length < member.params.length;
  if (fits && !lacks) return { kind: "fits" };
  if (written.getOverloads().length > 0 || hasComments(written)) {
    return { kind: "attention", message: `its signature must become ${wantedText}` };
  }
  mendParameters(written, check);
  if (mendResult(written, check)) return { kind: "changed", message: wantedText };
  return { kind: "attention", message: `it must return what ${wantedText} does` };
}

function doesFit({ written, member, wanted, node }: SignatureCheck): boolean {
  if (member.kind === "constructor") {
    const params = Node.isConstructorDeclaration(written) ? written.getParameters() : [];
    return params.every((param, index) => {
      const target = wanted.getParameters()[index]?.getTypeAtLocation(node);
      return target === undefined ? param.isOptional() : isAssignable(node, target, param.getType());
    });
  }
  const given = typeOfSide(node, member.static)
    ?.getProperty(propertyName(member.name))
    ?.getTypeAtLocation(node);
  const target = wanted.getDeclaration().getSymbol()?.getTypeAtLocation(node);
  return given !== undefined && target !== undefined && isAssignable(node, given, target);
}

function mendParameters(
  method: MethodDeclaration | ConstructorDeclaration,
  { member, wanted, namespace, edits, node }: SignatureCheck,
): void {
  const open = method.getFirstChildByKindOrThrow(SyntaxKind.OpenParenToken);
  const close = method.getFirstChildByKindOrThrow(SyntaxKind.CloseParenToken);
  const written = method.getParameters();
  const params = member.params.map(({ name, type }, index) => {
    const known =
      written.find((param) => plainName(param) === name) ??
      (written.length === member.params.length ? written[index] : undefined);
    if (known === undefined) return `${name}: ${type.text(namespace)}`;
    const target = wanted.getParameters()[index]?.getTypeAtLocation(node);
    // What takes more than it must is the author's choice.
    if (target !== undefined && isAssignable(node, target, known.getType())) return known.getText();
    return `${known.getName()}: ${type.text(namespace)}`;
  });
  const text = params.join(", ");
  if (text !== written.map((param) => param.getText()).join(", ")) {
    edits.replace(open.getEnd(), close.getStart(), text);
  }
}

/** False if only a change of the body could do. */
function mendResult(
  method: MethodDeclaration | ConstructorDeclaration,
  { member, wanted, namespace, edits, node }: SignatureCheck,
): boolean {
  if (member.kind === "constructor" || Node.isConstructorDeclaration(method)) return true;
  if (isAssignable(node, method.getReturnType(), wanted.getReturnType())) return true;
  const text = member.result.text(namespace);
  const result = method.getReturnTypeNode();
  if (result === undefined || (method.isAsync() && !text.startsWith("Promise<"))) return false;
  edits.replace(result.getStart(), result.getEnd(), text);
  return true;
}

/** The type of the class itself, or of its instances. */
export function typeOfSide(node: ClassDeclaration, isStatic: boolean): Type | undefined {
  return isStatic ? node.getSymbol()?.getTypeAtLocation(node) : node.getType();
}

function isAssignable(node: Node, from: Type, to: Type): boolean {
  return node
    .getProject()
    .getTypeChecker()
    .compilerObject.isTypeAssignableTo(from.compilerType, to.compilerType);
}

/** `_value` stands for `value` where it is not used. */
function plainName(param: ParameterDeclaration): string {
  return param.getName().replace(/^_+/, "");
}

/** `new` of `"new"` */
export function propertyName(name: string): string {
  return name.startsWith('"') ? (JSON.parse(name) as string) : name;
}

function hasComments(method: MethodDeclaration | ConstructorDeclaration): boolean {
  const body = method.getBody();
  const head = method
    .getSourceFile()
    .getFullText()
    .slice(method.getStart(), body?.getStart() ?? method.getEnd());
  return /\/\*|\/\//.test(head);
}

function signatureText(member: SignatureCheck["member"], namespace: string): string {
  const params = member.params.map(({ name, type }) => `${name}: ${type.text(namespace)}`).join(", ");
  return member.kind === "constructor"
    ? `constructor(${params})`
    : `${member.name}(${params}): ${member.result.text(namespace)}`;
}
