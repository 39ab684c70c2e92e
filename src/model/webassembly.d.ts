/**
 * The part of the WebAssembly JavaScript API that this package and its tests use.
 *
 * TypeScript has these types only in `lib.dom`, which a Node program does not load, and @types/node has none.
 * Nothing public mentions them, so declarations of the package need neither.
 */
declare namespace WebAssembly {
  type ImportExportKind = "function" | "global" | "memory" | "table" | "tag";
  type ImportValue = object | number | bigint;
  type ModuleImports = Record<string, ImportValue>;
  type Imports = Record<string, ModuleImports>;
  type ExportValue = ((...args: never[]) => unknown) | Global | Memory | Table | Tag;
  type Exports = Record<string, ExportValue | undefined>;

  class Module {
    constructor(bytes: ArrayBufferView | ArrayBufferLike);
    static exports(module: Module): { name: string; kind: ImportExportKind }[];
    static imports(module: Module): { module: string; name: string; kind: ImportExportKind }[];
    static customSections(module: Module, name: string): ArrayBuffer[];
  }

  class Instance {
    constructor(module: Module, imports?: Imports);
    readonly exports: Exports;
  }

  class Memory {
    constructor(
      descriptor:
        | { initial: number; maximum?: number; shared?: boolean }
        | { address: "i64"; initial: bigint; maximum?: bigint },
    );
    readonly buffer: ArrayBuffer;
    grow(delta: number): number;
  }

  class Table {
    constructor(descriptor: { element: "anyfunc" | "externref"; initial: number; maximum?: number });
    readonly length: number;
    get(index: number): unknown;
    set(index: number, value?: unknown): void;
    grow(delta: number, value?: unknown): number;
  }

  class Global<T extends number | bigint = number | bigint> {
    constructor(
      descriptor: { value: "i32" | "i64" | "f32" | "f64" | "externref"; mutable?: boolean },
      value?: T,
    );
    value: T;
  }

  class Tag {
    constructor(type: { parameters: string[] });
  }

  class Exception {
    constructor(tag: Tag, payload: unknown[]);
    is(tag: Tag): boolean;
  }

  class CompileError extends Error {}
  class LinkError extends Error {}
  class RuntimeError extends Error {}

  function validate(bytes: ArrayBufferView | ArrayBufferLike): boolean;
  function compile(bytes: ArrayBufferView | ArrayBufferLike): Promise<Module>;
  function instantiate(
    bytes: ArrayBufferView | ArrayBufferLike,
    imports?: Imports,
  ): Promise<{ module: Module; instance: Instance }>;
  function instantiate(module: Module, imports?: Imports): Promise<Instance>;
}
