/**
 * The name and docs of a package, which only one of its files needs to state.
 *
 * Source: `Resolver::push` in wit-parser's `ast/resolve.rs`.
 */
import type * as ast from "./ast.ts";
import type { Reporter } from "./errors.ts";
import { createPackage, type PackageNode, packageId } from "./nodes.ts";
import type { Span } from "./source.ts";

export interface PackageHeader {
  readonly node: PackageNode;
  readonly span: Span;
}

/**
 * @param group how messages call all files together.
 * @returns undefined if there is none, or the files contradict each other: `reporter` has it then.
 */
export function packageHeader(
  files: readonly ast.PackageFile[],
  group: string,
  reporter: Reporter,
): PackageHeader | undefined {
  let header: PackageHeader | undefined;
  let docs: ast.PackageId | undefined;
  let isConsistent = true;
  for (const { id, items } of files) {
    if (id !== undefined) {
      if (header === undefined) {
        header = { node: createPackage(id.name), span: id.span };
      } else if (packageId(header.node.name) !== packageId(id.name)) {
        isConsistent = false;
        reporter.report({
          code: "invalid",
          message: `package identifier \`${packageId(id.name)}\` does not match previous package name of \`${packageId(header.node.name)}\``,
          span: id.span,
          related: [{ message: "the previous package name is here", span: header.span }],
        });
      }
      if (id.docs !== undefined && docs?.docsSpan !== undefined) {
        isConsistent = false;
        reporter.report({
          code: "duplicate",
          message: "found doc comments on multiple `package` items",
          span: id.docsSpan,
          related: [{ message: "the first are here", span: docs.docsSpan }],
        });
      }
      if (id.docs !== undefined) docs = id;
    }
    for (const item of items) {
      if (item.kind !== "package") continue;
      isConsistent = false;
      reporter.report({
        code: "invalid",
        message: "nested packages must be placed at the top level of a file",
        span: item.id?.span,
      });
    }
  }
  if (header === undefined) {
    reporter.report({
      code: "not-found",
      message: "no `package` header was found in any WIT file for this package",
      file: group,
      hint: "start one of its files with `package namespace:name;`",
    });
    return undefined;
  }
  header.node.docs = docs?.docs;
  return isConsistent ? header : undefined;
}
