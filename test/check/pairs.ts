/**
 * Pairs of WIT versions: `pairs/NN-name.wit` holds a sentence, the verdicts that are expected and the categories of the
 * changes, and then both versions.
 */
import { readdirSync, readFileSync } from "node:fs";
import { compareWorlds, type LoadedWorld } from "../../src/check/against/compare-worlds.ts";
import type { Verdict, WitChange } from "../../src/check/index.ts";
import { parseWit, selectWorld } from "../../src/wit/index.ts";

export interface Verdicts {
  readonly host: Verdict;
  readonly guests: Verdict;
  readonly hostCode: Verdict;
  readonly guestCode: Verdict;
}

export interface Pair {
  readonly name: string;
  readonly title: string;
  readonly expected: Verdicts;
  /** Sorted, each once. */
  readonly categories: readonly string[];
  readonly before: string;
  readonly after: string;
}

const folder = new URL("pairs/", import.meta.url);

export const pairs: readonly Pair[] = readdirSync(folder)
  .sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10))
  .map((file) => parsePair(file.replace(/\.wit$/, ""), readFileSync(new URL(file, folder), "utf8")));

function parsePair(name: string, text: string): Pair {
  const found =
    /^\/\/ (?<title>.+)\n\/\/ expect: host (?<host>\w+), guests (?<guests>\w+), host code (?<hostCode>\w+), guest code (?<guestCode>\w+)\n(?<changes>(?:\/\/ change: .+\n)*)\n\/\/ --- old\n(?<before>.*)\n\/\/ --- new\n(?<after>.*)$/s.exec(
      text,
    );
  if (found?.groups === undefined) throw new Error(`${name}.wit is not a pair`);
  const { title = "", changes = "", before = "", after = "", ...verdicts } = found.groups;
  const verdict = (key: string): Verdict => {
    const value = verdicts[key];
    if (value !== "breaking" && value !== "compatible") throw new Error(`${name}.wit: ${key} is ${value}`);
    return value;
  };
  return {
    name,
    title,
    expected: {
      host: verdict("host"),
      guests: verdict("guests"),
      hostCode: verdict("hostCode"),
      guestCode: verdict("guestCode"),
    },
    categories: [...changes.matchAll(/^\/\/ change: (.+)$/gm)].map(([, category = ""]) => category).sort(),
    before,
    after,
  };
}

export function load(text: string): LoadedWorld {
  const resolve = parseWit(text);
  return { resolve, world: selectWorld(resolve) };
}

/** The world of the name that the other version has, if there are several. */
export function loadPair({ before, after }: Pick<Pair, "before" | "after">): [LoadedWorld, LoadedWorld] {
  return [loadHosted(before), loadHosted(after)];
}

function loadHosted(text: string): LoadedWorld {
  const resolve = parseWit(text);
  const [main] = resolve.roots;
  const name = main?.worlds.has("hosted") ? "hosted" : undefined;
  return { resolve, world: selectWorld(resolve, name) };
}

export function compare(pair: Pick<Pair, "before" | "after">): readonly WitChange[] {
  return compareWorlds(...loadPair(pair));
}

export function verdictsOf(changes: readonly WitChange[]): Verdicts {
  const any = (of: (change: WitChange) => Verdict): Verdict =>
    changes.some((change) => of(change) === "breaking") ? "breaking" : "compatible";
  return {
    host: any((change) => change.host),
    guests: any((change) => change.guest),
    hostCode: any((change) => change.source.host),
    guestCode: any((change) => change.source.guest),
  };
}
