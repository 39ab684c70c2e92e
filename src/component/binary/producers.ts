/**
 * The `producers` section: which languages and tools made a module or component. It is what they say of
 * themselves, and nothing depends on it.
 *
 * Source: WebAssembly tool-conventions, `ProducersSection.md`.
 */
import { MalformedComponentError } from "../../model/errors.ts";
import type { CustomSection } from "../plan.ts";
import { BinaryReader } from "./reader.ts";

export interface Producer {
  /** "language", "processed-by" or "sdk". */
  readonly field: string;
  readonly name: string;
  /** Empty if it does not say. */
  readonly version: string;
}

/** Everything that the `producers` sections among these name; a section that is damaged is passed over. */
export function readProducers(sections: readonly CustomSection[]): readonly Producer[] {
  return sections.filter(({ name }) => name === "producers").flatMap(({ content }) => readSection(content));
}

function readSection(content: Uint8Array): readonly Producer[] {
  const reader = new BinaryReader(content, 0, content.length);
  try {
    const fields = reader.vector("fields of producers", () => {
      const field = reader.name("a field of producers");
      return reader.vector("producers", () => ({
        field,
        name: reader.name("the name of a producer"),
        version: reader.name("the version of a producer"),
      }));
    });
    return fields.flat();
  } catch (error) {
    if (error instanceof MalformedComponentError) return [];
    throw error;
  }
}
