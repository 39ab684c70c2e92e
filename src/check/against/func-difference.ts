/** How two versions of a function differ. */
import type { Func, Param } from "../../model/resolve.ts";
import { typeText } from "../../wit/print-type.ts";
import type { Shapes } from "./shapes.ts";
import type { TypeComparison, TypeDifference } from "./type-difference.ts";
import { type Flow, flowOf, type Side } from "./verdict.ts";

export type FuncDifference =
  | {
      readonly kind: "signature";
      readonly category:
        | "func-async"
        | "param-added"
        | "param-removed"
        | "param-renamed"
        | "params-reordered"
        | "result-added"
        | "result-removed";
      /** "(value)" for a parameter. */
      readonly path: string;
      readonly what: string;
    }
  | {
      readonly kind: "type";
      /** The difference, and the way that its values go if the function is on that side of a world. */
      readonly at: (side: Side) => TypeDifference & { readonly flow: Flow };
    };

export function funcDifferences(
  before: Func,
  after: Func,
  types: TypeComparison,
  shapes: Shapes,
): FuncDifference[] {
  const found: FuncDifference[] = [];
  const signature = (
    category: Extract<FuncDifference, { kind: "signature" }>["category"],
    path: string,
    what: string,
  ) => found.push({ kind: "signature", category, path, what });
  const typed = (differences: readonly TypeDifference[], position: "param" | "result") => {
    for (const difference of differences) {
      found.push({ kind: "type", at: (side) => ({ ...difference, flow: flowOf(side, position) }) });
    }
  };
  if (before.async !== after.async) {
    signature("func-async", "", after.async ? "is async now" : "is no longer async");
  }
  const [old, current] = [byName(before.params), byName(after.params)];
  if (before.params.length !== after.params.length) {
    for (const { name } of before.params) {
      if (!current.has(name)) signature("param-removed", `(${name})`, `parameter \`${name}\` is gone`);
    }
    for (const { name, type } of after.params) {
      if (!old.has(name))
        signature("param-added", `(${name})`, `parameter \`${name}: ${typeText(type)}\` is new`);
    }
    for (const param of after.params) {
      const other = old.get(param.name);
      if (other !== undefined) typed(types.ofUse(other.type, param.type, `(${param.name})`), "param");
    }
  }
  if (isReordered(before.params, after.params, old, current)) {
    const names = after.params.map(({ name }) => `\`${name}\``).join(", ");
    signature("params-reordered", "", `the order of the parameters is ${names} now`);
  } else if (before.params.length === after.params.length) {
    for (const [i, param] of after.params.entries()) {
      const other = before.params[i] ?? param;
      const path = `(${param.name})`;
      const differences = types.ofUse(other.type, param.type, path);
      typed(differences, "param");
      if (param.name !== other.name) {
        signature("param-renamed", path, `parameter \`${other.name}\` is called \`${param.name}\` now`);
      }
    }
  }
  if (before.result === undefined && after.result !== undefined) {
    signature("result-added", "", `returns \`${typeText(after.result)}\` now`);
  } else if (before.result !== undefined && after.result === undefined) {
    signature("result-removed", "", `no longer returns \`${typeText(before.result)}\``);
  } else if (before.result !== undefined && after.result !== undefined) {
    if (shapes.of(before.result) !== shapes.of(after.result)) {
      typed(types.ofUse(before.result, after.result, " result"), "result");
    }
  }
  return found;
}

/** Whether parameters that both have are in another order. */
function isReordered(
  before: readonly Param[],
  after: readonly Param[],
  old: ReadonlyMap<string, Param>,
  current: ReadonlyMap<string, Param>,
): boolean {
  const [kept, order] = [
    before.filter(({ name }) => current.has(name)),
    after.filter(({ name }) => old.has(name)),
  ];
  return kept.some(({ name }, i) => name !== order[i]?.name);
}

function byName(params: readonly Param[]): Map<string, Param> {
  return new Map(params.map((param) => [param.name, param]));
}
