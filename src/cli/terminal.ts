/**
 * Where a command writes: two streams, and colour for those that want it.
 */
import { styleText } from "node:util";

/** The part of `process.stdout` that is used. */
export interface OutputStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
  hasColors?(): boolean;
}

/** The variables that decide about colour: https://no-color.org, https://force-color.org. */
export interface ColourEnv {
  readonly FORCE_COLOR?: string | undefined;
  readonly NO_COLOR?: string | undefined;
}

export type Style = Parameters<typeof styleText>[0];

export interface Terminal {
  readonly stdout: Output;
  readonly stderr: Output;
}

export class Output {
  readonly #stream: OutputStream;
  readonly #colours: boolean;

  constructor(stream: OutputStream, env: ColourEnv) {
    this.#stream = stream;
    this.#colours = wantsColour(stream, env);
  }

  get isTTY(): boolean {
    return this.#stream.isTTY === true;
  }

  write(text: string): void {
    this.#stream.write(text);
  }

  line(text = ""): void {
    this.#stream.write(`${text}\n`);
  }

  /** `text` in `style`, or as it is where colour is not wanted. */
  paint(style: Style, text: string): string {
    return this.#colours ? styleText(style, text, { validateStream: false }) : text;
  }
}

/** FORCE_COLOR decides, then NO_COLOR, then whether this is a terminal that has colours. */
function wantsColour(stream: OutputStream, env: ColourEnv): boolean {
  const forced = env.FORCE_COLOR;
  if (forced !== undefined) return forced !== "0" && forced !== "false";
  if ((env.NO_COLOR ?? "") !== "") return false;
  return stream.isTTY === true && (stream.hasColors?.() ?? true);
}

/**
 * Foreign text, made safe to show: control and format characters, with which a file or a guest could
 * steer the terminal, are written as escapes. Line breaks and tabs stay.
 */
export function printable(text: string): string {
  // Most text: the tables of Unicode take a while to load.
  if (/^[\n\t -~]*$/.test(text)) return text;
  return text.replace(/(?![\n\t])[\p{C}\p{Zl}\p{Zp}]/gu, (character) => {
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  });
}
