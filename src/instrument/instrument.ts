/**
 * Rewriting a core module so that it can be metered and capped.
 *
 * Two new kinds of import come behind the guest's own (so imported functions keep their indices, and
 * defined ones shift by a constant), added types and functions come last. The code section is
 * rewritten first, because only then is it known which types and functions it needs.
 */
import { Abi, REGISTER } from "./abi.ts";
import { Adapters } from "./adapters.ts";
import { AddedFunctions, I32, I64 } from "./added-functions.ts";
import { CodeAnalyzer, MAX_SMALL_BYTES } from "./analysis.ts";
import { assemble, codeBuffer, customContent, patchLength, reserveLength } from "./assemble.ts";
import { BRANCH_HINT_SECTION, BranchHints } from "./branch-hints.ts";
import { ByteBuffer } from "./byte-buffer.ts";
import { ByteReader } from "./byte-reader.ts";
import { CodeRewriter, type CodeRewriterOptions } from "./code-section.ts";
import type { InstrumentedModule, InstrumentOptions } from "./contract.ts";
import { DEFAULT_OPERATOR_COSTS, type OperatorCosts } from "./costs.ts";
import { Helpers } from "./helpers.ts";
import { FunctionSizes, fillersNeeded } from "./inlining-balance.ts";
import { type CodeEntries, Locator } from "./locator.ts";
import { expectEnd, type ModuleLayout, readModuleLayout, SECTION, type Section } from "./module-layout.ts";
import { type OpcodeTables, opcodeTables } from "./opcodes.ts";
import * as sections from "./sections.ts";

/** The name that the host's imports go under, unless the guest imports from it. */
const IMPORT_MODULE = "hostwright";

/**
 * Rewrites a core module.
 *
 * Takes time linear in its size. The result is as valid as the module was: whatever V8 would have
 * refused, it still refuses.
 *
 * @throws MalformedComponentError if the module cannot be read.
 * @throws UnsupportedError if it uses an instruction or a type that this version does not know, or
 *   shares a memory.
 */
export function instrument(bytes: Uint8Array, options: InstrumentOptions): InstrumentedModule {
  return new ModuleRewriter(readModuleLayout(bytes), options).rewrite();
}

class ModuleRewriter {
  readonly #options: InstrumentOptions;
  readonly #costs: OperatorCosts;
  readonly #byId = new Map<number, Section>();
  readonly #tables: OpcodeTables;
  readonly #code: CodeAnalyzer;
  readonly #abi: Abi;
  readonly #added: AddedFunctions;
  readonly #helpers: Helpers;
  readonly #adapters: Adapters;
  readonly #hints: BranchHints;
  readonly #startUp: sections.StartUpCost;
  readonly #globalValues = new Map<number, number>();
  readonly #imports: Uint8Array[] = [];
  readonly #importNames: string[] = [];
  readonly #importModule: string;
  readonly #meters: boolean;
  readonly #growsMemory: boolean;
  readonly #growsTable: boolean;
  readonly #limitsHeap: boolean;
  readonly #importsMemories: boolean;
  readonly #context: sections.SectionContext;
  readonly #fuelGlobal: number;

