/**
 * What is wrong with a WIT package: `WitError` and its diagnostics.
 */
import { HostwrightError } from "../model/errors.ts";
import { printableText, renderFrame } from "./code-frame.ts";
import { MAX_DIAGNOSTICS } from "./limits.ts";
import type { Span } from "./source.ts";

/** What a diagnostic is about; stable. */
export type WitErrorCode =
  /** The text is not WIT. */
  | "syntax"
  /** A name, interface, world, type or package that is not there. */
  | "not-found"
  /** Two things of one name. */
  | "duplicate"
  /** A type, interface, world or package that depends on itself. */
  | "cycle"
  /** WIT that parses but means nothing: a handle to a record, a world used as an interface. */
  | "invalid"
  /** A gate (`@since`, `@unstable`) that cannot hold, or a use of something gated out. */
  | "gate"
  /** A limit of `limits.ts`. */
  | "too-large"
  /** A world that was not named, and could be one of several. */
  | "ambiguous"
  /** A file or folder that cannot be read or written, or is not there. */
  | "unreadable";

/** Another place that explains a diagnostic, such as the bracket that was never closed. */
export interface RelatedLocation {
  readonly message: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** One mistake in WIT: what, where, and what to do about it. */
export interface Diagnostic {
  readonly code: WitErrorCode;
  readonly message: string;
  /** Where, if anywhere. Lines and columns start at 1; columns count UTF-16 code units. */
  readonly file: string | undefined;
  readonly line: number | undefined;
  readonly column: number | undefined;
  /** The end, exclusive. */
  readonly endLine: number | undefined;
  readonly endColumn: number | undefined;
  /** What to do about it: "did you mean `counter`?". */
  readonly hint: string | undefined;
  readonly notes: readonly string[];
  readonly related: readonly RelatedLocation[];
  /** The message with location, code frame, notes and hint, as a terminal shows it. */
  readonly rendered: string;
}

/**
 * A WIT package that cannot be used. `message` shows every diagnostic with its code frame; `file`,
 * `line` and `column` are those of the first.
 */
export class WitError extends HostwrightError {
  override readonly name = "WitError";
  readonly code: WitErrorCode;
  /** At least one, in the order in which they were found. */
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly [Diagnostic, ...Diagnostic[]], options?: { cause?: unknown }) {
    super(diagnostics.map((diagnostic) => diagnostic.rendered).join("\n\n"), options);
    this.code = diagnostics[0].code;
    this.diagnostics = diagnostics;
  }

  get file(): string | undefined {
    return this.diagnostics[0]?.file;
  }

  get line(): number | undefined {
    return this.diagnostics[0]?.line;
  }

  get column(): number | undefined {
    return this.diagnostics[0]?.column;
  }
}

/** What the parser and the resolver say; `createDiagnostic` turns it into a `Diagnostic`. */
export interface Problem {
  readonly code: WitErrorCode;
  readonly message: string;
  readonly span?: Span | undefined;
  /** For a problem with a whole file or folder. */
  readonly file?: string | undefined;
  readonly hint?: string | undefined;
  readonly notes?: readonly string[] | undefined;
  readonly related?: readonly { readonly message: string; readonly span: Span }[] | undefined;
}

function createDiagnostic(problem: Problem): Diagnostic {
  const { code, span } = problem;
  const message = shownText(problem.message);
  const hint = problem.hint === undefined ? undefined : shownText(problem.hint);
  const notes = (problem.notes ?? []).map(shownText);
  const start = span?.source.position(span.start);
  const end = span?.source.position(span.end);
  const file = span?.source.path ?? problem.file;
  const related = (problem.related ?? []).map((place) => ({
    message: shownText(place.message),
    file: place.span.source.path,
    ...place.span.source.position(place.span.start),
  }));
  return {
    code,
    message,
    file,
    line: start?.line,
    column: start?.column,
    endLine: end?.line,
    endColumn: end?.column,
    hint,
    notes,
    related,
    rendered: renderFrame({ ...problem, message, hint, notes }),
  };
}

/** A name in a message may be as long as a file. */
const MAX_MESSAGE_LENGTH = 1_000;

function shownText(text: string): string {
  const cut = text.length > MAX_MESSAGE_LENGTH ? `${text.slice(0, MAX_MESSAGE_LENGTH)}...` : text;
  return printableText(cut);
}

/** A `WitError` of one problem. */
export function witError(problem: Problem, options?: { cause?: unknown }): WitError {
  return new WitError([createDiagnostic(problem)], options);
}

/** Thrown to leave a step whose problems have been reported; never leaves this folder. */
class Abort extends Error {}

/** Collects problems, so that one run reports several. */
export class Reporter {
  readonly #diagnostics: Diagnostic[] = [];
  /** Where something was reported already: one mistake may be met twice. */
  readonly #places = new Map<object, Set<number>>();

  /** How many problems there are: compare before and after a step to see whether it went well. */
  get count(): number {
    return this.#diagnostics.length;
  }

  /** Reports and goes on; throws once there are too many. */
  report(problem: Problem): void {
    const { span } = problem;
    if (span !== undefined) {
      const places = this.#places.get(span.source) ?? new Set<number>();
      this.#places.set(span.source, places);
      if (places.has(span.start)) return;
      places.add(span.start);
    }
    this.#diagnostics.push(createDiagnostic(problem));
    if (this.#diagnostics.length >= MAX_DIAGNOSTICS) this.throwIfFailed();
  }

  /** Reports and leaves the current step. */
  fail(problem: Problem): never {
    this.report(problem);
    throw new Abort();
  }

  /** Runs a step that may `fail`. */
  attempt<T>(step: () => T): T | undefined {
    try {
      return step();
    } catch (error) {
      if (error instanceof Abort) return undefined;
      throw error;
    }
  }

  throwIfFailed(): void {
    const [first, ...rest] = this.#diagnostics;
    if (first !== undefined) throw new WitError([first, ...rest]);
  }
}
