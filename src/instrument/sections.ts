/**
 * Rewriting the sections around the code: indices shift, entries are added.
 */
import type { AddedFunctions } from "./added-functions.ts";
import { ByteBuffer } from "./byte-buffer.ts";
import { ByteReader } from "./byte-reader.ts";
import { type ConstExprContext, type ConstExprResult, rewriteConstExpr } from "./const-expr.ts";
import type { OperatorCosts } from "./costs.ts";
import { expectEnd, globalType, type ModuleLayout, type Section } from "./module-layout.ts";
import { skipValueType } from "./types.ts";

/** Sums up what the constant expressions of a module cost at start-up. */
export class StartUpCost {
  readonly #costs: OperatorCosts;
  /** In fuel. */
  total = 0n;
  /** In bytes of V8's heap. */
  heapBytes = 0n;

  constructor(costs: OperatorCosts) {
    this.#costs = costs;
  }

  /** Every operator of an expression that allocates costs as one that does. */
  add(cost: ConstExprResult): void {
    if (!cost.allocates) return;
    const { aggregate, bulkElement } = this.#costs;
    this.total += BigInt(cost.operators * aggregate) + BigInt(cost.elements) * BigInt(bulkElement);
    this.heapBytes += BigInt(cost.heapBytes);
  }
}

export interface SectionContext extends ConstExprContext {
  readonly layout: ModuleLayout;
  readonly startUp: StartUpCost;
  mapFunction(index: number): number;
  /** The function that stands for function `index` outside of the module. */
  outside(index: number): number;
}

function open(context: SectionContext, section: Section): ByteReader {
  return new ByteReader(context.layout.bytes, section.start, section.end);
}

function constExpr(reader: ByteReader, out: ByteBuffer, context: SectionContext): ConstExprResult {
  const result = rewriteConstExpr(reader, out, context);
  context.startUp.add(result);
  return result;
}

export function tableSection(section: Section, context: SectionContext): ByteBuffer {
  const reader = open(context, section);
  const out = new ByteBuffer(section.end - section.start + 64);
  const count = reader.u32();
  out.u32(count);
  for (let i = 0; i < count; i++) {
    const start = reader.pos;
    const hasInit = reader.peek() === 0x40;
    if (hasInit) reader.pos += 2;
    skipValueType(reader, context.types.count);
    const flags = reader.u8();
    reader.skipU64();
    if ((flags & 0x01) !== 0) reader.skipU64();
    out.copy(reader.bytes, start, reader.pos);
    if (hasInit) constExpr(reader, out, context);
  }
  return out;
}

/** Notes the values of immutable globals in `values`, by index: later expressions may use them. */
export function globalSection(
  section: Section,
  context: SectionContext,
  values: Map<number, number>,
): ByteBuffer {
  const reader = open(context, section);
  const out = new ByteBuffer(section.end - section.start + 64);
  const count = reader.u32();
  out.u32(count);
  for (let i = 0; i < count; i++) {
    const start = reader.pos;
    const isMutable = globalType(reader, context.types.count);
    out.copy(reader.bytes, start, reader.pos);
    const { value } = constExpr(reader, out, context);
    if (!isMutable && value !== undefined) values.set(context.layout.importedGlobals + i, value);
  }
  expectEnd(reader);
  return out;
}

export function exportSection(section: Section, context: SectionContext): ByteBuffer {
  const reader = open(context, section);
  const out = new ByteBuffer(section.end - section.start + 64);
  const count = reader.u32();
  out.u32(count);
  for (let i = 0; i < count; i++) {
    const start = reader.pos;
    reader.skip(reader.u32());
    const at = reader.pos;
    const kind = reader.u8();
    out.copy(reader.bytes, start, reader.pos);
    const index = reader.u32();
    if (kind === 0) {
      if (index >= context.functionCount) reader.fail("function index out of range", at);
      out.u32(context.outside(index));
    } else if (kind === 3) {
      if (index >= context.globalCount) reader.fail("global index out of range", at);
      out.u32(context.mapGlobal(index));
    } else {
      out.u32(index);
    }
  }
  expectEnd(reader);
  return out;
}

