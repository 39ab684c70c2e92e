/**
 * WIT names as TypeScript identifiers: the one table of reserved words, and scopes that keep names apart.
 *
 * A name that is taken or reserved gets `_` appended. Kebab-case never yields an underscore, so such a
 * name cannot meet another WIT name by accident.
 */
import { camelCase, pascalCase } from "../model/names.ts";

/** Words that cannot name a binding in strict-mode module code, in TypeScript or JavaScript. */
const reservedWords: ReadonlySet<string> = new Set([
  ..."arguments await break case catch class const continue debugger default delete do else enum".split(" "),
  ..."eval export extends false finally for function if implements import in instanceof interface".split(" "),
  ..."let new null package private protected public return static super switch this throw true".split(" "),
  ..."try typeof undefined var void while with yield".split(" "),
]);

/**
 * Members that an object or class must not get from WIT: `constructor` means something else there, and an
 * object with `then` looks like a promise when it is awaited.
 */
const reservedMembers: readonly string[] = ["constructor", "then"];

/** The same for what is static: these are properties of every class. */
const reservedStatics: readonly string[] = [
  ...reservedMembers,
  "arguments",
  "caller",
  "length",
  "name",
  "prototype",
];

/** Text as an identifier. WIT names pass unchanged; whatever else may come is made harmless. */
function sanitize(text: string): string {
  const safe = text.replace(/[^A-Za-z0-9_$]/g, "_");
  return /^[A-Za-z_$]/.test(safe) ? safe : `_${safe}`;
}

/** "http-status" -> "HttpStatus". */
export function typeIdentifier(wit: string): string {
  return sanitize(pascalCase(wit));
}

/** "http-status" -> "httpStatus", which may be a reserved word: see {@link Scope.claim}. */
export function valueIdentifier(wit: string): string {
  return sanitize(camelCase(wit));
}

/**
 * A member's name as it is written where it is declared. `new` is quoted, because an interface would
 * take it for a construct signature.
 */
export function memberKey(name: string): string {
  return name === "new" || !/^[A-Za-z_$][A-Za-z0-9_$]*$/.test(name) ? JSON.stringify(name) : name;
}

/** The names of one scope of generated code: a module, a parameter list, an interface. */
export class Scope {
  readonly #taken: Set<string>;
  readonly #reserved: ReadonlySet<string>;

  /** @param taken names that are in use from the start */
  private constructor(taken: Iterable<string>, reserved: ReadonlySet<string>) {
    this.#taken = new Set(taken);
    this.#reserved = reserved;
  }

  /** A scope of bindings: of a module, or the parameters of a function. */
  static ofBindings(taken: Iterable<string> = []): Scope {
    return new Scope(taken, reservedWords);
  }

  /** A scope of members of an object. Any word will do for a member, but for two. */
  static ofMembers(): Scope {
    return new Scope(reservedMembers, new Set());
  }

  /** A scope of static members of a class. */
  static ofStatics(): Scope {
    return new Scope(reservedStatics, new Set());
  }

  has(name: string): boolean {
    return this.#taken.has(name) || this.#reserved.has(name);
  }

  /** Takes `wanted`, or the nearest free name: `wanted_`, `wanted__`, ... */
  claim(wanted: string): string {
    let name = wanted;
    while (this.has(name)) {
      name += "_";
    }
    this.#taken.add(name);
    return name;
  }
}
