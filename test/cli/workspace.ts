/** A folder of its own for a test, and the command line run in it as a process, straight from `src/`. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

const main = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));
/** Where Node keeps what it compiles, so that not every process starts from TypeScript again. */
const compileCache = fileURLToPath(new URL("../../.tmp/compile-cache/", import.meta.url));

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export class Workspace {
  readonly folder = mkdtempSync(join(tmpdir(), "hostwright-cli-"));

  /** Removed when the test that makes it has ended. */
  constructor() {
    onTestFinished(() => rmSync(this.folder, { recursive: true, force: true }));
  }

  write(path: string, text: string | Uint8Array): void {
    const target = join(this.folder, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), "utf8");
  }

  edit(path: string, from: string, to: string): void {
    const text = this.read(path);
    if (!text.includes(from)) throw new Error(`${path} has no ${JSON.stringify(from)}`);
    this.write(path, text.replace(from, to));
  }

  remove(path: string): void {
    rmSync(join(this.folder, path));
  }

  /** Every file with its bytes and times: equal snapshots mean that nothing was written. */
  snapshot(): Record<string, { readonly text: string; readonly modified: bigint; readonly changed: bigint }> {
    const paths = readdirSync(this.folder, { recursive: true, encoding: "utf8" }).sort();
    return Object.fromEntries(
      paths.map((path) => {
        const full = join(this.folder, path);
        const { mtimeNs, ctimeNs } = statSync(full, { bigint: true });
        const text = statSync(full).isDirectory() ? "" : readFileSync(full, "latin1");
        return [path, { text, modified: mtimeNs, changed: ctimeNs }];
      }),
    );
  }

  hostwright(...args: string[]): Outcome {
    return this.hostwrightWith({}, ...args);
  }

  hostwrightWith(env: Record<string, string>, ...args: string[]): Outcome {
    const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
      cwd: this.folder,
      encoding: "utf8",
      env: { ...neutralEnv(), ...env },
    });
    return { status, stdout, stderr };
  }

  /** Runs with a standard output that is closed after its first bytes, as `| head -c 1` does. */
  async hostwrightClosingStdout(...args: string[]): Promise<Omit<Outcome, "stdout">> {
    const child = spawn(process.execPath, [main, ...args], { cwd: this.folder, env: neutralEnv() });
    child.stdout.once("data", () => child.stdout.destroy());
    let stderr = "";
    child.stderr.on("data", (chunk) => {
      stderr += chunk;
    });
    const [status] = await once(child, "close");
    return { status, stderr };
  }

  /** Runs with its standard output going to a file or device. */
  hostwrightWritingTo(path: string, ...args: string[]): Omit<Outcome, "stdout"> {
    const descriptor = openSync(path, "w");
    try {
      const { status, stderr } = spawnSync(process.execPath, [main, ...args], {
        cwd: this.folder,
        encoding: "utf8",
        env: neutralEnv(),
        stdio: ["ignore", descriptor, "pipe"],
      });
      return { status, stderr };
    } finally {
      closeSync(descriptor);
    }
  }

  /** Runs until it is disposed of. */
  hostwrightRunning(...args: string[]): AsyncDisposable & { stdout(): string; stderr(): string } {
    const child = spawn(process.execPath, [main, ...args], { cwd: this.folder, env: neutralEnv() });
    const output = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const) {
      child[name].on("data", (chunk) => {
        output[name] += chunk;
      });
    }
    return {
      stdout: () => output.stdout,
      stderr: () => output.stderr,
      async [Symbol.asyncDispose]() {
        const closed = once(child, "close");
        child.kill();
        await closed;
      },
    };
  }

  /** Runs for a moment, then sends what Ctrl-C sends. */
  async hostwrightInterrupted(
    ...args: string[]
  ): Promise<Omit<Outcome, "status"> & { readonly signal: string | null }> {
    const child = spawn(process.execPath, [main, ...args], { cwd: this.folder, env: neutralEnv() });
    const output = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const) {
      child[name].on("data", (chunk) => {
        output[name] += chunk;
      });
    }
    const timer = setTimeout(() => child.kill("SIGINT"), 1_000);
    const [, signal] = await once(child, "close");
    clearTimeout(timer);
    return { signal, ...output };
  }
}

/** The environment without what changes how the command line prints. */
function neutralEnv(): NodeJS.ProcessEnv {
  const { NO_COLOR: _, FORCE_COLOR: __, HOSTWRIGHT_DEBUG: ___, GITHUB_ACTIONS: ____, ...env } = process.env;
  return { ...env, NODE_COMPILE_CACHE: compileCache };
}

/** The world of the README. */
export const OBS_WIT = readFileSync(new URL("../../wit/obs.wit", import.meta.url), "utf8");
