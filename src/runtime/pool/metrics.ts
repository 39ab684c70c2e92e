/** The figures of an engine's pool, in a file that names nothing of WebAssembly: it is part of the public types. */

/** What of a pool is in use. Source: wasmtime's `PoolingAllocatorMetrics`. */
export interface PoolingAllocatorMetrics {
  /** Instances of components that are alive. */
  readonly componentInstances: number;
  readonly coreInstances: number;
  readonly memories: number;
  readonly tables: number;
  /** The most memories that have been alive at a time. */
  readonly peakMemories: number;
  /** Memories that are kept, cleared, for the next instances. */
  readonly unusedWarmMemories: number;
  /** Bytes of those. */
  readonly unusedMemoryBytesResident: number;
  /** Memories that have been handed out without making a new one, since the engine was made. */
  readonly reusedMemories: number;
  /** Calls of `instantiateAsync` that wait for room. */
  readonly waiting: number;
}
