/** What the parts of one run share. */
import type { SourceFile } from "ts-morph";
import type { ImportExtension } from "../codegen/index.ts";
import type { Templates } from "../codegen/templates.ts";
import type { Trait } from "./host-traits.ts";
import type { ImplementationNames } from "./implementation-names.ts";

export interface ScaffoldContext {
  readonly traits: readonly Trait[];
  readonly names: ImplementationNames;
  readonly templates: Templates;
  /** The folder of the bindings, absolute. */
  readonly out: string;
  /** The folder of the classes, absolute. */
  readonly implementation: string;
  readonly extension: ImportExtension;
  /** The bindings as they are generated now, by their path below `out`. */
  readonly generated: ReadonlyMap<string, SourceFile>;
}
