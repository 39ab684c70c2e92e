/** Results as values for the classes of guest resources, whose members the runtime makes. */
import { toResult } from "./result.ts";

/** Marks a member that returns results, for a class that two clients of one instance share. */
const returnsResult: unique symbol = Symbol("hostwright: returns a result");

type Member = ((this: unknown, ...args: unknown[]) => unknown) & { [returnsResult]?: true };

/**
 * Makes members of a class return results that they threw the err of.
 *
 * @param cls the class of a resource, as `Instance.getResourceClass` gives it
 */
export function resultMembers(cls: object, methods: readonly string[], statics: readonly string[]): object {
  const { prototype } = cls as { readonly prototype: object };
  for (const name of methods) wrap(prototype, name);
  for (const name of statics) wrap(cls, name);
  return cls;
}

function wrap(target: object, name: string): void {
  const member = Reflect.get(target, name) as Member | undefined;
  if (member === undefined || member[returnsResult] === true) return;
  const wrapped: Member = function (this: unknown, ...args: unknown[]) {
    return toResult(() => member.apply(this, args));
  };
  wrapped[returnsResult] = true;
  Object.defineProperty(target, name, {
    value: wrapped,
    writable: true,
    configurable: true,
    enumerable: false,
  });
}
