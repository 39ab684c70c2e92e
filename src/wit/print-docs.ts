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
  const spaced = lines.map((line) => (line === "" ? "///" : `/// ${line}`));
  // Reading removes the white space that all lines begin with, and at their ends: where that loses
  // something, one of the other forms may keep it.
  const tight = lines.map((line) => `///${line}`);
  const block = [`/**${text}\n*/`];
  for (const comments of [spaced, tight, block]) {
    if (isComments(comments) && docsFromComments(comments) === text) return comments;
  }
  return spaced;
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