/** The index of the guest's start function. */
export function startFunction(section: Section, context: SectionContext): number {
  const reader = open(context, section);
  const index = reader.u32();
  if (index >= context.functionCount) reader.fail("function index out of range", section.start);
  expectEnd(reader);
  return index;
}

/** `declared` are functions, by their index in the rewritten module, that code refers to and nothing else names. */
export function elementSection(
  section: Section | undefined,
  context: SectionContext,
  declared: readonly number[],
): ByteBuffer {
  const { bytes } = context.layout;
  const reader = section ? open(context, section) : new ByteReader(bytes, 0, 0);
  const out = new ByteBuffer(section ? section.end - section.start + 64 : 64);
  const count = section ? reader.u32() : 0;
  out.u32(count + declared.length);
  for (let i = 0; i < count; i++) {
    const at = reader.pos;
    const flags = reader.u32();
    if (flags > 7) reader.fail("invalid element segment", at);
    out.u32(flags);
    if ((flags & 1) === 0) {
      if ((flags & 2) !== 0) out.u32(reader.u32());
      constExpr(reader, out, context);
    }
    const usesExpressions = (flags & 4) !== 0;
    if ((flags & 3) !== 0) {
      const start = reader.pos;
      if (usesExpressions) skipValueType(reader, context.types.count);
      else reader.u8();
      out.copy(reader.bytes, start, reader.pos);
    }
    const items = reader.u32();
    out.u32(items);
    for (let j = 0; j < items; j++) {
      if (usesExpressions) {
        constExpr(reader, out, context);
        continue;
      }
      const itemAt = reader.pos;
      const index = reader.u32();
      if (index >= context.functionCount) reader.fail("function index out of range", itemAt);
      out.u32(context.reference(index));
    }
  }
  for (const index of declared) {
    out.u32(0x03); // a declarative segment of functions
    out.u8(0x00);
    out.u32(1);
    out.u32(index);
  }
  expectEnd(reader);
  return out;
}

/** Writes the data section's content to `out`; data is most of some modules, so it is not copied twice. */
export function writeDataSection(section: Section, context: SectionContext, out: ByteBuffer): void {
  const reader = open(context, section);
  const count = reader.u32();
  out.u32(count);
  for (let i = 0; i < count; i++) {
    const at = reader.pos;
    const flags = reader.u32();
    if (flags > 2) reader.fail("invalid data segment", at);
    out.u32(flags);
    if (flags !== 1) {
      if (flags === 2) out.u32(reader.u32());
      constExpr(reader, out, context);
    }
    const start = reader.pos;
    reader.skip(reader.u32());
    out.copy(reader.bytes, start, reader.pos);
  }
  expectEnd(reader);
}

/** Copies a vector and appends entries to it. */
function extendVector(
  section: Section | undefined,
  layout: ModuleLayout,
  added: readonly Uint8Array[],
): ByteBuffer {
  const out = new ByteBuffer(section ? section.end - section.start + 256 : 256);
  if (section) {
    const reader = new ByteReader(layout.bytes, section.start, section.end);
    out.u32(reader.u32() + added.length);
    out.copy(layout.bytes, reader.pos, section.end);
  } else {
    out.u32(added.length);
  }
  for (const entry of added) out.append(entry);
  return out;
}

export function typeSection(
  section: Section | undefined,
  layout: ModuleLayout,
  added: AddedFunctions,
): ByteBuffer {
  return extendVector(section, layout, added.types);
}

export function importSection(
  section: Section | undefined,
  layout: ModuleLayout,
  imports: readonly Uint8Array[],
): ByteBuffer {
  return extendVector(section, layout, imports);
}

export function functionSection(
  section: Section | undefined,
  layout: ModuleLayout,
  added: AddedFunctions,
  typeOf: (functionIndex: number) => number,
): ByteBuffer {
  const { functionTypes, importedFunctions } = layout;
  const out = new ByteBuffer(section ? (section.end - section.start) * 2 + 256 : 256);
  out.u32(functionTypes.length - importedFunctions + added.functions.length);
  for (let i = importedFunctions; i < functionTypes.length; i++) out.u32(typeOf(i));
  for (const { type } of added.functions) out.u32(type);
  return out;
}
