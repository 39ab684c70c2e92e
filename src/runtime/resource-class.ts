/**
 * The JavaScript class for a resource that a component exports: constructor, methods and statics of its WIT.
 */
import { ConfigError, UnsupportedError } from "../model/errors.ts";
import { memberNames, staticNames } from "../model/name-scope.ts";
import { pascalCase } from "../model/names.ts";
import type { Func } from "./func.ts";
import { GuestObject, type GuestObjectClass } from "./guest-resource.ts";

/**
 * @param name of the resource in WIT: "output-stream"
 * @param funcs the functions of the interface that the resource is in, by their names: "[method]output-stream.write"
 */
export function resourceClass(name: string, funcs: ReadonlyMap<string, () => Func>): GuestObjectClass {
  const construct = funcs.get(`[constructor]${name}`);
  // Objects are made with the base class's constructor and this function's prototype; `new` by a user calls the
  // guest, and gets the object that the guest's answer has been lifted to.
  const cls = function (...args: unknown[]): unknown {
    if (new.target === undefined || construct === undefined) {
      throw new ConfigError(construct ? `call new ${name}()` : `the resource ${name} has no constructor`);
    }
    return construct().call(...args);
  };
  Object.setPrototypeOf(cls, GuestObject);
  cls.prototype = Object.create(GuestObject.prototype);
  define(cls.prototype, "constructor", cls);
  define(cls, "name", pascalCase(name));
  for (const [key, func] of named(membersOf("method", name, funcs), memberNames)) {
    define(cls.prototype, key, method(callOf(func)));
  }
  for (const [key, func] of named(membersOf("static", name, funcs), staticNames)) {
    const call = callOf(func);
    define(cls, key, (...args: unknown[]) => call(...args));
  }
  return cls as unknown as GuestObjectClass;
}

/** The functions of that kind and resource, by their short names: "write" for "[method]output-stream.write". */
function membersOf(
  kind: "method" | "static",
  resource: string,
  funcs: ReadonlyMap<string, () => Func>,
): Map<string, () => Func> {
  const prefix = `[${kind}]${resource}.`;
  const found = new Map<string, () => Func>();
  for (const [key, func] of funcs) {
    if (key.startsWith(prefix)) found.set(key.slice(prefix.length), func);
  }
  return found;
}

/** The same, by the names that JavaScript sees. */
function named<T>(
  members: ReadonlyMap<string, T>,
  namesOf: (kebab: readonly string[]) => string[],
): [string, T][] {
  const names = namesOf([...members.keys()]);
  return [...members.values()].map((value, i) => [names[i] ?? "", value]);
}

/** What this version has no glue for is no obstacle until it is called. */
function callOf(func: () => Func): Func["call"] {
  try {
    return func().call;
  } catch (error) {
    if (!(error instanceof UnsupportedError)) throw error;
    return () => {
      throw error;
    };
  }
}

/** What it calls never changes, so that V8 takes it for a constant. */
function method(call: Func["call"]) {
  return function (this: unknown, ...args: unknown[]): unknown {
    return call(this, ...args);
  };
}

/** As methods of classes are: not enumerable. */
function define(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, writable: true, configurable: true, enumerable: false });
}
