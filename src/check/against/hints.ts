/** Guesses: what is gone may have got another name, or another place. */
import { withoutVersion } from "../../model/compatible-version.ts";
import { nearestName } from "../../model/nearest.ts";
import type { WitChange } from "./change.ts";
import { displayName } from "./member-name.ts";
import type { Container } from "./pair-worlds.ts";
import type { Shapes } from "./shapes.ts";

/** With more that is new or gone, nobody would follow guesses, and each would take its time. */
const MAX_SINGLES = 300;

/** A function, type or interface that only one of the two versions has. */
export interface Single {
  readonly change: WitChange;
  readonly container: Container;
  readonly name: string;
  readonly shape: number;
  readonly added: boolean;
}

/** By change: the hint for it. */
export function hintsFor(
  singles: readonly Single[],
  removed: readonly Container[],
  added: readonly Container[],
  shapes: Shapes,
): ReadonlyMap<WitChange, string> {
  const hints = new Map<WitChange, string>();
  if (singles.length > MAX_SINGLES) return hints;
  const pair = (old: Single, current: Single, verb: "renamed to" | "moved to"): void => {
    hints.set(old.change, `was it ${verb} \`${current.change.path}\`?`);
    hints.set(current.change, `was it \`${old.change.path}\`?`);
  };
  const gone = singles.filter((single) => !single.added);
  const news = singles.filter((single) => single.added);
  for (const old of gone) {
    const isLike = (other: Single): boolean =>
      nounOf(other) === nounOf(old) &&
      other.shape === old.shape &&
      other.container.side === old.container.side;
    const candidates = news.filter((other) => isLike(other) && !hints.has(other.change));
    if (nounOf(old) === "interface") {
      const found = candidates.find((other) => isSameInterface(old.container, other.container, shapes));
      if (found !== undefined) pair(old, found, "renamed to");
      continue;
    }
    const here = candidates.filter((other) => isSameContainer(old.container, other.container));
    const found = soleOrNearest(old, here);
    if (found !== undefined) {
      pair(old, found, "renamed to");
      continue;
    }
    const elsewhere = candidates.find((other) => other.name === old.name && !here.includes(other));
    if (elsewhere !== undefined) pair(old, elsewhere, "moved to");
    else {
      const place = placeOf(old, added, shapes);
      if (place !== undefined) hints.set(old.change, `was it moved to \`${place}\`?`);
    }
  }
  for (const current of news) {
    if (hints.has(current.change) || nounOf(current) !== "func") continue;
    const place = placeOf(current, removed, shapes);
    if (place !== undefined) hints.set(current.change, `was it \`${place}\`?`);
  }
  return hints;
}

function nounOf({ change }: Single): string {
  return change.category.replace(/-(?:added|removed)$/, "");
}

function isSameContainer(a: Container, b: Container): boolean {
  return a.owner.kind === b.owner.kind && withoutVersion(a.name) === withoutVersion(b.name);
}

/** The only one of that shape, or the one whose name is most like the old. */
function soleOrNearest(old: Single, candidates: readonly Single[]): Single | undefined {
  const nearest = nearestName(
    old.name,
    candidates.map(({ name }) => name),
  );
  if (nearest !== undefined) return candidates.find(({ name }) => name === nearest);
  return candidates.length === 1 ? candidates[0] : undefined;
}

/** Where a function of that name and shape is, among interfaces that are new or gone as a whole. */
function placeOf(single: Single, containers: readonly Container[], shapes: Shapes): string | undefined {
  for (const container of containers) {
    const func = container.side === single.container.side ? container.functions.get(single.name) : undefined;
    if (func !== undefined && shapes.ofFunc(func) === single.shape) {
      return `${container.name}#${displayName(single.name)}`;
    }
  }
  return undefined;
}

/** The same functions, by name and type; or, without functions, the same types. */
function isSameInterface(a: Container, b: Container, shapes: Shapes): boolean {
  if (a.functions.size !== b.functions.size || a.types.size !== b.types.size) return false;
  if (a.functions.size + a.types.size === 0) return false;
  // Functions of resources differ in the resource, which is another one by definition.
  return (
    [...a.functions.keys()].every((key) => b.functions.has(key)) &&
    [...a.types].every(([name, type]) => {
      const other = b.types.get(name);
      return other !== undefined && (type.type.kind === "resource" || shapes.of(type) === shapes.of(other));
    })
  );
}
