/**
 * Comments to documentation.
 *
 * Like wit-parser, every comment before an item counts, `//` as well as `///`: its JSON shows them.
 * Source: `Resolver::docs` in wit-parser's `ast/resolve.rs`.
 */

/** The documentation that these comments (as written, in order) give; undefined for none. */
export function docsFromComments(comments: readonly string[]): string | undefined {
  if (comments.length === 0) return undefined;
  let docs = comments.map(contents);
  let indent = Number.POSITIVE_INFINITY;
  for (const doc of docs) {
    if (doc !== "") indent = Math.min(indent, leadingSpace(doc));
  }
  if (indent > 0 && Number.isFinite(indent)) {
    const prefix = " ".repeat(indent);
    docs = docs.map((doc) => (doc.startsWith(prefix) ? doc.slice(indent) : doc));
  }
  const text = docs.join("\n").replaceAll("\r\n", "\n");
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 0x0a) end -= 1;
  return text.slice(0, end);
}

function contents(comment: string): string {
  if (comment === "/**/") return "";
  if (comment.startsWith("/**")) return comment.slice(3, -2).trimEnd();
  let start = 0;
  while (comment.charCodeAt(start) === 0x2f) start += 1;
  return comment.slice(start).trimEnd();
}

function leadingSpace(doc: string): number {
  let count = 0;
  while (count < doc.length && " \t\n\r\f".includes(doc[count] ?? "")) count += 1;
  return count;
}
