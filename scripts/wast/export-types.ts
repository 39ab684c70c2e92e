/**
 * The result types of a module's exported functions, which JavaScript does not tell.
 */
import { ByteReader } from "../../src/instrument/byte-reader.ts";
import { readModuleLayout, SECTION } from "../../src/instrument/module-layout.ts";

/**
 * Per exported function the codes of its result types; functions with a result that takes more than
 * one byte to name (a concrete reference type) are left out.
 */
export function exportResultTypes(bytes: Uint8Array): Map<string, Uint8Array> {
  const types = new Map<string, Uint8Array>();
  const layout = readModuleLayout(bytes);
  const section = layout.sections.find(({ id }) => id === SECTION.export);
  if (!section) return types;
  const reader = new ByteReader(bytes, section.start, section.end);
  for (let count = reader.u32(); count > 0; count--) {
    const name = reader.name();
    const kind = reader.u8();
    const index = reader.u32();
    if (kind !== 0) continue;
    const type = layout.functionTypes[index] as number;
    const results = bytes.subarray(layout.types.resultsStart[type], layout.types.resultsEnd[type]);
    if (results.length === layout.types.results[type]) types.set(name, results);
  }
  return types;
}
