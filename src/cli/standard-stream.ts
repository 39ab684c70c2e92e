/** Standard output and standard error, as commands write to them. */
import { fstatSync, writeSync } from "node:fs";
import process from "node:process";
import type { OutputStream } from "./terminal.ts";

/**
 * Writes to a pipe or a file itself, and leaves it to Node's stream to write to a terminal: those streams load
 * Node's sockets, which takes a tenth of all that `generate` does.
 */
export class StandardStream implements OutputStream {
  readonly #fd: 1 | 2;
  readonly #lose: (error: Error) => void;
  /** Node's own; undefined as long as it is not needed. */
  #stream: NodeJS.WriteStream | undefined;
  #isLost = false;

  /** @param lose is called once if nothing can be written any more; not if nobody reads any more */
  constructor(fd: 1 | 2, lose: (error: Error) => void) {
    this.#fd = fd;
    this.#lose = lose;
    // Terminals are character devices.
    if (fstatSync(fd).isCharacterDevice()) this.#stream = this.#open();
  }

  get isTTY(): boolean {
    return this.#stream?.isTTY === true;
  }

  hasColors(): boolean {
    return this.#stream?.hasColors?.() === true;
  }

  write(text: string): void {
    if (this.#isLost) return;
    if (this.#stream !== undefined) this.#stream.write(text);
    else this.#writeAll(Buffer.from(text));
  }

  #writeAll(bytes: Uint8Array): void {
    let written = 0;
    try {
      while (written < bytes.length) written += writeSync(this.#fd, bytes, written);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EAGAIN") {
        // A full pipe that does not block, as whoever started us has made it.
        this.#stream = this.#open();
        this.#stream.write(bytes.subarray(written));
      } else this.#end(error as Error);
    }
  }

  #open(): NodeJS.WriteStream {
    const stream = this.#fd === 1 ? process.stdout : process.stderr;
    return stream.on("error", (error) => this.#end(error));
  }

  #end(error: NodeJS.ErrnoException): void {
    if (this.#isLost) return;
    this.#isLost = true;
    // A reader that has gone (`hostwright wit | head`) is no error; the command still ends with its own exit code.
    if (error.code !== "EPIPE") this.#lose(error);
  }
}
