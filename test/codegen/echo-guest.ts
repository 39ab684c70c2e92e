/**
 * Guests that hand on: a component that imports functions and exports functions of the same types, each of which calls its
 * import and returns what that returned. All values cross two borders, so bindings of the world can be run against it.
 *
 * The types are those that the bindings' own `addToLinker` gives to a linker.
 */
import { Flattening } from "../../src/model/flatten.ts";
import { Layouts } from "../../src/model/layout.ts";
import type { FuncType } from "../../src/model/value-type.ts";
import { WatType } from "../runtime/wat-type.ts";

/** Functions by their names, of one interface; the root has the name "". */
export type EchoedFunctions = ReadonlyMap<string, ReadonlyMap<string, FuncType>>;

/** What a linker is given, written down. */
export class RecordingLinker {
  readonly functions = new Map<string, Map<string, FuncType>>();
  readonly resources = new Map<string, string[]>();

  root(): unknown {
    return this.instance("");
  }

  instance(name: string): unknown {
    const functions = new Map<string, FuncType>();
    const resources: string[] = [];
    this.functions.set(name, functions);
    this.resources.set(name, resources);
    const func = (item: string, _: unknown, type: FuncType): void => {
      functions.set(item, type);
    };
    return { func, funcAsync: func, resource: (item: string) => resources.push(item) };
  }
}

/** True if the guest can hand on calls of this type: it knows no resources, and nothing async; no component has a record without fields. */
export function canEcho(type: FuncType): boolean {
  const text = JSON.stringify(type, (_, value: unknown) =>
    typeof value === "bigint" ? String(value) : value,
  );
  return !type.async && !/"kind":"(?:own|borrow|stream|future|error-context)"|"fields":\[\]/.test(text);
}

/**
 * The component, in text format.
 *
 * @param rest what the interfaces have beside: it is exported too, so that clients find it, but does nothing
 */
export function echoGuest(
  interfaces: EchoedFunctions,
  rest: RecordingLinker = new RecordingLinker(),
): string {
  const parts = [...interfaces].map(([name, functions], index) =>
    echoInterface(name, functions, restOf(rest, name, functions), `i${index}`),
  );
  return `(component
    (core module $libc
      (memory (export "memory") 4)
      (global $free (mut i32) (i32.const 16))
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (local $at i32)
        (local.set $at (i32.and (i32.add (global.get $free) (i32.const 15)) (i32.const -16)))
        (global.set $free (i32.add (local.get $at) (local.get 3)))
        (block $fits
          (br_if $fits (i32.le_u (global.get $free) (i32.mul (memory.size) (i32.const 65536))))
          (drop (memory.grow (i32.add (i32.const 1) (i32.div_u (local.get 3) (i32.const 65536))))))
        (local.get $at)))
    (core instance $libc (instantiate $libc))
    ${parts.join("\n")})`;
}

interface Rest {
  readonly resources: readonly string[];
  readonly functions: readonly string[];
}

function restOf(rest: RecordingLinker, name: string, functions: ReadonlyMap<string, FuncType>): Rest {
  const others = [...(rest.functions.get(name)?.keys() ?? [])];
  return {
    resources: rest.resources.get(name) ?? [],
    functions: others.filter((other) => !functions.has(other) && !other.startsWith("[")),
  };
}

