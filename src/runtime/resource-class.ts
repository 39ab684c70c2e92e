/**
 * The JavaScript class for a resource that a component exports: constructor, methods and statics of its WIT.
 */
import { ConfigError } from "../model/errors.ts";
import { memberName, pascalCase, staticName } from "../model/names.ts";
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
  for (const [key, func] of funcs) {
    const method = member(key, "method", name);
    if (method !== undefined) {
      define(cls.prototype, memberName(method), function (this: unknown, ...args: unknown[]) {
        return func().call(this, ...args);
      });
    }
    const statik = member(key, "static", name);
    if (statik !== undefined) define(cls, staticName(statik), (...args: unknown[]) => func().call(...args));
  }
  return cls as unknown as GuestObjectClass;
}

/** "write" of "[method]output-stream.write", if it is of that kind and resource. */
function member(key: string, kind: string, resource: string): string | undefined {
  const prefix = `[${kind}]${resource}.`;
  return key.startsWith(prefix) ? key.slice(prefix.length) : undefined;
}

/** As methods of classes are: not enumerable. */
function define(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, writable: true, configurable: true, enumerable: false });
}
