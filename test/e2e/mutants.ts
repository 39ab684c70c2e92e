/** Damage to components: in bytes, in sections whose size is then put right, and in their order. Seeded, so that it can be repeated. */
import { leb } from "../support/wasm-builder.ts";

/** mulberry32: the same numbers everywhere. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A whole number below `bound`. */
  below(bound: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * bound);
  }

  of<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T;
  }
}

const TELLING = [0x00, 0x01, 0x40, 0x7f, 0x80, 0xff];
const PREAMBLE = 8;
const COMPONENT_SECTION = 4;

/** A section of a component: `start` is where its id stands, `content` where its content starts. */
interface Section {
  readonly id: number;
  readonly start: number;
  readonly content: number;
  readonly end: number;
}

function sectionsOf(bytes: Uint8Array): Section[] {
  const sections: Section[] = [];
  let at = PREAMBLE;
  while (at < bytes.length) {
    const start = at;
    const id = bytes[at++] ?? 0;
    let size = 0;
    let byte = 0x80;
    for (let shift = 0; (byte & 0x80) !== 0 && at < bytes.length; shift += 7) {
      byte = bytes[at++] ?? 0;
      size |= (byte & 0x7f) << shift;
    }
    const content = at;
    at = Math.min(content + (size >>> 0), bytes.length);
    sections.push({ id, start, content, end: at });
  }
  return sections;
}

/**
 * A damaged copy of `bytes`.
 *
 * @param donor another component, of which parts are put in
 * @param at where single bytes may change; everywhere if it is left out
 */
export function mutate(
  random: Random,
  bytes: Uint8Array,
  donor: Uint8Array,
  at?: readonly number[],
): Uint8Array {
  const how = random.below(10);
  if (how < 3) return mutateBytes(random, bytes, donor, at);
  return how < 8 ? mutateSection(random, bytes, donor) : mutateOrder(random, bytes, donor);
}

function mutateBytes(
  random: Random,
  bytes: Uint8Array,
  donor: Uint8Array,
  at?: readonly number[],
): Uint8Array {
  if (bytes.length === 0) return bytes;
  const out = bytes.slice();
  const place = at === undefined ? random.below(out.length) : random.of(at);
  const old = out[place] ?? 0;
  const from = random.below(donor.length);
  switch (random.below(12)) {
    case 0:
    case 1:
      out[place] = random.below(256);
      return out;
    case 2:
    case 3:
      out[place] = old ^ (1 << random.below(8));
      return out;
    case 4:
    case 5:
      out[place] = old + 1;
      return out;
    case 6:
    case 7:
      out[place] = old - 1;
      return out;
    case 8:
      out[place] = random.of(TELLING);
      return out;
    case 9:
      return splice(out, place, 1 + random.below(8), new Uint8Array());
    case 10:
      return splice(out, place, random.below(16), donor.subarray(from, from + random.below(32)));
    default:
      return out.subarray(0, place);
  }
}

/** Changes what is in a section, of a nested component too, and keeps its size true. */
function mutateSection(random: Random, bytes: Uint8Array, donor: Uint8Array): Uint8Array {
  const sections = sectionsOf(bytes);
  if (sections.length === 0) return mutateBytes(random, bytes, donor);
  const { id, start, content, end } = random.of(sections);
  const inner = bytes.subarray(content, end);
  const isComponent = id === COMPONENT_SECTION && inner.length > PREAMBLE;
  const changed = isComponent ? mutate(random, inner, donor) : mutateBytes(random, inner, donor);
  return splice(bytes, start, end - start, Uint8Array.from([id, ...leb(changed.length), ...changed]));
}

/** Leaves a section out, repeats it elsewhere, or takes one from the donor. */
function mutateOrder(random: Random, bytes: Uint8Array, donor: Uint8Array): Uint8Array {
  const sections = sectionsOf(bytes);
  if (sections.length === 0) return mutateBytes(random, bytes, donor);
  const { start, end } = random.of(sections);
  const target = random.of(sections).start;
  switch (random.below(3)) {
    case 0:
      return splice(bytes, start, end - start, new Uint8Array());
    case 1:
      return splice(bytes, target, 0, bytes.subarray(start, end));
    default: {
      const given = sectionsOf(donor);
      if (given.length === 0) return bytes;
      const taken = random.of(given);
      return splice(bytes, target, 0, donor.subarray(taken.start, taken.end));
    }
  }
}

function splice(bytes: Uint8Array, at: number, remove: number, insert: Uint8Array): Uint8Array {
  const rest = bytes.subarray(Math.min(bytes.length, at + remove));
  const out = new Uint8Array(at + insert.length + rest.length);
  out.set(bytes.subarray(0, at));
  out.set(insert, at);
  out.set(rest, at + insert.length);
  return out;
}
