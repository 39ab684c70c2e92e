/**
 * The name section: function and global indices in it shift, and the added functions get names, so
 * that traps show the guest's own names and say which frames are ours.
 *
 * Source: core specification, appendix "Custom Sections", with the extended-name-section proposal.
 * The section is custom: what is not well formed is dropped.
 */
import { MalformedComponentError } from "../model/errors.ts";
import { ByteBuffer } from "./byte-buffer.ts";
import { ByteReader } from "./byte-reader.ts";

export interface NameContext {
  /** Of the module itself; undefined keeps the guest's. */
  readonly moduleName: string | undefined;
  mapFunction(index: number): number;
  mapGlobal(index: number): number;
  /** Names of functions and globals that the guest does not have, ascending by index in the rewritten module. */
  readonly addedFunctions: readonly (readonly [index: number, name: string])[];
  readonly addedGlobals: readonly (readonly [index: number, name: string])[];
}

const MODULE = 0;
const FUNCTION = 1;
const LOCAL = 2;
const LABEL = 3;
const GLOBAL = 7;

/** Rewrites the section's content, which follows its name. Undefined if it cannot be read. */
export function rewriteNameSection(content: Uint8Array, context: NameContext): ByteBuffer | undefined {
  const reader = new ByteReader(content);
  const out = new ByteBuffer(content.length + 256);
  out.name("name");
  if (context.moduleName !== undefined) {
    const name = new ByteBuffer(64);
    name.name(context.moduleName);
    out.u8(MODULE);
    out.u32(name.length);
    out.append(name.view());
  }
  try {
    while (reader.pos < content.length) {
      const id = reader.u8();
      const size = reader.u32();
      const start = reader.pos;
      reader.skip(size);
      if (id === MODULE && context.moduleName !== undefined) continue;
      const part = new ByteReader(content, start, start + size);
      const rewritten = rewritePart(id, part, context);
      out.u8(id);
      out.u32(rewritten ? rewritten.length : size);
      if (rewritten) out.copy(rewritten.bytes, 0, rewritten.length);
      else out.copy(content, start, start + size);
    }
  } catch (error) {
    if (error instanceof MalformedComponentError) return undefined;
    throw error;
  }
  return out;
}

function rewritePart(id: number, part: ByteReader, context: NameContext): ByteBuffer | undefined {
  if (id === FUNCTION) {
    return nameMap(part, (index) => context.mapFunction(index), context.addedFunctions);
  }
  if (id === GLOBAL) return nameMap(part, (index) => context.mapGlobal(index), context.addedGlobals);
  if (id === LOCAL || id === LABEL) return indirectNameMap(part, (index) => context.mapFunction(index));
  return undefined;
}

/** A map from index to name. Both the guest's entries and the added ones ascend, and stay so when merged. */
function nameMap(
  part: ByteReader,
  map: (index: number) => number,
  added: readonly (readonly [index: number, name: string])[],
): ByteBuffer {
  const count = part.u32();
  const out = new ByteBuffer(part.end - part.pos + 256);
  out.u32(count + added.length);
  let next = 0;
  const addUpTo = (limit: number) => {
    for (let entry = added[next]; entry && entry[0] < limit; entry = added[++next]) {
      out.u32(entry[0]);
      out.name(entry[1]);
    }
  };
  for (let i = 0; i < count; i++) {
    const index = map(part.u32());
    const nameStart = part.pos;
    part.skip(part.u32());
    addUpTo(index);
    out.u32(index);
    out.copy(part.bytes, nameStart, part.pos);
  }
  addUpTo(Number.POSITIVE_INFINITY);
  return out;
}

/** A map from function index to a name map, whose own indices stay. */
function indirectNameMap(part: ByteReader, map: (index: number) => number): ByteBuffer {
  const count = part.u32();
  const out = new ByteBuffer(part.end - part.pos + 256);
  out.u32(count);
  for (let i = 0; i < count; i++) {
    out.u32(map(part.u32()));
    const start = part.pos;
    for (let names = part.u32(); names > 0; names--) {
      part.u32();
      part.skip(part.u32());
    }
    out.copy(part.bytes, start, part.pos);
  }
  return out;
}
