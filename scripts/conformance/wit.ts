/**
 * The suite `wit`: WIT files with the JSON that they resolve to, or the error that they end in.
 *
 * A case is a `.wit` file, a folder, or a `.wat` file, next to its golden:
 * - `x.wit.json`: the feature `active` is on, and the JSON must be equal.
 * - `x.wit.result`: it must be rejected with a `WitError`, at the place that the golden names, if it
 *   names one.
 */
import { cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { loadWit, WitError } from "../../src/wit/index.ts";
import type { CaseResult, Note } from "../conformance-case.ts";

const JSON_GOLDEN = ".wit.json";
const ERROR_GOLDEN = ".wit.result";

interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export async function* run(paths: readonly string[]): AsyncGenerator<CaseResult | Note> {
  const positions = { agree: 0, all: 0 };
  const orphans: string[] = [];
  for (const path of paths) {
    const isFolder = (await stat(path)).isDirectory();
    const root = isFolder ? path : dirname(path);
    const goldens = isFolder ? await findGoldens(path) : await goldensOf(path);
    for (const golden of goldens) {
      const name = relative(root, golden);
      const input = await inputOf(golden);
      if (input === undefined) {
        orphans.push(name);
      } else if (golden.endsWith(JSON_GOLDEN)) {
        yield { name, ...(await withoutText(input, (copy) => runPositive(copy, golden))) };
      } else {
        const { position, ...result } = await withoutText(input, (copy) => runNegative(copy, golden));
        if (position !== undefined) {
          positions.all += 1;
          if (position) positions.agree += 1;
        }
        yield { name, ...result };
      }
    }
  }
  if (orphans.length > 0)
    yield { outcome: "note", text: `goldens without an input, not run: ${orphans.join(", ")}` };
  if (positions.all > 0) {
    const percent = ((100 * positions.agree) / positions.all).toFixed(1);
    const text = `error positions: ${positions.agree} of ${positions.all} agree (${percent} %)`;
    yield { outcome: "note", text };
  }
}

type Outcome = { outcome: "pass" } | { outcome: "fail"; detail: string };

async function runPositive(input: string, golden: string): Promise<Outcome> {
  try {
    const resolve = await loadWit(input, { features: ["active"] });
    const actual: unknown = JSON.parse(JSON.stringify(resolve));
    const expected: unknown = JSON.parse(await readFile(golden, "utf8"));
    if (isDeepStrictEqual(actual, expected)) return { outcome: "pass" };
    return { outcome: "fail", detail: firstDifference(actual, expected, "resolve") };
  } catch (error) {
    return { outcome: "fail", detail: `not loaded: ${messageOf(error)}` };
  }
}

/** `position`: whether the place agrees; undefined if the golden names none. */
async function runNegative(input: string, golden: string): Promise<Outcome & { position?: boolean }> {
  const expected = positionIn(await readFile(golden, "utf8"));
  try {
    await loadWit(input, { features: ["active"] });
    return {
      outcome: "fail",
      detail: "accepted, but should be rejected",
      ...(expected && { position: false }),
    };
  } catch (error) {
    if (!(error instanceof WitError)) {
      const detail = `not a WitError: ${messageOf(error)}`;
      return { outcome: "fail", detail, ...(expected && { position: false }) };
    }
    if (expected === undefined) return { outcome: "pass" };
    const { file, line, column } = error;
    const isFile = file !== undefined && relative(dirname(input), file) === expected.file;
    if (isFile && line === expected.line && column === expected.column)
      return { outcome: "pass", position: true };
    const detail = `at ${file}:${line}:${column}, expected ${expected.file}:${expected.line}:${expected.column}`;
    return { outcome: "fail", detail: `${detail}: ${error.diagnostics[0]?.message}`, position: false };
  }
}

/** The place that a golden message names, its file relative to the folder of the golden. */
function positionIn(message: string): Position | undefined {
  const match =
    /^ *(?:-->|\*) (.*):(\d+):(\d+)$/m.exec(message) ?? /^(\S+\.wit):(\d+):(\d+): /m.exec(message);
  if (match === null) return undefined;
  const file = (match[1] ?? "").replace(/^.*?parse-fail\//, "");
  return { file, line: Number(match[2]), column: Number(match[3]) };
}

async function findGoldens(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  return names
    .filter((name) => name.endsWith(JSON_GOLDEN) || name.endsWith(ERROR_GOLDEN))
    .sort()
    .map((name) => join(folder, name));
}

/** The goldens of one named file, which may be the golden itself. */
async function goldensOf(path: string): Promise<string[]> {
  if (path.endsWith(JSON_GOLDEN) || path.endsWith(ERROR_GOLDEN)) return [path];
  const base = path.replace(/\.(?:wit|wat)$/, "");
  const candidates = [base + JSON_GOLDEN, base + ERROR_GOLDEN];
  const found = await Promise.all(candidates.map(exists));
  return candidates.filter((_, index) => found[index]);
}

async function inputOf(golden: string): Promise<string | undefined> {
  const base = golden.slice(0, golden.lastIndexOf(".wit."));
  for (const candidate of [`${base}.wit`, base, `${base}.wat`]) {
    if (await exists(candidate)) return candidate;
  }
  return undefined;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/**
 * Runs a case on an input without files in WebAssembly's text format: those are assembled first, in a
 * copy.
 */
export async function withoutText<T>(input: string, run: (input: string) => Promise<T>): Promise<T> {
  const texts = (await stat(input)).isDirectory()
    ? (await readdir(input, { recursive: true })).filter((name) => name.endsWith(".wat"))
    : input.endsWith(".wat")
      ? [""]
      : [];
  if (texts.length === 0) return run(input);
  const { parse } = await import("@bytecodealliance/jco");
  const folder = await mkdtemp(join(tmpdir(), "hostwright-conformance-"));
  try {
    const copy = join(folder, basename(input));
    await cp(input, copy, { recursive: true });
    for (const text of texts) {
      const path = join(copy, text);
      await writeFile(path.replace(/\.wat$/, ".wasm"), await parse(await readFile(path, "utf8")));
      await rm(path);
    }
    return await run(copy.replace(/\.wat$/, ".wasm"));
  } finally {
    await rm(folder, { recursive: true });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Where two JSON values first differ. */
function firstDifference(actual: unknown, expected: unknown, path: string): string {
  if (typeof actual !== "object" || typeof expected !== "object" || actual === null || expected === null) {
    return `${path}: got ${JSON.stringify(actual)}, expected ${JSON.stringify(expected)}`;
  }
  const left: Record<string, unknown> = { ...actual };
  const right: Record<string, unknown> = { ...expected };
  for (const key of new Set([...Object.keys(right), ...Object.keys(left)])) {
    if (isDeepStrictEqual(left[key], right[key])) continue;
    if (!(key in left)) return `${path}.${key}: missing, expected ${JSON.stringify(right[key])}`;
    if (!(key in right)) return `${path}.${key}: unexpected ${JSON.stringify(left[key])}`;
    return firstDifference(left[key], right[key], `${path}.${key}`);
  }
  return `${path}: equal but for the kind of object`;
}
