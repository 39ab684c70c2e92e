/**
 * The root of every error that hostwright throws.
 *
 * The classes of a room live in that room (`WitError` in `wit/`, `Trap` in `runtime/`); all extend
 * `HostwrightError` and carry a stable `code` to switch on.
 */

export abstract class HostwrightError extends Error {
  /** A stable, kebab-case identifier of what went wrong. */
  abstract readonly code: string;
}

/**
 * A setting that is wrong, missing, or cannot be enforced here. The message says what is wrong and
 * which setting mends it.
 */
export class ConfigError extends HostwrightError {
  override readonly name = "ConfigError";
  readonly code = "config";
}

/** A legal part of the component model, or of WIT, that this version does not implement. */
export class UnsupportedError extends HostwrightError {
  override readonly name = "UnsupportedError";
  readonly code = "unsupported";
  /** The name of the unsupported feature, as documented. */
  readonly feature: string;

  constructor(
    feature: string,
    message: string = `${feature}: not supported by this version of hostwright`,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.feature = feature;
  }

  /** The same, of something that has a name: "the import a:b/c#f". */
  of(what: string): UnsupportedError {
    return new UnsupportedError(this.feature, `${what}: ${this.message}`, { cause: this });
  }
}

/** A component or core module whose bytes are not valid. */
export class MalformedComponentError extends HostwrightError {
  override readonly name = "MalformedComponentError";
  readonly code = "malformed-component";
  /** Where in the input, in bytes from its start. */
  readonly offset: number;

  constructor(message: string, offset: number, options?: ErrorOptions) {
    super(`${message} (at offset 0x${offset.toString(16)})`, options);
    this.offset = offset;
  }

  /** The same, of a file that has a name: "guest.wasm". */
  of(file: string): MalformedComponentError {
    const named = new MalformedComponentError("", this.offset, { cause: this });
    named.message = `${file}: ${this.message}`;
    return named;
  }
}
