/**
 * An ordinary C program on wasi-libc (`test/guests/c/words.c`), run with preview2-shim's WASI, under hostwright and under
 * jco: arguments, environment, standard input and output, files and the exit code.
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { io } from "@bytecodealliance/preview2-shim";
import { WASIShim } from "@bytecodealliance/preview2-shim/instantiation";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { HostwrightError, Trap } from "../../src/runtime/index.ts";
import { type Imports, readGuest, SIDES } from "./sides.ts";

const folder = fileURLToPath(new URL("../../.tmp/wasi-program/", import.meta.url));

beforeAll(() => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}fish.txt`, "one fish, two fish: red fish. Blue fish");
});
afterAll(() => rmSync(folder, { recursive: true }));

class Exit extends Error {
  readonly status: unknown;
  constructor(status: unknown) {
    super("the program has ended");
    this.status = status;
  }
}

/** preview2-shim's streams go to this process's own; these are of memory. jco wants them to be of the shim's classes. */
function outputStream(chunks: Uint8Array[]): object {
  const write = (bytes: Uint8Array): void => {
    chunks.push(bytes.slice());
  };
  return Object.assign(Object.create(io.streams.OutputStream.prototype), {
    checkWrite: () => 4096n,
    write,
    blockingWriteAndFlush: write,
    flush: () => {},
    blockingFlush: () => {},
  });
}

function inputStream(text: string): object {
  let rest = new TextEncoder().encode(text);
  const read = (most: bigint): Uint8Array => {
    if (rest.length === 0) throw Object.assign(new Error("closed"), { payload: { tag: "closed" } });
    const next = rest.subarray(0, Number(most));
    rest = rest.subarray(next.length);
    return next;
  };
  return Object.assign(Object.create(io.streams.InputStream.prototype), { read, blockingRead: read });
}

interface Run {
  readonly args: readonly string[];
  readonly stdin?: string;
  readonly env?: Record<string, string>;
}

interface Ended {
  readonly out: string;
  readonly err: string;
  /** What `exit` was called with, or "returned". */
  readonly status: unknown;
}

async function run(side: keyof typeof SIDES, { args, stdin = "", env = {} }: Run): Promise<Ended> {
  const [out, err]: [Uint8Array[], Uint8Array[]] = [[], []];
  const shim = new WASIShim({ sandbox: { args: ["words", ...args], env, preopens: { "/data": folder } } });
  const imports: Imports = {
    ...shim.getImportObject(),
    "wasi:cli/stdin": { getStdin: () => inputStream(stdin) },
    "wasi:cli/stdout": { getStdout: () => outputStream(out) },
    "wasi:cli/stderr": { getStderr: () => outputStream(err) },
    "wasi:cli/exit": {
      exit(status: unknown) {
        throw new Exit(status);
      },
    },
  };
  let status: unknown = "returned";
  try {
    const exports = await SIDES[side](readGuest("words"), imports);
    exports["wasi:cli/run@0.2.12"].run();
  } catch (error) {
    // Under hostwright the guest never sees what a host throws: it is the cause of a trap.
    const exit = error instanceof HostwrightError ? error.cause : error;
    if (!(exit instanceof Exit)) throw error;
    if (side !== "jco") expect(error).toBeInstanceOf(Trap);
    status = exit.status;
  }
  const text = (chunks: Uint8Array[]): string => Buffer.concat(chunks).toString();
  return { out: text(out), err: text(err), status };
}

const error = { tag: "err", val: undefined };

describe.each(Object.keys(SIDES) as (keyof typeof SIDES)[])("under %s", (side) => {
  test("standard input and the environment", async () => {
    const ended = await run(side, { args: [], stdin: "a b a\nc A b", env: { GREETING: "Grüße" } });
    expect(ended).toEqual({
      out: "Grüße\na            3 100.0%\nb            2  66.7%\nc            1  33.3%\n",
      err: "",
      status: "returned",
    });
  });

  test("files of a preopened folder, and arguments", async () => {
    const ended = await run(side, { args: ["-n", "1", "/data/fish.txt"] });
    expect(ended).toEqual({ out: "fish         4  80.0%\n", err: "", status: "returned" });
  });

  test("much input", async () => {
    const ended = await run(side, { args: ["-n", "1"], stdin: "word ".repeat(20_000) });
    expect(ended).toEqual({ out: "word       20000 2000000.0%\n", err: "", status: "returned" });
  });

  test("a file that is not there", async () => {
    const ended = await run(side, { args: ["/data/none.txt"] });
    expect(ended).toEqual({
      out: "",
      err: "words: /data/none.txt: No such file or directory\n",
      status: error,
    });
  });

  test("a file outside", async () => {
    const ended = await run(side, { args: ["/data/../../package.json"] });
    expect(ended).toMatchObject({ out: "", status: error });
    expect(ended.err).toMatch(/^words: \/data\/\.\.\/\.\.\/package\.json: /);
  });

  test("nothing to count", async () => {
    expect(await run(side, { args: [] })).toEqual({ out: "", err: "", status: error });
  });
});
