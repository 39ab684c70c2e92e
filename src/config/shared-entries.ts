/** Judges what the targets of a configuration share: each entry has to be of use to at least one of them. */
import { diagnosticsOf, type GenerateDiagnostic, generate, type UnusedEntry } from "../codegen/index.ts";
import { HostwrightError } from "../model/errors.ts";
import type { Target } from "./targets.ts";

/** A target, and what of the shared options it has no use for: `unused` of `generate` and of `check`. */
export interface JudgedTarget {
  readonly target: Target;
  readonly unused: readonly UnusedEntry[];
}

/** With more, the message would be longer than anybody reads. */
const MAX_SHOWN = 3;

/**
 * What is to be said of shared entries that none of the targets has a use for.
 *
 * @param judged the targets that were generated or checked
 * @param others the other ones of the configuration: they are looked at only if an entry is in doubt
 * @throws ConfigError if a pattern matches nothing in any of them
 */
export async function judgeShared(
  judged: readonly JudgedTarget[],
  others: readonly Target[] = [],
): Promise<GenerateDiagnostic[]> {
  const doubtful = new Map<string, UnusedEntry>();
  for (const { unused } of judged) for (const entry of unused) doubtful.set(entry.entry, entry);
  for (const [name, { table }] of doubtful) {
    if (judged.some((item) => shares(item.target, table) && !isUnused(name, item.unused)))
      doubtful.delete(name);
  }
  if (doubtful.size === 0) return [];
  const all = [...judged];
  for (const target of others) {
    const isNeeded = [...doubtful.values()].some(({ table }) => shares(target, table));
    if (isNeeded) all.push({ target, unused: await unusedBy(target) });
  }
  const useless = [...doubtful.values()].flatMap((doubt) => {
    const sharing = all.filter(({ target }) => shares(target, doubt.table));
    if (!sharing.every(({ unused }) => isUnused(doubt.entry, unused))) return [];
    const said = sharing.flatMap(({ unused }) => unused.filter(({ entry }) => entry === doubt.entry));
    return [together(doubt, said)];
  });
  return diagnosticsOf(useless);
}

function shares({ options }: Target, table: UnusedEntry["table"]): boolean {
  return options.shared?.includes(table) === true;
}

/** A part of an entry is unused where the whole entry is. */
function isUnused(name: string, unused: readonly UnusedEntry[]): boolean {
  return unused.some(({ entry }) => name === entry || name.startsWith(`${entry}.`));
}

/** Of a target that is not what was asked for. Its own mistakes are for when it is. */
async function unusedBy({ options }: Target): Promise<readonly UnusedEntry[]> {
  try {
    return (await generate(options)).unused;
  } catch (error) {
    if (error instanceof HostwrightError) return [];
    throw error;
  }
}

/** What all targets say of one entry, as one: it is as bad as where it comes closest to being of use. */
function together(one: UnusedEntry, said: readonly UnusedEntry[]): UnusedEntry {
  const levels = ["note", "warning", "error"] as const;
  const severity = levels.find((level) => said.some((entry) => entry.severity === level));
  const mildest = said.filter((entry) => entry.severity === severity);
  const messages = [...new Set(mildest.map(({ message }) => message))];
  const more = messages.length - MAX_SHOWN;
  const shown = more > 0 ? [...messages.slice(0, MAX_SHOWN), `(and ${more} more targets)`] : messages;
  return { ...(mildest[0] ?? one), message: shown.join("\n") };
}
