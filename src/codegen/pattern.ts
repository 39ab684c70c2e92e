/**
 * Patterns: how rules, `with` and `errorMap` name interfaces, functions and types.
 *
 *     pattern   = [ "import " | "export " ] ( interface | plain ) [ ( "#" | "." ) item ]
 *     interface = namespace ":" package [ "/" name ] [ "@" version ]
 *     plain     = the name of a world's own function, or of an interface without an id
 *
 * A `*` stands for any characters but `:`, `/`, `@` and `#`. What is left out matches anything: `amal:obs` all that the
 * package has, `amal:obs/metrics` each function of the interface, of any version. After a version the item follows `#`,
 * since versions have dots. `*` alone matches everything.
 *
 * An item is the name of a function as in the component (`counter`, `[method]blob.read`), or for the function of a resource
 * without the brackets (`blob.read`), or the name of the resource, for all of its functions.
 */
import { ConfigError } from "../model/errors.ts";
import type { Side } from "./layout.ts";

/** What a pattern may match: an item by each of the names that it has. */
export interface Subject {
  readonly side: Side | undefined;
  readonly places: readonly Place[];
  /** The names of the item: any will do. */
  readonly items: readonly string[];
}

/** Where an item is. */
export type Place =
  | {
      readonly kind: "id";
      readonly namespace: string;
      readonly package: string;
      readonly name: string;
      readonly version: string | undefined;
    }
  | { readonly kind: "plain"; readonly name: string };

export interface Pattern {
  readonly text: string;
  /** True if it names one interface, by id or plainly: no part of that is left out or has a `*`. */
  readonly isOneInterface: boolean;
  /** True if it names an item. */
  readonly hasItem: boolean;
  matches(subject: Subject): boolean;
}

const form =
  /^(?:(import|export)\s+)?(?:([\w*-]+):([\w*-]+)(?:\/([\w*-]+))?(?:@([\w*.+-]+)(?=#|$))?|([\w*-]+))(?:[#.]([\w*.[\]-]+))?$/;

/**
 * @param where how messages call the place that it is written at
 * @throws ConfigError if it is no pattern
 */
export function parsePattern(text: string, where: string): Pattern {
  const found = form.exec(text);
  if (found === null) return fail(text, where);
  const [, side, namespace, pkg, name, version, plain, item] = found;
  return pattern(text, { side, namespace, package: pkg, name, version, plain, item });
}

function fail(text: string, where: string): never {
  throw new ConfigError(
    `${where}: ${JSON.stringify(text)} is no pattern; patterns are such as "amal:obs/*", "amal:obs/metrics.counter", ` +
      '"wasi:http/types@0.2.3#[method]fields.get", "export run" or "*"',
  );
}

interface Parts {
  readonly side: string | undefined;
  readonly namespace: string | undefined;
  readonly package: string | undefined;
  readonly name: string | undefined;
  readonly version: string | undefined;
  readonly plain: string | undefined;
  readonly item: string | undefined;
}

function pattern(text: string, parts: Parts): Pattern {
  const { side } = parts;
  const [namespace, pkg, name, version, plain, item] = [
    glob(parts.namespace),
    glob(parts.package),
    glob(parts.name),
    glob(parts.version),
    glob(parts.plain),
    glob(parts.item),
  ];
  const isAt = (place: Place): boolean => {
    if (parts.plain === "*") return true;
    if (place.kind === "plain") return parts.plain !== undefined && plain(place.name);
    return (
      parts.plain === undefined &&
      namespace(place.namespace) &&
      pkg(place.package) &&
      name(place.name) &&
      (parts.version === undefined || (place.version !== undefined && version(place.version)))
    );
  };
  const named = parts.plain === undefined ? [parts.namespace, parts.package, parts.name] : [parts.plain];
  return {
    text,
    isOneInterface: named.every((part) => part !== undefined && !part.includes("*")),
    hasItem: parts.item !== undefined,
    matches: (subject) =>
      (side === undefined || subject.side === undefined || side === subject.side) &&
      subject.places.some(isAt) &&
      (parts.item === undefined || subject.items.some(item)),
  };
}

/** A test for a name; one that is left out is met by all. */
function glob(text: string | undefined): (name: string) => boolean {
  if (text === undefined || text === "*") return () => true;
  if (!text.includes("*")) return (name) => name === text;
  const source = text
    .split("*")
    .map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"))
    .join("[^:/@#]*");
  const expression = new RegExp(`^${source}$`);
  return (name) => expression.test(name);
}
