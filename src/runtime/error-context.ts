/** Error contexts of the component model, as bindings mention them. This version passes none. */

export interface ErrorContext {
  /** What the producer of the error had to say, for people. */
  readonly debugMessage: string;
}
