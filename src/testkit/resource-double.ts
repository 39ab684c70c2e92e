/** From stubs by name to the object that has them as functions, with the classes of its resources. */
import type { FunctionStub } from "./stub.ts";

export interface ResourcePrototypes {
  /** The functions, and classes where a resource has a constructor or static functions. */
  readonly target: object;
  /** What objects of each resource inherit from. */
  readonly prototypes: ReadonlyMap<string, object>;
}

export function resourcePrototypes(stubs: ReadonlyMap<string, FunctionStub>): ResourcePrototypes {
  const target = {};
  const prototypes = new Map<string, object>();
  const classes = new Map<string, object>();
  const prototypeOf = (resource: string): object => {
    const prototype = prototypes.get(resource) ?? {};
    prototypes.set(resource, prototype);
    return prototype;
  };
  const classOf = (resource: string): object => {
    const found = classes.get(resource);
    if (found !== undefined) return found;
    const made = makeClass(resource, stubs.get(`new ${resource}`), prototypeOf(resource));
    classes.set(resource, made);
    define(target, resource, made, true);
    return made;
  };
  for (const [name, stub] of stubs) {
    const [, first = "", separator, second = ""] = /^([^#. ]+)([#. ]?)(.*)$/.exec(name) ?? [];
    switch (separator) {
      case "#":
        define(prototypeOf(first), second, method(stub), false);
        break;
      case ".":
        define(classOf(first), second, free(stub), false);
        break;
      case " ":
        if (first === "new") classOf(second);
        else define(prototypeOf(second), Symbol.dispose, method(stub), false);
        break;
      default:
        define(target, name, free(stub), true);
    }
  }
  return { target, prototypes };
}

function method(stub: FunctionStub): unknown {
  return function (this: unknown, ...args: unknown[]): unknown {
    return stub.call(this, args);
  };
}

function free(stub: FunctionStub): unknown {
  return (...args: unknown[]): unknown => stub.call(undefined, args);
}

function makeClass(name: string, construct: FunctionStub | undefined, prototype: object): object {
  const cls = function (...args: unknown[]): unknown {
    if (new.target === undefined || construct === undefined) {
      throw new TypeError(construct === undefined ? `${name} has no constructor` : `call new ${name}()`);
    }
    return construct.call(Object.create(new.target.prototype as object), args);
  };
  cls.prototype = prototype;
  define(prototype, "constructor", cls, false);
  Object.defineProperty(cls, "name", { value: name, configurable: true });
  return cls;
}

function define(object: object, key: PropertyKey, value: unknown, enumerable: boolean): void {
  Object.defineProperty(object, key, { value, enumerable, writable: true, configurable: true });
}
