/** Code to paste that defines imports of a component. */
import type { ImportLeaf } from "../component/index.ts";
import { camelCase } from "../model/names.ts";
import { returnTypeOf, typescriptType } from "./typescript-type.ts";

/** Leaves by the instance that they are in: its path, which is empty at the root. */
export function byInstance<T extends { readonly path: readonly string[] }>(
  items: readonly T[],
): { readonly path: readonly string[]; readonly items: readonly T[] }[] {
  const groups = new Map<string, { path: readonly string[]; items: T[] }>();
  for (const item of items) {
    const path = item.path.slice(0, -1);
    const key = JSON.stringify(path);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { path, items: [item] });
    else group.items.push(item);
  }
  return [...groups.values()];
}

/** TypeScript for `linker`, in lines. Core modules are called `bytes`. */
export function importStub(leaves: readonly ImportLeaf[]): string[] {
  return byInstance(leaves).flatMap(({ path, items }) => {
    const instances = path.map((name) => `.instance(${JSON.stringify(name)})`).join("");
    const lines = [`linker${instances || ".root()"}`, ...items.map((leaf) => `  ${definition(leaf)}`)];
    lines[lines.length - 1] += ";";
    return lines;
  });
}

function definition({ path, type }: ImportLeaf): string {
  const quoted = JSON.stringify(path.at(-1) ?? "");
  switch (type.kind) {
    case "func": {
      const names = new Set(["caller"]);
      const params = type.params.map((param) => `${fresh(param.name, names)}: ${typescriptType(param.type)}`);
      const head = `(${["caller", ...params].join(", ")}): ${returnTypeOf(type)}`;
      return `.func(${quoted}, ${head} => { throw new Error("not implemented"); })`;
    }
    case "type":
      return `.resource(${quoted}, { kind: "resource", name: ${quoted} })`;
    default:
      return `.module(${quoted}, bytes)`;
  }
}

/** Words that cannot name a parameter in strict code. */
const reserved =
  /^(?:arguments|await|break|case|catch|class|const|continue|debugger|default|delete|do|else|enum|eval|export|extends|false|finally|for|function|if|implements|import|in|instanceof|interface|let|new|null|package|private|protected|public|return|static|super|switch|this|throw|true|try|typeof|var|void|while|with|yield)$/;

/** An identifier that is not in `taken` yet, and is afterwards. WIT names may differ by letter case alone. */
function fresh(name: string, taken: Set<string>): string {
  let identifier = camelCase(name);
  while (reserved.test(identifier) || taken.has(identifier)) identifier += "_";
  taken.add(identifier);
  return identifier;
}
