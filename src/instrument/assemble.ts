/**
 * Putting the rewritten module together: sections in their order, with those that were missing.
 *
 * The code is by far the largest part and is written first, so it stays where it is: what comes before
 * it goes into a gap in front of it, what comes after it is appended.
 */
import type { AddedFunctions } from "./added-functions.ts";
import { type BranchHints, isCodeMetadata } from "./branch-hints.ts";
import { ByteBuffer, u32Size } from "./byte-buffer.ts";
import { ByteReader } from "./byte-reader.ts";
import { type ModuleLayout, SECTION, SECTION_RANK, type Section } from "./module-layout.ts";
import { type NameContext, rewriteNameSection } from "./name-section.ts";
import { type SectionContext, writeDataSection } from "./sections.ts";

const HEADER = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00);

export interface AssemblyOptions {
  readonly layout: ModuleLayout;
  readonly context: SectionContext;
  /** Sections that changed, by id. An empty one is left out if the guest has none. */
  readonly rewritten: ReadonlyMap<number, ByteBuffer>;
  readonly hints: BranchHints;
  readonly added: AddedFunctions;
  readonly names: NameContext;
  /** The guest's functions, each with its size, from `gap` on. */
  readonly code: ByteBuffer;
  readonly gap: number;
}

/** A buffer for the code, with a gap in front of it that most likely holds what comes before it. */
export function codeBuffer(layout: ModuleLayout): { code: ByteBuffer; gap: number } {
  const code = layout.sections.find(({ id }) => id === SECTION.code);
  const codeSize = code ? code.end - code.start : 0;
  const headSize = code ? code.start : layout.bytes.length;
  // Hints and added types take less than that; pages that are never written take no memory.
  const gap = Math.ceil(headSize * 1.5 + codeSize / 4) + 4096;
  const tailSize = code ? layout.bytes.length - code.end : 0;
  const buffer = new ByteBuffer(gap + Math.ceil(codeSize * 1.75 + tailSize * 1.25) + 4096);
  buffer.length = gap;
  return { code: buffer, gap };
}

/** A rewritten module. */
export interface Assembled {
  readonly bytes: Uint8Array;
  /** What to add to a place in the buffer of the code to get one in the module. */
  readonly base: number;
}

export function assemble(options: AssemblyOptions): Assembled {
  return new Assembly(options).run();
}

class Assembly {
  readonly #options: AssemblyOptions;
  readonly #byId = new Map<number, Section>();
  #named = false;

  constructor(options: AssemblyOptions) {
    this.#options = options;
    for (const section of options.layout.sections) {
      if (section.id !== SECTION.custom) this.#byId.set(section.id, section);
    }
  }

  run(): Assembled {
    const { code, gap, names } = this.#options;
    const { before, after, hasCode } = this.#order();
    const head = new ByteBuffer(1024);
    head.append(HEADER);
    for (const section of before) this.#section(section, head);
    if (hasCode) this.#codeHeader(head);
    for (const section of after) this.#section(section, code);
    if (!this.#named && names.moduleName !== undefined) this.#names(new Uint8Array(), hasCode ? code : head);

    const start = gap - head.length;
    if (start >= 0) {
      code.bytes.set(head.view(), start);
      return { bytes: code.bytes.subarray(start, code.length), base: -start };
    }
    const out = new ByteBuffer(head.length + code.length - gap);
    out.append(head.view());
    out.copy(code.bytes, gap, code.length);
    return { bytes: out.view(), base: -start };
  }

  /** Sections before and after the code, as the guest has them, or by id if it does not. */
  #order(): { before: (Section | number)[]; after: (Section | number)[]; hasCode: boolean } {
    const { layout, rewritten, added } = this.#options;
    const rank = (id: number) => SECTION_RANK[id] as number;
    const missing = [...rewritten.keys(), ...(added.functions.length > 0 ? [SECTION.code] : [])]
      .filter((id) => !this.#byId.has(id))
      .sort((a, b) => rank(a) - rank(b));
    const order: (Section | number)[] = [];
    for (const section of layout.sections) {
      if (section.id !== SECTION.custom) {
        while (missing[0] !== undefined && rank(missing[0]) < rank(section.id)) {
          order.push(missing.shift() as number);
        }
      }
      order.push(section);
    }
    order.push(...missing);
    const at = order.findIndex((section) => idOf(section) === SECTION.code);
    return at < 0
      ? { before: order, after: [], hasCode: false }
      : { before: order.slice(0, at), after: order.slice(at + 1), hasCode: true };
  }

  #section(section: Section | number, out: ByteBuffer): void {
    const { layout, context, rewritten } = this.#options;
    const id = idOf(section);
    const part = rewritten.get(id);
    if (part) {
      if (this.#byId.has(id) || part.bytes[0] !== 0) writeContent(id, part, out);
      return;
    }
    if (typeof section === "number") return;
    if (id === SECTION.custom) {
      this.#custom(section, out);
    } else if (id === SECTION.data) {
      out.u8(id);
      const length = reserveLength(out, section.end - section.start);
      writeDataSection(section, context, out);
      patchLength(out, length);
    } else {
      copySection(layout, section, out);
    }
  }

  #codeHeader(head: ByteBuffer): void {
    const { layout, hints, added, code, gap } = this.#options;
    const hintSection = hints.section();
    if (hintSection) writeContent(SECTION.custom, hintSection, head);
    for (const { body } of added.functions) {
      code.u32(body.length);
      code.append(body);
    }
    const count = layout.functionTypes.length - layout.importedFunctions + added.functions.length;
    head.u8(SECTION.code);
    head.u32(u32Size(count) + code.length - gap);
    head.u32(count);
  }

