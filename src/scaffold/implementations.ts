/** Finds the classes of the user's that implement what the bindings ask for. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { type ClassDeclaration, type ExpressionWithTypeArguments, Node, type SourceFile } from "ts-morph";
import { generatedPath } from "../codegen/generated-file.ts";
import type { ScaffoldContext } from "./context.ts";
import type { Trait } from "./host-traits.ts";

export interface Implementations {
  readonly classes: ReadonlyMap<Trait, ClassDeclaration>;
  /** Classes that implement what the bindings have no more: `metrics.Host`. */
  readonly gone: ReadonlyMap<ClassDeclaration, string>;
}

export function findImplementations(files: readonly SourceFile[], context: ScaffoldContext): Implementations {
  const classes = new Map<Trait, ClassDeclaration>();
  const gone = new Map<ClassDeclaration, string>();
  for (const node of files.flatMap((file) => file.getClasses())) {
    for (const clause of node.getImplements()) {
      const trait = context.traits.find((candidate) => declares(clause, candidate, context));
      if (trait !== undefined) classes.set(trait, node);
      else if (namesBindings(clause, context)) gone.set(node, clause.getText());
    }
  }
  return { classes, gone };
}

/** The clause by which a class implements a trait, and what it calls the generated file: `metrics` of `metrics.Host`. */
export function namespaceOf(
  node: ClassDeclaration,
  trait: Trait,
  context: ScaffoldContext,
): string | undefined {
  const clause = node.getImplements().find((candidate) => declares(candidate, trait, context));
  const expression = clause?.getExpression();
  return Node.isPropertyAccessExpression(expression) ? expression.getExpression().getText() : undefined;
}

function declares(clause: ExpressionWithTypeArguments, trait: Trait, context: ScaffoldContext): boolean {
  const wanted = context.generated.get(trait.path);
  const declarations = clause.getType().getSymbol()?.getDeclarations() ?? [];
  return declarations.some(
    (declaration) =>
      declaration.getSourceFile() === wanted &&
      Node.isInterfaceDeclaration(declaration) &&
      declaration.getName() === trait.interfaceName,
  );
}

/** Whether a file below the folder of the bindings says that it was generated to another one. */
function isOfAnother(place: string, path: string): boolean {
  if (!existsSync(place)) return false;
  const said = generatedPath(readFileSync(place, "utf8"));
  return said !== undefined && said !== path;
}

/** Whether a clause leads to the folder of the bindings, but to nothing that is there. */
function namesBindings(clause: ExpressionWithTypeArguments, { out, generated }: ScaffoldContext): boolean {
  const [first = ""] = clause.getExpression().getText().split(".");
  const file = clause.getSourceFile();
  const declaration = file
    .getImportDeclarations()
    .find(
      (candidate) =>
        candidate.getNamespaceImport()?.getText() === first ||
        candidate
          .getNamedImports()
          .some((name) => (name.getAliasNode()?.getText() ?? name.getName()) === first),
    );
  const specifier = declaration?.getModuleSpecifierValue();
  if (specifier === undefined || !specifier.startsWith(".")) return false;
  const target = resolve(dirname(file.getFilePath()), specifier).replace(/\.[jt]s$/, ".ts");
  if (!target.startsWith(`${out}/`)) return false;
  const path = target.slice(out.length + 1);
  const known = generated.get(path);
  if (known === undefined && isOfAnother(target, path)) return false;
  // Of a file that is there: what it does not declare. `Exports` and the like are none of our business.
  const name = clause.getExpression().getText().split(".").at(-1) ?? "";
  return known === undefined || known.getInterface(name) === undefined;
}
