/** Writes binaries by hand, for those that no text format would write. */

/** What a component starts with. */
export const PREAMBLE: readonly number[] = [0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00];

/** What a core module starts with: alone it is the empty module. */
export const CORE_PREAMBLE: readonly number[] = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];

export function leb(value: number): number[] {
  const bytes: number[] = [];
  do {
    const byte = value & 0x7f;
    value >>>= 7;
    bytes.push(value === 0 ? byte : byte | 0x80);
  } while (value !== 0);
  return bytes;
}

/** A type index where a type may stand: signed, and not negative. */
export function typeIndex(index: number): number[] {
  const bytes = leb(index);
  const last = bytes.pop() ?? 0;
  return last & 0x40 ? [...bytes, last | 0x80, 0x00] : [...bytes, last];
}

export function name(text: string): number[] {
  const bytes = new TextEncoder().encode(text);
  return [...leb(bytes.length), ...bytes];
}

export function vec(items: readonly (readonly number[])[]): number[] {
  return [...leb(items.length), ...items.flat()];
}

export function section(id: number, content: readonly number[]): number[] {
  return [id, ...leb(content.length), ...content];
}

export function types(...items: readonly (readonly number[])[]): number[] {
  return section(7, vec(items));
}

export function component(...sections: readonly (readonly number[])[]): Uint8Array {
  return Uint8Array.from([...PREAMBLE, ...sections.flat()]);
}
