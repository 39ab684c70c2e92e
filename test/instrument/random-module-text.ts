/**
 * Prints a random module as text, to be assembled.
 */
import { FUNC_TYPES, type Instr, type RandomFunction, type RandomModule } from "./random-module.ts";

/** The most pages that the module's memory grows to. */
export const MAX_PAGES = 3;

export function printModule({ functions, table, globals, exportsTable }: RandomModule): string {
  const lines = ["(module"];
  for (const [i, type] of FUNC_TYPES.entries()) lines.push(`(type $t${i} (func${signature(type)}))`);
  lines.push(`(tag $e (export "e") (param i32))`, `(memory (export "memory") 1 ${MAX_PAGES})`);
  const slots = table.map((index) =>
    index < 0 || index >= functions.length ? "ref.null func" : `ref.func ${index}`,
  );
  const exported = exportsTable ? `(export "table") ` : "";
  lines.push(`(table ${exported}funcref (elem ${slots.map((slot) => `(item ${slot})`).join(" ")}))`);
  for (let i = 0; i < globals; i++) lines.push(`(global (export "g${i}") (mut i32) (i32.const ${i}))`);
  for (const [i, func] of functions.entries()) lines.push(printFunction(func, i));
  lines.push(")");
  return lines.join("\n");
}

function signature({ params, results }: { params: number; results: number }): string {
  const list = (keyword: string, count: number) =>
    count === 0 ? "" : ` (${keyword}${" i32".repeat(count)})`;
  return `${list("param", params)}${list("result", results)}`;
}

function printFunction({ type, locals, body }: RandomFunction, index: number): string {
  const exported = index === 0 ? `(export "run") ` : "";
  const declared = locals === 0 ? "" : `(local${" i32".repeat(locals)})`;
  return `(func ${exported}${signature(type)} ${declared}\n${printBody(body)})`;
}

function printBody(body: readonly Instr[]): string {
  return body.map(printInstr).join("\n");
}

function printInstr(instr: Instr): string {
  switch (instr.op) {
    case "const":
      return `i32.const ${instr.value}`;
    case "local.get":
    case "local.set":
    case "local.tee":
    case "global.get":
    case "global.set":
      return `${instr.op} ${instr.index}`;
    case "binary":
      return `i32.${instr.name}`;
    case "plain":
      return instr.name;
    case "block":
    case "loop":
      return `${instr.op}${result(instr.results)}\n${printBody(instr.body)}\nend`;
    case "if": {
      const alternative = instr.alternative ? `else\n${printBody(instr.alternative)}\n` : "";
      return `if${result(instr.results)}\n${printBody(instr.consequent)}\n${alternative}end`;
    }
    case "br":
    case "br_if":
      return `${instr.op} ${instr.label}`;
    case "br_table":
      return `br_table ${[...instr.labels, instr.fallback].join(" ")}`;
    case "call":
    case "return_call":
      return `${instr.op} ${instr.callee}`;
    case "call_indirect":
    case "return_call_indirect":
      return `${instr.op} (type $t${instr.type})`;
    case "throw":
      return "throw $e";
    case "try_table":
      return `try_table${result(instr.results)} (catch $e 0)\n${printBody(instr.body)}\nend`;
  }
}

function result(results: number): string {
  return results === 0 ? "" : " (result i32)";
}
