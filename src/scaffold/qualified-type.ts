/** A type of a generated file, as another file writes it. */
import { Node, type SourceFile, SyntaxKind, type TypeNode } from "ts-morph";

/** The module that generated files get the runtime's types from. */
const RUNTIME = "hostwright/runtime/bindings";

export class QualifiedType {
  /** Text, and between it names that the generated file exports. */
  readonly #parts: readonly (string | { readonly exported: string })[];
  /** Names that are imported from `hostwright/runtime/bindings`. */
  readonly runtime: readonly string[];

  private constructor(
    parts: readonly (string | { readonly exported: string })[],
    runtime: readonly string[],
  ) {
    this.#parts = parts;
    this.runtime = runtime;
  }

  /** A type that is written in `file`; none is `void`. */
  static of(node: TypeNode | undefined, file: SourceFile): QualifiedType {
    if (node === undefined) return new QualifiedType(["void"], []);
    const exported = exportedNames(file);
    const parameters = typeParameters(node);
    const fromRuntime = runtimeNames(file);
    const start = node.getStart();
    const text = node.getText();
    const parts: (string | { exported: string })[] = [];
    const runtime: string[] = [];
    let at = 0;
    const names = [node, ...node.getDescendants()].filter(Node.isIdentifier);
    for (const name of names) {
      if (!isTypeReference(name)) continue;
      const word = name.getText();
      if (fromRuntime.has(word) && !exported.has(word)) runtime.push(word);
      if (!exported.has(word) && !parameters.has(word)) continue;
      const offset = name.getStart() - start;
      // What a host knows of its store's data is for the author to say.
      parts.push(text.slice(at, offset), parameters.has(word) ? "unknown" : { exported: word });
      at = offset + word.length;
    }
    parts.push(text.slice(at));
    return new QualifiedType(parts, runtime);
  }

  /** @param namespace what the generated file is imported as */
  text(namespace: string): string {
    return this.#parts
      .map((part) => (typeof part === "string" ? part : `${namespace}.${part.exported}`))
      .join("");
  }
}

/** Whether a name stands for a type, and not for a label of a tuple, a property, or what follows a dot. */
function isTypeReference(name: Node): boolean {
  const parent = name.getParent();
  if (Node.isTypeReference(parent)) return true;
  return Node.isQualifiedName(parent) && parent.getLeft() === name;
}

/** The type parameters that the interface around a type has. */
function typeParameters(node: TypeNode): ReadonlySet<string> {
  const owner = node.getFirstAncestorByKind(SyntaxKind.InterfaceDeclaration);
  return new Set(owner?.getTypeParameters().map((parameter) => parameter.getName()));
}

function exportedNames(file: SourceFile): ReadonlySet<string> {
  const declared = [
    ...file.getInterfaces(),
    ...file.getTypeAliases(),
    ...file.getClasses(),
    ...file.getEnums(),
  ]
    .filter((node) => node.isExported())
    .map((node) => node.getName() ?? "");
  const passedOn = file
    .getDescendantsOfKind(SyntaxKind.ExportSpecifier)
    .map((specifier) => specifier.getAliasNode()?.getText() ?? specifier.getName());
  return new Set([...declared, ...passedOn]);
}

function runtimeNames(file: SourceFile): ReadonlySet<string> {
  return new Set(
    file
      .getImportDeclarations()
      .filter((declaration) => declaration.getModuleSpecifierValue() === RUNTIME)
      .flatMap((declaration) => declaration.getNamedImports().map((specifier) => specifier.getName())),
  );
}
