/**
 * Documentation as comments that give the same documentation when read again.
 */
import { docsFromComments } from "./docs.ts";
import { findForbidden, tokenize } from "./lexer.ts";
import { Source } from "./source.ts";

/** The lines of comments for these docs. */
export function printDocs(docs: string | undefined): string[] {
  if (docs === undefined) return [];
  const text = legal(docs);
  const lines = text.split("\n");
  const block = [`/**${text}\n*/`];
  for (const comments of [padded(lines, 1), aroundTab(lines), block]) {
    if (isComments(comments) && docsFromComments(comments) === text) return comments;
  }
  return padded(lines, 1);
}

/** Each line as a comment, after some spaces. */
function padded(lines: readonly string[], spaces: number): string[] {
  return lines.map((line) => (line === "" ? "///" : `///${" ".repeat(spaces)}${line}`));
}

/**
 * Reading counts the white space that each line begins with, and takes the least of it off every line
 * that begins with as many spaces. Where all lines are indented, that would be too much; but a line
 * with a tab in its indentation stays as it is, and can set the number for the others.
 */
function aroundTab(lines: readonly string[]): string[] {
  const anchor = lines.findIndex((line) => /^ *[\t\f]/.test(line));
  const width = /^[ \t\f]*/.exec(lines[anchor] ?? "")?.[0].length ?? 0;
  return padded(lines, width).map((comment, index) => (index === anchor ? `///${lines[index]}` : comment));
}

/** Whether the text of each is one comment. */
function isComments(comments: readonly string[]): boolean {
  return comments.every((comment) => {
    const { kinds, ends } = tokenize(new Source("", comment));
    return kinds.length === 2 && kinds[0] === "comment" && ends[0] === comment.length;
  });
}

/** Docs of an encoded package may have characters that must not be in a file. */
function legal(docs: string): string {
  let text = docs.replaceAll("\r\n", "\n").replaceAll("\r", "\n");
  for (let found = findForbidden(text); found !== undefined; found = findForbidden(text)) {
    text = text.replaceAll(text[found.offset] ?? "", "\ufffd");
  }
  return text;
}
