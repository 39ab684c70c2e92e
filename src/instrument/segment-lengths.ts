/**
 * How long data and element segments are, which bounds what can be initialised from them.
 */
import { ByteReader } from "./byte-reader.ts";
import { skipConstExpr } from "./const-expr.ts";
import { type ModuleLayout, SECTION, skipElementSegment } from "./module-layout.ts";
import type { TypeSection } from "./types.ts";

/** Read when first asked for: few modules need it. */
export class SegmentLengths {
  readonly #layout: ModuleLayout;
  #data: readonly number[] | undefined;
  #elements: readonly number[] | undefined;

  constructor(layout: ModuleLayout) {
    this.#layout = layout;
  }

  /** Bytes of data segment `index`; 0 if there is none. */
  data(index: number): number {
    this.#data ??= this.#read(SECTION.data, dataSegment);
    return this.#data[index] ?? 0;
  }

  /** Elements of element segment `index`; 0 if there is none. */
  elements(index: number): number {
    this.#elements ??= this.#read(SECTION.element, skipElementSegment);
    return this.#elements[index] ?? 0;
  }

  #read(id: number, segment: (reader: ByteReader, types: TypeSection) => number): number[] {
    const { bytes, sections, types } = this.#layout;
    const section = sections.find((candidate) => candidate.id === id);
    if (!section) return [];
    const reader = new ByteReader(bytes, section.start, section.end);
    const lengths: number[] = [];
    for (let count = reader.u32(); count > 0; count--) lengths.push(segment(reader, types));
    return lengths;
  }
}

function dataSegment(reader: ByteReader, types: TypeSection): number {
  const flags = reader.u32();
  if (flags === 2) reader.u32();
  if (flags !== 1) skipConstExpr(reader, types);
  const length = reader.u32();
  reader.skip(length);
  return length;
}
