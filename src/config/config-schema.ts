/** The JSON schema of a configuration. */
import { optionProperties } from "../codegen/options-schema.ts";
import type { ObjectSchema, Schema } from "../codegen/schema.ts";
import type { Config, TargetConfig } from "./define-config.ts";

type Properties<T> = { readonly [K in keyof T]-?: Schema };

const shared: Omit<Properties<TargetConfig>, "name"> = {
  ...optionProperties,
  wit: { ...optionProperties.wit, default: "wit" },
  implementation: {
    type: "string",
    minLength: 1,
    title: "a path",
    description: "The folder of the classes that `hostwright scaffold` keeps.",
    default: "src/host",
  },
};

const target: Schema = {
  title: "an object of options",
  type: "object",
  properties: {
    name: {
      type: "string",
      minLength: 1,
      title: "a name",
      description: "What `--target` calls it. Default: the world, or else the folder of its bindings.",
    },
    ...shared,
  } satisfies Properties<TargetConfig>,
  additionalProperties: false,
};

export const configSchema: Schema & ObjectSchema = {
  title: 'an object, such as { wit: "wit", world: "hosted" }',
  description: "Configuration of hostwright: what is generated from which WIT.",
  type: "object",
  properties: {
    $schema: { type: "string", title: "the path of this schema" },
    ...shared,
    targets: {
      type: "array",
      items: target,
      minItems: 1,
      title: "an array of at least one target",
      description:
        "Several worlds. What stands beside `targets` counts for each that does not say otherwise.",
    },
  } satisfies Properties<Config>,
  additionalProperties: false,
};

/** The text of `hostwright.schema.json`. */
export function schemaText(): string {
  const schema = { $schema: "http://json-schema.org/draft-07/schema#", ...configSchema };
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}
