/**
 * Names that must differ from each other in more than case.
 *
 * Source: Explainer.md, "Name Uniqueness": labels of one scope are compared without case.
 */
import type { Id } from "./ast.ts";
import type { Reporter } from "./errors.ts";

export class UniqueNames {
  readonly #reporter: Reporter;
  readonly #seen = new Map<string, Id>();

  constructor(reporter: Reporter) {
    this.#reporter = reporter;
  }

  /** Reports `name` if it has been added before. `what` it names is for the message. */
  add(name: Id, what: string): void {
    const key = name.name.toLowerCase();
    const previous = this.#seen.get(key);
    if (previous === undefined) this.#seen.set(key, name);
    else reportDuplicate(this.#reporter, `${what} \`${name.name}\``, name, previous);
  }
}

export function reportDuplicate(reporter: Reporter, what: string, name: Id, previous: Id): void {
  const isSame = name.name === previous.name;
  reporter.report({
    code: "duplicate",
    message: isSame
      ? `${what} is defined more than once`
      : `${what} differs only in case from \`${previous.name}\`, and names are compared without case`,
    span: name.span,
    related: [{ message: "first defined here", span: previous.span }],
  });
}
