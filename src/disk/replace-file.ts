/** Writes whole files: readers see the old one or the new one, never a half of it. */
import { renameSync, unlinkSync, writeFileSync } from "node:fs";

/**
 * Puts a file in its place, or replaces the one that is there, as one step.
 *
 * @throws the file system's own error; nothing has changed then
 */
export function replaceFile(place: string, content: string | Uint8Array): void {
  const temporary = `${place}.${process.pid}-${Math.random().toString(36).slice(2)}.tmp`;
  writeFileSync(temporary, content, { flag: "wx" });
  try {
    renameSync(temporary, place);
  } catch (error) {
    unlinkSync(temporary);
    throw error;
  }
}
