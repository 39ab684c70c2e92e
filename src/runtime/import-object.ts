/**
 * Import objects in jco's shape, seen as definitions of a linker: functions in camelCase, a class per resource, so
 * that hosts written for jco, and preview2-shim, plug in as they are.
 */
import { isInheritedName } from "../abi/value-check.ts";
import type { ExternType } from "../model/extern-type.ts";
import { camelCase, pascalCase } from "../model/names.ts";
import type { FuncType, ResourceType } from "../model/value-type.ts";
import type { HostFunc, Leaf } from "./definition.ts";
import { LinkError } from "./errors.ts";

type AnyFunction = (...args: unknown[]) => unknown;

type Class = abstract new (...args: never[]) => object;

/** "[method]blob.read" */
const resourceFunc = /^\[(constructor|method|static)\]([^.]+)(?:\.(.+))?$/;

/** The resource types of classes: a class is one type, wherever it is used. */
export class ClassResources {
  readonly #types = new WeakMap<object, ResourceType>();

  typeOf(cls: object, name: string): ResourceType {
    let type = this.#types.get(cls);
    if (type === undefined) {
      type = { kind: "resource", name };
      this.#types.set(cls, type);
    }
    return type;
  }
}

/**
 * What an import object has for an item of an interface.
 *
 * @param item as in the component: "get-stdout", "[method]output-stream.write", "output-stream"; undefined if the
 *   object itself stands for a function.
 * @param wanted the type of the item in the component
 */
export function leafOfObject(
  object: object,
  item: string | undefined,
  wanted: ExternType,
  resources: ClassResources,
): Leaf | undefined {
  if (wanted.kind === "type") {
    const cls = item === undefined ? undefined : member(object, pascalCase(item));
    if (typeof cls !== "function" || item === undefined) return undefined;
    return { kind: "resource", type: resources.typeOf(cls, item), drop: undefined, cls: cls as Class };
  }
  if (wanted.kind !== "func") return undefined;
  const leaf = funcOfObject(object, item, wanted);
  return returnsFlags(wanted) && leaf?.kind === "func" ? { ...leaf, fn: flagsOrNone(leaf.fn) } : leaf;
}

function funcOfObject(object: object, item: string | undefined, wanted: FuncType): Leaf | undefined {
  const arity = wanted.params.length;
  if (item === undefined) {
    return plainFunc(typeof object === "function" ? object : member(object, "default"), undefined, arity);
  }
  const parts = resourceFunc.exec(item);
  if (parts === null) return plainFunc(member(object, camelCase(item)), object, arity);
  const [, kind, resource = "", name = ""] = parts;
  const cls = member(object, pascalCase(resource));
  if (typeof cls !== "function") return undefined;
  switch (kind) {
    case "constructor":
      return func((_, ...args: unknown[]) => Reflect.construct(cls, args));
    case "static":
      return plainFunc(member(cls, camelCase(name)), cls, arity);
    default:
      return method(cls, camelCase(name));
  }
}

/**
 * What import objects have for a resource type that is imported at the root, and for its functions: as jco has it,
 * `{ blob: { default: Blob } }` stands for all of them.
 *
 * @param objectAt finds the object of a name at the root
 */
export function leafOfRootObject(
  name: string,
  wanted: ExternType,
  objectAt: (name: string) => object | undefined,
  resources: ClassResources,
): Leaf | undefined {
  const resource = wanted.kind === "type" ? name : resourceFunc.exec(name)?.[2];
  if (resource === undefined) return undefined;
  const object = objectAt(resource);
  const cls = object === undefined || typeof object === "function" ? object : member(object, "default");
  return leafOfObject({ [pascalCase(resource)]: cls }, name, wanted, resources);
}

function returnsFlags({ result }: FuncType): boolean {
  return (result?.kind === "result" ? result.ok : result)?.kind === "flags";
}

/** As under jco, `undefined` is flags of which none is set: preview2-shim's `Descriptor#getFlags` gives it. */
function flagsOrNone(fn: HostFunc): HostFunc {
  return (...args) => fn(...args) ?? {};
}

/** Looked up on the object at each call: a subclass may override it, and it may be a field of the object. */
function method(cls: { readonly name: string }, key: string): Leaf {
  return func((_, self: unknown, ...args: unknown[]) => {
    const found = member(self as object, key);
    if (typeof found !== "function") throw new LinkError(`the class ${cls.name} has no method ${key}`);
    return found.apply(self, args);
  });
}

/** A function that does not take the caller, as a definition. */
function plainFunc(fn: unknown, self: unknown, arity: number): Leaf | undefined {
  return typeof fn === "function" ? func(withoutCaller(fn as AnyFunction, self, arity)) : undefined;
}

/** Small arities are written out: calls with spread arguments are slower. */
function withoutCaller(
  fn: AnyFunction,
  self: unknown,
  arity: number,
): (caller: unknown, ...args: unknown[]) => unknown {
  switch (arity) {
    case 0:
      return () => fn.call(self);
    case 1:
      return (_, a) => fn.call(self, a);
    case 2:
      return (_, a, b) => fn.call(self, a, b);
    case 3:
      return (_, a, b, c) => fn.call(self, a, b, c);
    case 4:
      return (_, a, b, c, d) => fn.call(self, a, b, c, d);
    default:
      return (_, ...args) => fn.apply(self, args);
  }
}

function func(fn: (caller: unknown, ...args: unknown[]) => unknown): Leaf {
  return { kind: "func", fn: fn as HostFunc, type: undefined, async: false };
}

/** A member that is an object itself. */
export function memberObject(object: object, key: string): object | undefined {
  const value = member(object, key);
  return (typeof value === "object" && value !== null) || typeof value === "function" ? value : undefined;
}

/** A member that somebody has put there: not `constructor`, `toString` and the like of every object. */
function member(object: object, key: string): unknown {
  const value: unknown = Reflect.get(object, key);
  return isInheritedName(key) && value === Reflect.get(Object.prototype, key) ? undefined : value;
}
