/** What an instance of a component takes of its store, and of the engine, before it has run. */
import type { DefinedLimits } from "../instrument/index.ts";

export interface Demand {
  /** Core instances. */
  readonly instances: number;
  /** Memories, in the order in which the core instances that define them are made. */
  readonly memories: readonly DefinedLimits[];
  readonly tables: readonly DefinedLimits[];
  /** Bytes on V8's heap. */
  readonly heap: number;
}
