/**
 * The line above a class that scaffold writes: which functions it has put there, and with how many
 * parameters. By it a later run tells what is gone from the WIT from what the user has added.
 */
const PREFIX = "// hostwright scaffold: ";

export interface Marker {
  readonly id: string;
  /** How many parameters each function has, by its key. */
  readonly members: ReadonlyMap<string, number>;
}

/** `// hostwright scaffold: amal:obs/metrics = counter/2, gauge/2` */
export function printMarker({ id, members }: Marker): string {
  const list = [...members].map(([key, count]) => `${key}/${count}`).join(", ");
  return `${PREFIX}${id} =${list === "" ? "" : ` ${list}`}`;
}

/** The last marker in the comments before a class, and where it stands in them. */
export function findMarker(
  comments: string,
): { readonly marker: Marker; readonly start: number; readonly end: number } | undefined {
  const start = comments.lastIndexOf(PREFIX);
  if (start === -1) return undefined;
  const newline = comments.indexOf("\n", start);
  const end = newline === -1 ? comments.length : newline;
  const [id = "", list = ""] = comments
    .slice(start + PREFIX.length, end)
    .trimEnd()
    .split(" =");
  const members = new Map<string, number>();
  for (const item of list.split(",")) {
    const [, key, count] = /^\s*(.+)\/(\d+)\s*$/.exec(item) ?? [];
    if (key !== undefined) members.set(key, Number(count));
  }
  return { marker: { id, members }, start, end: start + comments.slice(start, end).trimEnd().length };
}
