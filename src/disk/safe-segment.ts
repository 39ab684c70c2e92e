/** Which names may become part of a path on the disk. */

/**
 * True for the name of one file or folder that stays in the folder it is put in, on any system: no `..`, no separator, no
 * drive or stream of Windows.
 */
export function isSafeSegment(segment: string): boolean {
  return segment !== "" && segment !== "." && segment !== ".." && !/[\\/:\0]/.test(segment);
}