  constructor(layout: ModuleLayout, options: InstrumentOptions) {
    this.#options = options;
    this.#costs = options.fuel ?? DEFAULT_OPERATOR_COSTS;
    this.#startUp = new sections.StartUpCost(this.#costs);
    for (const section of layout.sections) {
      if (section.id !== SECTION.custom) this.#byId.set(section.id, section);
    }
    const { importedFunctions, importedGlobals } = layout;
    const functionCount = layout.functionTypes.length;
    // Constant expressions run too: an array in one is paid for.
    const runsCode =
      functionCount > 0 || [SECTION.table, SECTION.global, SECTION.element].some((id) => this.#byId.has(id));
    this.#meters = runsCode && (options.fuel !== undefined || options.epoch);
    this.#growsMemory = options.limitGrowth && layout.memoryIs64.length > 0;
    this.#growsTable = options.limitGrowth && layout.tables.length > 0;
    this.#limitsHeap = options.limitHeap === true && layout.allocates;
    this.#importsMemories = options.importMemories === true && layout.definedMemories.length > 0;
    this.#importModule = unusedName(layout.importModules);

    let shift = 0;
    const takeFunction = (present: boolean) => (present ? importedFunctions + shift++ : -1);
    const imports = {
      fuelGlobal: importedGlobals,
      check: takeFunction(this.#meters),
      memoryGrow: takeFunction(this.#growsMemory),
      tableGrow: takeFunction(this.#growsTable),
      heapGlobal: importedGlobals + (this.#meters ? 1 : 0),
      heapGrow: takeFunction(this.#limitsHeap),
    };
    const functionShift = shift;
    const globalShift = (this.#meters ? 1 : 0) + (this.#limitsHeap ? 1 : 0);
    this.#fuelGlobal = imports.fuelGlobal;
    const mapFunction = shiftFrom(importedFunctions, functionShift);
    const mapGlobal = shiftFrom(importedGlobals, globalShift);

    this.#tables = opcodeTables(this.#costs);
    this.#code = this.#analyze(layout);
    const charges = options.fuel !== undefined;
    this.#abi = new Abi({ layout, code: this.#code, meters: this.#meters, charges });
    const added = new AddedFunctions(functionCount + functionShift, layout.types.count);
    this.#added = added;
    this.#helpers = new Helpers({
      added,
      imports,
      meters: this.#meters,
      limitGrowth: options.limitGrowth,
      costs: this.#costs,
    });
    this.#adapters = new Adapters({
      layout,
      abi: this.#abi,
      added,
      helpers: this.#helpers,
      fuelGlobal: imports.fuelGlobal,
      mapFunction,
    });
    this.#context = {
      layout,
      types: layout.types,
      functionCount,
      globalCount: layout.globalCount,
      mapFunction,
      mapGlobal,
      outside: (index) => this.#adapters.outside(index),
      reference: (index) => this.#adapters.reference(index),
      globalValue: (index) => this.#globalValues.get(index),
      startUp: this.#startUp,
    };
    const hintSection = layout.sections.find(({ name }) => name === BRANCH_HINT_SECTION);
    this.#hints = new BranchHints(hintSection && customContent(layout, hintSection), mapFunction);
    this.#declareImports();
  }

  rewrite(): InstrumentedModule {
    const { layout } = this.#context;
    const rewritten = new Map<number, ByteBuffer>();
    const rewrite = (id: number, how: (section: Section, context: sections.SectionContext) => ByteBuffer) => {
      const section = this.#byId.get(id);
      if (section) rewritten.set(id, how(section, this.#context));
    };
    rewrite(SECTION.table, sections.tableSection);
    rewrite(SECTION.global, (section, context) =>
      sections.globalSection(section, context, this.#globalValues),
    );
    rewrite(SECTION.export, sections.exportSection);
    // Defined memories come behind imported ones, and so do the imports that take their place.
    if (this.#importsMemories) rewritten.set(SECTION.memory, emptyVector());
    const elements = this.#elementSection();
    if (elements) rewritten.set(SECTION.element, elements);
    const { code, gap } = codeBuffer(layout);
    const entries = this.#rewriteCode(code);
    const start = this.#startSection();
    if (start) rewritten.set(SECTION.start, start);
    const functions = sections.functionSection(
      this.#byId.get(SECTION.function),
      layout,
      this.#added,
      (index) => this.#typeOf(index),
    );
    rewritten.set(SECTION.function, functions);
    rewritten.set(
      SECTION.import,
      sections.importSection(this.#byId.get(SECTION.import), layout, this.#imports),
    );
    // Last, because all that comes before may ask for types.
    rewritten.set(SECTION.type, sections.typeSection(this.#byId.get(SECTION.type), layout, this.#added));
    const { bytes, base } = assemble({
      layout,
      context: this.#context,
      rewritten,
      hints: this.#hints,
      added: this.#added,
      names: {
        moduleName: this.#options.moduleName,
        mapFunction: this.#context.mapFunction,
        mapGlobal: this.#context.mapGlobal,
        addedFunctions: this.#addedFunctionNames(),
        addedGlobals: this.#addedGlobalNames(),
      },
      code,
      gap,
    });
    this.#added.release();
    const locator = this.#locator(entries, base);
    return {
      bytes,
      importModule: this.#importModule,
      meters: this.#meters,
      growsMemory: this.#growsMemory,
      growsTable: this.#growsTable,
      allocates: layout.allocates,
      limitsHeap: this.#limitsHeap,
      importsMemories: this.#importsMemories,
      initialHeap: this.#startUp.heapBytes,
      memories: layout.definedMemories,
      tables: layout.definedTables,
      exportedTables: layout.exportedTables,
      locate: (functionIndex, offset) => locator.locate(functionIndex, offset),
    };
  }

  #declareImports(): void {
    const declare = (name: string, kind: number, ...description: number[]) => {
      const entry = new ByteBuffer(64);
      entry.name(this.#importModule);
      entry.name(name);
      entry.u8(kind);
      for (const part of description) entry.u32(part);
      this.#imports.push(entry.view());
      if (kind === 0) this.#importNames.push(name);
    };
    if (this.#meters) {
      declare("fuel", 3, I64, 1);
      declare("check", 0, this.#added.type([], 0, [], 0));
    }
    const grow = () => this.#added.type([I32, I64], 2, [I32], 1);
    if (this.#growsMemory) declare("memory_grow", 0, grow());
    if (this.#growsTable) declare("table_grow", 0, grow());
    if (this.#limitsHeap) {
      declare("heap", 3, I64, 1);
      declare("heap_grow", 0, this.#added.type([], 0, [], 0));
    }
    if (!this.#importsMemories) return;
    for (const { index, min, is64 } of this.#context.layout.definedMemories) {
      const entry = new ByteBuffer(64);
      entry.name(this.#importModule);
      entry.name(`memory ${index}`);
      entry.u8(2);
      entry.u8(is64 ? 0x04 : 0x00);
      entry.u64(min);
      this.#imports.push(entry.view());
    }
  }

  #typeOf(index: number): number {
    const type = this.#context.layout.functionTypes[index] as number;
    return this.#abi.kind(index) === REGISTER ? this.#adapters.registerType(type) : type;
  }

  /** Goes over each function body, at `reader`; its size stands at `entry`. `visit` must leave the reader at the body's end. */
  #eachBody(
    layout: ModuleLayout,
    visit: (reader: ByteReader, index: number, end: number, entry: number) => void,
  ): void {
    const section = this.#byId.get(SECTION.code);
    const defined = layout.functionTypes.length - layout.importedFunctions;
    const reader = section
      ? new ByteReader(layout.bytes, section.start, section.end)
      : new ByteReader(layout.bytes, 0, 0);
    const count = section ? reader.u32() : 0;
    if (count !== defined) reader.fail("function and code sections have different lengths");
    for (let i = 0; i < count; i++) {
      const entry = reader.pos;
      const size = reader.u32();
      const end = reader.pos + size;
      if (end > reader.end) reader.fail("function body runs past its section");
      visit(reader, layout.importedFunctions + i, end, entry);
    }
    if (section) expectEnd(reader);
  }

  #analyze(layout: ModuleLayout): CodeAnalyzer {
    const reader = new ByteReader(layout.bytes);
    const analyzer = new CodeAnalyzer({
      reader,
      layout,
      tables: this.#tables,
      functionEntry: this.#costs.functionEntry,
      charges: this.#options.fuel !== undefined,
      limitsHeap: this.#limitsHeap,
    });
    // Only meters ask what it finds.
    if (!this.#meters) return analyzer;
    // Twice, for those that call others that come later.
    for (let i = 0; i < 2; i++) {
      this.#eachBody(layout, (bodies, index, end) => {
        reader.pos = bodies.pos;
        if (end - bodies.pos <= MAX_SMALL_BYTES) analyzer.classify(index - layout.importedFunctions, end);
        bodies.pos = end;
      });
    }
    this.#eachBody(layout, (bodies, index, end) => {
      reader.pos = bodies.pos;
      analyzer.analyze(index - layout.importedFunctions, end);
      bodies.pos = end;
    });
    return analyzer;
  }

  #rewriterOptions(): Omit<CodeRewriterOptions, "hints"> {
    const { layout, mapFunction, mapGlobal } = this.#context;
    return {
      layout,
      code: this.#code,
      abi: this.#abi,
      added: this.#added,
      adapters: this.#adapters,
      helpers: this.#helpers,
      tables: this.#tables,
      fuelGlobal: this.#fuelGlobal,
      meters: this.#meters,
      charges: this.#options.fuel !== undefined,
      limitGrowth: this.#options.limitGrowth,
      limitHeap: this.#limitsHeap,
      costs: this.#costs,
      mapFunction,
      mapGlobal,
    };
  }

  /** Rewrites all function bodies, each with its size in front; returns where they are. */
  #rewriteCode(out: ByteBuffer): CodeEntries {
    const { layout } = this.#context;
    const defined = layout.functionTypes.length - layout.importedFunctions;
    const entries = { guest: new Uint32Array(defined), rewritten: new Uint32Array(defined) };
    const reader = new ByteReader(layout.bytes);
    const rewriter = new CodeRewriter(reader, out, { ...this.#rewriterOptions(), hints: this.#hints });
    const guestSizes = new FunctionSizes();
    const sizes = new FunctionSizes();
    this.#eachBody(layout, (bodies, index, end, entry) => {
      guestSizes.add(end - bodies.pos);
      const length = reserveLength(out, end - bodies.pos);
      const start = out.length;
      reader.pos = bodies.pos;
      rewriter.rewrite(index, end);
      const size = out.length - start;
      sizes.add(size);
      patchLength(out, length);
      entries.guest[index - layout.importedFunctions] = entry;
      entries.rewritten[index - layout.importedFunctions] = out.length - size;
      bodies.pos = end;
    });
    if (this.#meters) {
      for (const { body } of this.#added.functions) sizes.add(body.length);
      this.#added.fill(fillersNeeded(guestSizes, sizes));
    }
    return entries;
  }

  #locator(entries: CodeEntries, base: number): Locator {
    const { layout, mapFunction } = this.#context;
    const { importedFunctions } = layout;
    const functionShift = mapFunction(importedFunctions) - importedFunctions;
    // Outlives this rewriter, and must not hold on to it.
    return new Locator({ entries, functionShift, base, rewriter: this.#rewriterOptions() });
  }

  /**
   * Elements refer to functions as code does. Code may refer to a function because it is exported;
   * if the export is an adapter now, the function has to be declared in another way.
   */
  #elementSection(): ByteBuffer | undefined {
    const { layout, reference, outside } = this.#context;
    const section = this.#byId.get(SECTION.element);
    const declared: number[] = [];
    for (const index of this.#code.referenced) {
      if (!layout.exportedFunctions.has(index) || index >= layout.functionTypes.length) continue;
      if (reference(index) !== outside(index)) declared.push(reference(index));
    }
    if (!section && declared.length === 0) return undefined;
    return sections.elementSection(section, this.#context, declared);
  }

  /** The guest's start function, behind one that pays for start-up if fuel is charged. */
  #startSection(): ByteBuffer | undefined {
    const section = this.#byId.get(SECTION.start);
    const guestStart = section && this.#context.outside(sections.startFunction(section, this.#context));
    const out = new ByteBuffer(8);
    const { fuel } = this.#options;
    if (!fuel || (guestStart === undefined && this.#startUp.total === 0n)) {
      if (guestStart === undefined) return undefined;
      out.u32(guestStart);
      return out;
    }
    const fixed = fuel.functionEntry + (guestStart === undefined ? 0 : fuel.call);
    out.u32(this.#helpers.startUp(this.#startUp.total + BigInt(fixed), guestStart));
    return out;
  }

  #addedGlobalNames(): (readonly [number, string])[] {
    const names = [...(this.#meters ? ["fuel"] : []), ...(this.#limitsHeap ? ["heap"] : [])];
    return names.map((name, i) => [this.#fuelGlobal + i, `${IMPORT_MODULE}.${name}`] as const);
  }

  #addedFunctionNames(): (readonly [number, string])[] {
    const { layout, functionCount, mapFunction } = this.#context;
    const imports = this.#importNames.map(
      (name, i) => [layout.importedFunctions + i, `${IMPORT_MODULE}.${name}`] as const,
    );
    const first = mapFunction(functionCount);
    const added = this.#added.functions.flatMap(({ name }, i) =>
      name === undefined ? [] : [[first + i, `${IMPORT_MODULE}: ${name}`] as const],
    );
    return [...imports, ...added];
  }
}

/** Indices from `first` on move by `shift`. */
function shiftFrom(first: number, shift: number): (index: number) => number {
  return (index) => (index < first ? index : index + shift);
}

function emptyVector(): ByteBuffer {
  const out = new ByteBuffer(64);
  out.u32(0);
  return out;
}

function unusedName(taken: ReadonlySet<string>): string {
  let name = IMPORT_MODULE;
  for (let i = 1; taken.has(name); i++) name = `${IMPORT_MODULE}:${i}`;
  return name;
}
