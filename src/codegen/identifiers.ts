/**
 * WIT names as TypeScript identifiers: the one table of reserved words, and scopes that keep names apart.
 *
 * A name that is taken or reserved gets `_` appended, and then a number. Kebab-case never yields an underscore, so such a
 * name cannot meet another WIT name by accident.
 */
import { NameScope } from "../model/name-scope.ts";
import { camelCase, pascalCase, reservedMembers, reservedStatics } from "../model/names.ts";

/** Words that cannot name a binding in strict-mode module code, in TypeScript or JavaScript. */
const reservedWords: ReadonlySet<string> = new Set([
  ..."arguments await break case catch class const continue debugger default delete do else enum".split(" "),
  ..."eval export extends false finally for function if implements import in instanceof interface".split(" "),
  ..."let new null package private protected public return static super switch this throw true".split(" "),
  ..."try typeof undefined var void while with yield".split(" "),
  // What a global is written by where something else has its name.
  "globalThis",
]);

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
export class Scope extends NameScope {
  /** A scope of bindings: of a module, or the parameters of a function. */
  static ofBindings(taken: Iterable<string> = []): Scope {
    return new Scope(taken, reservedWords);
  }

  /** A scope of members of an object. Any word will do for a member, but for two. */
  static ofMembers(): Scope {
    return new Scope(reservedMembers);
  }

  /** A scope without reserved names. */
  static ofAnything(): Scope {
    return new Scope();
  }

  /** A scope of static members of a class. */
  static ofStatics(): Scope {
    return new Scope(reservedStatics);
  }
}
