/** Which unknown imports `defineUnknownImportsAsTraps` fills in. */

import { withoutVersion } from "../model/compatible-version.ts";
import { ConfigError } from "../model/errors.ts";
import { checkOptions } from "./check-options.ts";

/**
 * Patterns for imports. Each is the name of an interface, with or without version ("wasi:cli/stdin"), of a package
 * ("wasi:cli"), or of a function ("wasi:cli/stdin#get-stdin", or "run" at the root); `*` stands for any text.
 */
export interface ImportFilter {
  /** Only what one of these matches. Default: everything. */
  readonly only?: readonly string[];
  /** Not what one of these matches, `only` or no. Default: nothing. */
  readonly except?: readonly string[];
}

interface Pattern {
  readonly text: string;
  matches(names: readonly string[]): boolean;
}

/**
 * Picks the paths that the filter lets through.
 *
 * @throws ConfigError for a wrong option, or if a pattern matches none of the component's imports.
 */
export function filterImports<T extends { readonly path: readonly string[] }>(
  imports: readonly T[],
  filter: ImportFilter,
): T[] {
  checkOptions<ImportFilter>("defineUnknownImportsAsTraps", filter, { only: isPatterns, except: isPatterns });
  const only = filter.only?.map(pattern);
  const except = filter.except?.map(pattern) ?? [];
  const names = new Map(imports.map((item) => [item, namesOf(item.path)]));
  const matches = (item: T, patterns: readonly Pattern[]) =>
    patterns.some(({ matches: matchesOne }) => matchesOne(names.get(item) ?? []));
  for (const { text, matches: matchesOne } of [...(only ?? []), ...except]) {
    if (![...names.values()].some(matchesOne)) {
      throw new ConfigError(`the component imports nothing that matches ${JSON.stringify(text)}`);
    }
  }
  return imports.filter((item) => (only === undefined || matches(item, only)) && !matches(item, except));
}

function isPatterns(value: unknown): string | undefined {
  return Array.isArray(value) && value.every((item) => typeof item === "string")
    ? undefined
    : "an array of patterns";
}

/** All names under which a pattern can mean an import. */
function namesOf(path: readonly string[]): string[] {
  const [instance = "", ...inner] = path;
  const bare = withoutVersion(instance);
  const whole = [instance, bare, bare.replace(/\/.*$/, "")];
  const item = inner.join("#");
  return item === "" ? whole : [...whole, `${instance}#${item}`, `${bare}#${item}`];
}

function pattern(text: string): Pattern {
  const parts = text.split("*").map((part) => part.replace(/[\\^$.|?*+()[\]{}]/g, "\\$&"));
  const expression = new RegExp(`^${parts.join(".*")}$`, "s");
  return { text, matches: (names) => names.some((name) => expression.test(name)) };
}
