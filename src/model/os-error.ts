/** Why the operating system refused something, in words. */

const REASONS: ReadonlyMap<unknown, string> = new Map([
  ["EACCES", "permission denied"],
  ["EEXIST", "something else is there"],
  ["EISDIR", "it is a folder, not a file"],
  ["ELOOP", "its symbolic links lead in a circle"],
  ["ENAMETOOLONG", "its name is too long"],
  ["ENOENT", "there is no such file or folder"],
  ["ENOSPC", "no space is left on the disk"],
  ["ENOTDIR", "a part of its path is a file, not a folder"],
  ["EPERM", "permission denied"],
  ["EROFS", "the disk cannot be written"],
]);

/** The reason that an error of `node:fs` stands for; of any other error its message. */
export function osReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return ("code" in error ? REASONS.get(error.code) : undefined) ?? error.message;
}
