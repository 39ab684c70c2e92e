/** Stubs as the templates print them. */
import type { Templates } from "../codegen/templates.ts";
import type { Trait, TraitMember } from "./host-traits.ts";

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

/** How classes are called: those of interfaces by their generated file, those of resources by their interface too. */
export interface ClassNames {
  readonly host: (path: string) => string;
  readonly resource: (path: string, resource: string) => string;
}

export const DISPOSE: StubView = { isDispose: true };

export function stubView(member: TraitMember, trait: Trait, namespace: string, names: ClassNames): StubView {
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
        value: names.resource(trait.path, member.resource),
      };
    case "host":
      return { name: member.name, value: `new ${names.host(member.path)}()` };
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