function echoInterface(
  name: string,
  functions: ReadonlyMap<string, FuncType>,
  rest: Rest,
  id: string,
): string {
  const types = new WatType();
  const entries = [...functions].map(([func, type], i) => ({
    func,
    type,
    text: funcText(types, type),
    id: `${id}f${i}`,
  }));
  const isRoot = name === "";
  const definitions = types.definitions();
  const aliases = definitions.map((_, i) => `(alias export $${id} "t${i}" (type $t${i}))`).join(" ");
  // In the root there is no interface to have the types: they are imported from one that is made up.
  const imports = isRoot
    ? `(import "echo:echo/types" (instance $${id} ${definitions.join(" ")})) ${aliases}
       ${entries.map(({ func, text, id: f }) => `(import "${func}" (func $${f} ${text}))`).join("\n")}`
    : `(import "${name}" (instance $${id} ${definitions.join(" ")}
        ${entries.map(({ func, text }) => `(export "${func}" (func ${text}))`).join("\n")}))
       ${aliases}
       ${entries.map(({ func, id: f }) => `(alias export $${id} "${func}" (func $${f}))`).join("\n")}`;
  const lowered = entries.map(
    ({ id: f }) =>
      `(core func $${f}low (canon lower (func $${f}) (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))`,
  );
  const flat = entries.map(({ type, id: f }) => ({ id: f, ...coreText(type) }));
  const core = `(core module $${id}m
      (import "libc" "realloc" (func $realloc (param i32 i32 i32 i32) (result i32)))
      ${flat.map(({ id: f, low }) => `(import "" "${f}" (func $${f} ${low}))`).join("\n")}
      (func (export "rest"))
      ${flat.map(({ id: f, high, body }) => `(func (export "${f}") ${high} ${body(f)})`).join("\n")})
    (core instance $${id}c (instantiate $${id}m (with "libc" (instance $libc)) (with "" (instance
      ${entries.map(({ id: f }) => `(export "${f}" (func $${f}low))`).join(" ")}))))`;
  const lifted = entries.map(
    ({ id: f, text }) =>
      `(func $${f}up ${text} (canon lift (core func $${id}c "${f}") (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))`,
  );
  const exports = isRoot
    ? entries.map(({ func, id: f }) => `(export "${func}" (func $${f}up))`).join(" ")
    : `${rest.resources.map((_, i) => `(type $${id}r${i} (resource (rep i32)))`).join(" ")}
       (instance $${id}x ${definitions.map((_, i) => `(export "t${i}" (type $t${i}))`).join(" ")}
        ${rest.resources.map((resource, i) => `(export "${resource}" (type $${id}r${i}))`).join(" ")}
        ${rest.functions.map((func) => `(export "${func}" (func $${id}rest))`).join(" ")}
        ${entries.map(({ func, id: f }) => `(export "${func}" (func $${f}up))`).join(" ")})
       (export "${name}" (instance $${id}x))`;
  // A scope of its own for the names of the types.
  const filler = `(func $${id}rest (canon lift (core func $${id}c "rest")))`;
  return [imports, ...lowered, core, filler, ...lifted, exports]
    .join("\n")
    .replaceAll("$t", `$${id}t`)
    .replaceAll("$d", `$${id}d`);
}

function funcText(types: WatType, { params, result }: FuncType): string {
  const inputs = params.map((param) => `(param "${param.name}" ${types.of(param.type)})`).join(" ");
  return `${inputs}${result === undefined ? "" : ` (result ${types.of(result)})`}`;
}

/** Parameters and results of the core functions, and a body that hands on: what is in memory stays there. */
function coreText(type: FuncType): { low: string; high: string; body: (callee: string) => string } {
  const { params: high, results } = flattening.signature(type, "lift");
  const { params: low } = flattening.signature(type, "lower");
  const gets = high.map((_, i) => `(local.get ${i})`).join(" ");
  const param = (list: readonly string[]): string => (list.length === 0 ? "" : `(param ${list.join(" ")})`);
  const isIndirect = low.length > high.length;
  const result = results.length === 0 ? "" : `(result ${results.join(" ")})`;
  const size = type.result === undefined ? 0 : layouts.of(type.result).size;
  return {
    low: `${param(low)} ${isIndirect ? "" : result}`,
    high: `${param(high)} ${result}`,
    body: (callee) =>
      isIndirect
        ? `(local $r i32) (local.set $r (call $realloc (i32.const 0) (i32.const 0) (i32.const 8) (i32.const ${size})))
           (call $${callee} ${gets} (local.get $r)) (local.get $r)`
        : `(call $${callee} ${gets})`,
  };
}

const flattening = new Flattening();
const layouts = new Layouts();
