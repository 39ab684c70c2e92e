/** Composes components that others have made into one: text with placeholders, and the binaries that take their places. */

import { assemble } from "../support/assemble.ts";
import { leb } from "../support/wasm-builder.ts";

const COMPONENT_SECTION = 4;
const HEADER_LENGTH = 8;

/**
 * Replaces each component inside, such as `(component $x)`, by the next of `parts`.
 *
 * Source: component-model `Binary.md`: a nested component is a section whose content is the whole binary.
 */
export async function compose(text: string, parts: readonly Uint8Array[]): Promise<Uint8Array> {
  const outer = await assemble(text);
  const chunks: Uint8Array[] = [outer.subarray(0, HEADER_LENGTH)];
  const rest = [...parts];
  for (let at = HEADER_LENGTH; at < outer.length; ) {
    const [size, content] = leb128(outer, at + 1);
    const end = content + size;
    if (outer[at] === COMPONENT_SECTION) {
      const part = rest.shift();
      if (part === undefined) throw new Error("there are more placeholders than components");
      chunks.push(Uint8Array.of(COMPONENT_SECTION, ...leb(part.length)), part);
    } else {
      chunks.push(outer.subarray(at, end));
    }
    at = end;
  }
  if (rest.length > 0) throw new Error("there are more components than placeholders");
  return Uint8Array.from(Buffer.concat(chunks));
}

function leb128(bytes: Uint8Array, at: number): [value: number, end: number] {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++] ?? 0;
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return [value, at];
  }
}
