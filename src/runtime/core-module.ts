/** A core module, instrumented and compiled. */
import {
  type DefinedLimits,
  type InstrumentedModule,
  type InstrumentOptions,
  instrument,
} from "../instrument/index.ts";
import { MalformedComponentError, UnsupportedError } from "../model/errors.ts";
import { Engine, type EngineState } from "./engine.ts";

export interface CoreImportName {
  readonly module: string;
  readonly name: string;
  readonly kind: string;
}

export interface CompiledModule {
  readonly module: WebAssembly.Module;
  /** By which V8's stack traces call it. */
  readonly id: string;
  /** Names it in messages: "core module 0". */
  readonly where: string;
  /** From places in the module, as V8 prints them, to those in the guest's own. */
  readonly locate: InstrumentedModule["locate"];
  /** What the guest itself imports, in order. */
  readonly imports: readonly CoreImportName[];
  /** The name under which the module imports what `instrument` has added. */
  readonly importModule: string;
  readonly meters: boolean;
  readonly growsMemory: boolean;
  readonly growsTable: boolean;
  readonly limitsHeap: boolean;
  /** Bytes that instantiating it allocates on V8's heap. */
  readonly initialHeap: bigint;
  /** What it defines. Memories are imported, as `memory <index>`: the engine supplies them. */
  readonly memories: readonly DefinedLimits[];
  readonly tables: readonly DefinedLimits[];
  readonly exportedTables: ReadonlyMap<string, number>;
}

/**
 * @param where names the module in messages
 * @param offset where the module starts in the component
 * @throws MalformedComponentError, UnsupportedError
 */
export function compileCoreModule(
  engine: EngineState,
  bytes: Uint8Array,
  imports: readonly CoreImportName[],
  where: string,
  offset: number,
): CompiledModule {
  const id = engine.nextModuleName();
  const options: InstrumentOptions = {
    fuel: engine.fuel,
    epoch: engine.epochInterruption,
    limitGrowth: true,
    limitHeap: true,
    importMemories: true,
    moduleName: id,
  };
  let instrumented: InstrumentedModule;
  try {
    instrumented = instrument(bytes, options);
  } catch (error) {
    if (!(error instanceof MalformedComponentError)) throw error;
    const message = error.message.replace(/ \(at offset 0x[0-9a-f]+\)$/, "");
    throw new MalformedComponentError(`${where}: ${message}`, offset + error.offset);
  }
  const { bytes: rewritten, ...rest } = instrumented;
  return { module: compile(rewritten, where, offset), id, where, imports, ...rest };
}

function compile(bytes: Uint8Array, where: string, offset: number): WebAssembly.Module {
  try {
    return new WebAssembly.Module(bytes);
  } catch (error) {
    if (!(error instanceof WebAssembly.CompileError || error instanceof RangeError)) throw error;
    if (/--experimental-wasm|invalid opcode|not allowed in constant expressions/i.test(error.message)) {
      throw new UnsupportedError(
        "core wasm features that this Node does not have",
        `${where} uses a feature of WebAssembly that Node ${process.version} does not have: ${error.message}`,
      );
    }
    throw new MalformedComponentError(`${where}: ${error.message}`, offset);
  }
}

/** A core module that the host supplies. @throws MalformedComponentError, UnsupportedError */
export function compileHostModule(engine: Engine, bytes: Uint8Array, where: string): CompiledModule {
  const state = Engine.state(engine);
  const compiled = compileCoreModule(state, bytes, [], where, 0);
  // The name of the added imports is one that the module itself does not use.
  const imports = WebAssembly.Module.imports(compiled.module).filter(
    ({ module }) => module !== compiled.importModule,
  );
  return { ...compiled, imports };
}
