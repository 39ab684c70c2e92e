/** Stubs as the templates print them. */
import type { Templates } from "../codegen/templates.ts";
import { type Trait, type TraitMember, traitKey } from "./host-traits.ts";

/** What `templates/stub.hbs` takes. */
export interface StubView {
  readonly name?: string;
  readonly static?: boolean;
  readonly params?: readonly { readonly name: string; readonly type: string }[];
  readonly result?: string;
  readonly message?: string;
  readonly type?: string;
  readonly value?: string;
  readonly isDispose?: boolean;
}

/** How the class for a trait is called. */
export type ClassName = (key: string) => string;

export const DISPOSE: StubView = { isDispose: true };

export function stubView(
  member: TraitMember,
  trait: Trait,
  namespace: string,
  className: ClassName,
): StubView {
  switch (member.kind) {
    case "method":
      return {
        name: member.name,
        static: member.static,
        params: member.params.map(({ name, type }) => ({ name, type: type.text(namespace) })),
        result: member.result.text(namespace),
        message: JSON.stringify(`not implemented: ${member.name} of ${trait.id}`),
      };
    case "constructor":
      return {
        name: "constructor",
        params: member.params.map(({ name, type }) => ({ name, type: type.text(namespace) })),
        message: JSON.stringify(`not implemented: the constructor of ${trait.id}`),
      };
    case "class":
      return {
        name: member.name,
        type: member.type.text(namespace),
        value: className(traitKey(trait.path, member.resource)),
      };
    case "host":
      return { name: member.name, value: `new ${className(member.host)}()` };
  }
}

/** A member by which the marker, and the class, know it. */
export function memberKey(member: TraitMember): string {
  switch (member.kind) {
    case "constructor":
      return "constructor";
    case "method":
      return member.static ? `static ${member.name}` : member.name;
    case "class":
    case "host":
      return member.name;
  }
}

export function parameterCount(member: TraitMember): number {
  return member.kind === "method" || member.kind === "constructor" ? member.params.length : 0;
}

export function markerOf(trait: Trait): {
  readonly id: string;
  readonly members: ReadonlyMap<string, number>;
} {
  return {
    id: trait.id,
    members: new Map(trait.members.map((member) => [memberKey(member), parameterCount(member)])),
  };
}

/** The text of a member, indented as in a class that is not nested. */
export function printStub(templates: Templates, view: StubView): string {
  return templates.stub(view).trimEnd();
}
