/** Functions that make a default of a named type, of which a test may then choose parts. */
import { flagKeys, keyedFields } from "../../model/name-scope.ts";
import type { TypeDef } from "../../model/resolve.ts";
import { type Context, usedType } from "../context.ts";
import { commentLine, stringLiteral } from "../escape.ts";
import { memberKey } from "../identifiers.ts";
import { type Defaults, hasCall } from "./default-view.ts";
import { type DoubleNames, isPrimitive, isReplaced } from "./double-names.ts";
import type { DefaultView, FixtureFieldView, FixtureView } from "./views.ts";

/** Those of `types` that get such a function: not what is used from elsewhere, and no second name of a primitive type. */
export function fixtureTypes(
  types: Iterable<TypeDef>,
  names: DoubleNames["names"],
  context: Context,
): TypeDef[] {
  return [...types].filter(
    (def) =>
      usedType(def) === undefined && !isReplaced({ def, names }, context) && !isPrimitive(def, context),
  );
}

export function fixtureView(
  def: TypeDef,
  here: DoubleNames,
  defaults: Defaults,
  context: Context,
): FixtureView | undefined {
  const name = here.fixture(def);
  if (name === undefined) return undefined;
  const type = here.names.type(def, context.ownerOf(def, here.names));
  const fixture = { name, type, doc: commentLine(`A default of \`${def.name}\`.`) };
  switch (def.type.kind) {
    case "record": {
      const fields = keyedFields(def.type.fields).map(([key, field]) => {
        return fieldView(key, defaults.of(field.type));
      });
      return { ...fixture, record: { overrides: here.testkitType("Overrides"), fields }, value: undefined };
    }
    case "flags": {
      const keys = flagKeys(def.type.flags.map((flag) => flag.name));
      const fields = keys.map((key) => fieldView(key, { text: "false" }));
      return { ...fixture, record: { overrides: here.testkitType("Overrides"), fields }, value: undefined };
    }
    case "resource": {
      const side = here.file.side === "export" ? "guest" : "host";
      const call = `${here.api(side).name}().make`;
      const resource = context.namesOf(here.file).type(def, context.namesOf(here.file));
      const value: DefaultView = { call, args: [{ text: stringLiteral(resource) }] };
      return { ...fixture, record: undefined, value };
    }
    default:
      return { ...fixture, record: undefined, value: defaults.structural(def) };
  }
}

function fieldView(key: string, value: DefaultView): FixtureFieldView {
  const isMissing = hasCall(value, (call) => call.missing === true);
  return { key: memberKey(key), value, required: isMissing ? stringLiteral(key) : undefined };
}