  #custom(section: Section, out: ByteBuffer): void {
    const { layout } = this.#options;
    if (isStale(section.name)) return;
    if (section.name !== "name") {
      copySection(layout, section, out);
      return;
    }
    this.#names(customContent(layout, section), out);
  }

  /** V8 goes by the first name section: if that is not well formed, what takes its place has the module's name only. */
  #names(content: Uint8Array, out: ByteBuffer): void {
    const { names } = this.#options;
    const nothing = names.moduleName === undefined ? undefined : new Uint8Array();
    const rewritten = rewriteNameSection(content, names) ?? (nothing && rewriteNameSection(nothing, names));
    if (rewritten) writeContent(SECTION.custom, rewritten, out);
    this.#named = true;
  }
}

function idOf(section: Section | number): number {
  return typeof section === "number" ? section : section.id;
}

/** Custom sections that speak of offsets in the code, which have moved. */
function isStale(name: string): boolean {
  return (
    name.startsWith(".debug_") ||
    name.startsWith("reloc.") ||
    isCodeMetadata(name) ||
    name === "linking" ||
    name === "sourceMappingURL" ||
    name === "external_debug_info"
  );
}

/** What follows the name of a custom section. */
export function customContent(layout: ModuleLayout, section: Section): Uint8Array {
  const reader = new ByteReader(layout.bytes, section.start, section.end);
  reader.skip(reader.u32());
  return layout.bytes.subarray(reader.pos, section.end);
}

function copySection(layout: ModuleLayout, { id, start, end }: Section, out: ByteBuffer): void {
  out.u8(id);
  out.u32(end - start);
  out.copy(layout.bytes, start, end);
}

function writeContent(id: number, content: ByteBuffer, out: ByteBuffer): void {
  out.u8(id);
  out.u32(content.length);
  out.copy(content.bytes, 0, content.length);
}

/** Where a length stands that is not known yet, and how many bytes were left for it. */
export interface ReservedLength {
  readonly at: number;
  readonly size: number;
}

/** Leaves room for the length of something that has `expected` bytes now, and may have about twice as many then. */
export function reserveLength(out: ByteBuffer, expected: number): ReservedLength {
  const size = u32Size(expected * 2 + 64);
  const at = out.length;
  out.reserve(size);
  out.length += size;
  return { at, size };
}

/** Fills in the length of what has been written since, padded to its room; moves that if the room is too small. */
export function patchLength(out: ByteBuffer, { at, size }: ReservedLength): void {
  const length = out.length - at - size;
  const needed = Math.max(size, u32Size(length));
  if (needed > size) {
    out.reserve(needed - size);
    out.bytes.copyWithin(at + needed, at + size, out.length);
    out.length += needed - size;
  }
  let rest = length;
  for (let i = 0; i < needed; i++) {
    out.bytes[at + i] = (rest & 0x7f) | (i < needed - 1 ? 0x80 : 0);
    rest >>>= 7;
  }
}
