/** Writes whole files: readers see the old one or the new one, never a half of it. */
import { chmodSync, renameSync, statSync, unlinkSync, writeFileSync } from "node:fs";

/**
 * Puts a file in its place, or replaces the one that is there, as one step. Its permissions stay as they were.
 *
 * @throws the file system's own error; nothing has changed then
 */
export function replaceFile(place: string, content: string | Uint8Array): void {
  const temporary = `${place}.${process.pid}-${Math.random().toString(36).slice(2)}.tmp`;
  const mode = statSync(place, { throwIfNoEntry: false })?.mode;
  writeFileSync(temporary, content, { flag: "wx", mode });
  try {
    // What a file is made with goes through the process's mask.
    if (mode !== undefined) chmodSync(temporary, mode & 0o777);
    renameSync(temporary, place);
  } catch (error) {
    unlinkSync(temporary);
    throw error;
  }
}
