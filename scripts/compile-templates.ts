/**
 * Templates as plain functions, which need nothing of handlebars: the text of a module that exports `loadTemplates`, as
 * `src/codegen/templates.ts` does.
 *
 * Handlebars parses; what is left out is its runtime, because a process that generates once spends more time there than
 * in all the rest. Our templates use little of it (`if`, `unless`, `each`, `with`, partials, paths), and anything else
 * is an error of the build. The test holds this to what handlebars prints.
 */
import Handlebars from "handlebars/dist/handlebars.js";

type Node = hbs.AST.Node;

/** What values print, what counts as true, how lists are gone through, and how a partial that stands alone on its line is indented. */
const RUNTIME = `
const text = (value) => (value === undefined || value === null || value === false ? "" : String(value));

const has = (value) => (Array.isArray(value) ? value.length > 0 : Boolean(value));

const each = (list, item, otherwise) => {
  if (list === undefined) return otherwise;
  if (!Array.isArray(list)) throw new TypeError("a template goes through something that is no list");
  if (list.length === 0) return otherwise;
  let all = "";
  for (let i = 0; i < list.length; i++) all += item(list[i], i === list.length - 1);
  return all;
};

const indent = (partial, by) => {
  const lines = partial.split("\\n");
  const end = lines[lines.length - 1] === "" ? lines.length - 1 : lines.length;
  for (let i = 0; i < end; i++) lines[i] = by + lines[i];
  return lines.join("\\n");
};
`;

/**
 * @param sources each template's text by its name
 * @param entries the templates that `loadTemplates` gives
 */
export function compileTemplates(sources: ReadonlyMap<string, string>, entries: readonly string[]): string {
  const functions = [...sources].map(
    ([name, source]) => `const ${functionName(name, sources)} = (it) => ${compile(source, sources)};`,
  );
  const given = entries.map((name) => `${name}: ${functionName(name, sources)}`);
  return `${RUNTIME}
${functions.join("\n\n")}

const templates = { ${given.join(", ")} };

export const loadTemplates = () => templates;
`;
}

function compile(source: string, sources: ReadonlyMap<string, string>): string {
  return program(Handlebars.parse(source));

  /** An expression of the text that a part of a template prints. */
  function program({ body }: hbs.AST.Program): string {
    const parts = body.map(statement).filter((part) => part !== "");
    return parts.length === 0 ? '""' : parts.join(" + ");
  }

  function statement(node: Node): string {
    if (isContent(node)) return node.value === "" ? "" : JSON.stringify(node.value);
    if (isMustache(node) && node.params.length === 0) return `text(${path(node.path)})`;
    if (isBlock(node)) return `(${block(node)})`;
    if (isPartial(node)) return partial(node);
    if (node.type === "CommentStatement") return "";
    throw unknown(node);
  }

  function block(node: hbs.AST.BlockStatement): string {
    const [param] = node.params;
    if (param === undefined || node.params.length > 1 || node.program.blockParams?.length)
      throw unknown(node);
    const value = path(param);
    const body = program(node.program);
    const otherwise = node.inverse ? program(node.inverse) : '""';
    switch (node.path.type === "PathExpression" && node.path.original) {
      case "if":
        return `has(${value}) ? ${body} : ${otherwise}`;
      case "unless":
        return `has(${value}) ? ${otherwise} : ${body}`;
      case "each":
        return `each(${value}, (it, isLast) => ${body}, ${otherwise})`;
      case "with":
        return `has(${value}) ? ((it) => ${body})(${value}) : ${otherwise}`;
      default:
        throw unknown(node);
    }
  }

  function partial(node: hbs.AST.PartialStatement): string {
    if (node.name.type !== "PathExpression" || node.params.length > 1) throw unknown(node);
    const [param] = node.params;
    let context = param === undefined ? "it" : path(param);
    if (node.hash) {
      const pairs = node.hash.pairs.map(({ key, value }) => `${key}: ${path(value)}`);
      context = `{ ...${context}, ${pairs.join(", ")} }`;
    }
    const call = `${functionName(String(node.name.original), sources)}(${context})`;
    return node.indent === "" ? call : `indent(${call}, ${JSON.stringify(node.indent)})`;
  }
}

function path(node: Node): string {
  if (!isPath(node) || node.depth > 0) throw unknown(node);
  if (node.data) {
    if (node.original !== "@last") throw unknown(node);
    return "isLast";
  }
  // Handlebars reads own properties alone.
  const inherited = node.parts.find((part) => part in Object.prototype);
  if (inherited !== undefined) throw unknown(node);
  return ["it", ...node.parts].join("?.");
}

/** A template's function. A partial that does not exist is an error. */
function functionName(name: string, sources: ReadonlyMap<string, string>): string {
  if (!sources.has(name)) throw new Error(`templates/: there is no template "${name}"`);
  return `$${name.replaceAll("-", "_")}`;
}

function unknown({ type, loc }: Node): Error {
  const { line, column } = loc.start;
  return new Error(
    `templates/: line ${line}, column ${column}: ${type} is used in a way that the build cannot compile`,
  );
}

const isContent = (node: Node): node is hbs.AST.ContentStatement => node.type === "ContentStatement";
const isMustache = (node: Node): node is hbs.AST.MustacheStatement => node.type === "MustacheStatement";
const isBlock = (node: Node): node is hbs.AST.BlockStatement => node.type === "BlockStatement";
const isPartial = (node: Node): node is hbs.AST.PartialStatement => node.type === "PartialStatement";
const isPath = (node: Node): node is hbs.AST.PathExpression => node.type === "PathExpression";
