/**
 * Reads the state of a folder at a revision of its git repository.
 *
 * Only git's plumbing is run, never a shell, and nothing that a repository could make it run: no hooks, no fetches, no
 * prompts. What the tree says is checked before it becomes a path on the disk.
 */
import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { isSafeSegment } from "../../disk/safe-segment.ts";
import { ConfigError } from "../../model/errors.ts";

/** As many files, and as many bytes, as the WIT front end would look at. */
const MAX_FILES = 10_000;
const MAX_BYTES = 64 * 1024 * 1024;

const FETCH_IT =
  "In CI, fetch it first: actions/checkout with `fetch-depth: 0`, and say `origin/main` rather than `main`";

interface Blob {
  readonly id: string;
  readonly path: string;
}

export interface GitSource {
  /** A branch, tag, commit, or anything else that git takes for one. */
  readonly revision: string;
  /** A folder or file; relative to `repository`, or with `:/` before it to the root of the repository. */
  readonly path: string;
  /** A folder inside the repository. */
  readonly repository: string;
}

/**
 * Writes the WIT of a revision into `target`.
 *
 * @returns the place of `source.path` in it
 * @throws ConfigError if it is no repository, there is no such revision, or nothing of that name in it
 */
export async function extractFromGit(source: GitSource, target: string): Promise<string> {
  const { revision, repository } = source;
  if (revision === "" || revision.startsWith("-") || /[\0\n]/.test(revision)) {
    throw new ConfigError(`${JSON.stringify(revision)} is no revision of git`);
  }
  const root = await git(repository, ["rev-parse", "--show-toplevel"]).catch((error: unknown) => {
    throw notThere(source, "the WIT is in no git repository", error);
  });
  const commit = await git(repository, [
    "rev-parse",
    "--verify",
    "--quiet",
    "--end-of-options",
    `${revision}^{commit}`,
  ]).catch((error: unknown) => {
    throw notThere(source, `git knows no such revision. ${FETCH_IT}`, error);
  });
  const path = await pathInRepository(source);
  const blobs = await listBlobs(root.trim(), commit.trim(), path);
  if (blobs.length === 0) throw notThere(source, `revision ${revision} has no WIT in ${path || "its root"}`);
  const contents = await readBlobs(root.trim(), blobs);
  for (const [i, blob] of blobs.entries()) {
    const place = join(target, ...blob.path.split("/"));
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, contents[i] ?? "");
  }
  return join(target, ...path.split("/").filter((segment) => segment !== ""));
}

/** Below the root of the repository, with `/` between folders. */
async function pathInRepository({ path, repository }: GitSource): Promise<string> {
  const fromRoot = path.startsWith(":/");
  const prefix = fromRoot ? "" : (await git(repository, ["rev-parse", "--show-prefix"])).replace(/\n$/, "");
  const segments: string[] = [];
  for (const segment of `${prefix}${fromRoot ? path.slice(2) : path}`.split(/[\\/]/)) {
    if (segment === "..") segments.pop();
    else if (segment !== "" && segment !== ".") segments.push(segment);
  }
  return segments.join("/");
}

async function listBlobs(root: string, commit: string, path: string): Promise<Blob[]> {
  const pathspec = path === "" ? [] : [path];
  const listing = await git(root, ["ls-tree", "-r", "-z", "--full-tree", commit, "--", ...pathspec]);
  const blobs = listing.split("\0").flatMap((line): Blob[] => {
    const [, mode, id, name] = /^(\d+) blob ([0-9a-f]+)\t(.*)$/s.exec(line) ?? [];
    // Links are not followed: they may lead anywhere.
    if (mode === undefined || id === undefined || name === undefined || mode === "120000") return [];
    return /\.(?:wit|wasm)$/.test(name) && name.split("/").every(isSafeSegment) ? [{ id, path: name }] : [];
  });
  if (blobs.length > MAX_FILES) {
    throw new ConfigError(
      `${path} has more than ${MAX_FILES} files of WIT in git: name the folder of the WIT itself`,
    );
  }
  return blobs;
}

/** The contents, in the order of the blobs. */
async function readBlobs(root: string, blobs: readonly Blob[]): Promise<Uint8Array[]> {
  const input = blobs.map(({ id }) => `${id}\n`).join("");
  const bytes = await gitBytes(root, ["cat-file", "--batch"], input);
  const contents: Uint8Array[] = [];
  let offset = 0;
  for (const { path } of blobs) {
    const end = bytes.indexOf(10, offset);
    const size = Number(/^[0-9a-f]+ blob (\d+)$/.exec(bytes.toString("latin1", offset, end))?.[1]);
    if (end === -1 || !Number.isSafeInteger(size)) throw new ConfigError(`git cannot read ${path}`);
    contents.push(bytes.subarray(end + 1, end + 1 + size));
    offset = end + 1 + size + 1;
  }
  return contents;
}

async function git(folder: string, args: readonly string[]): Promise<string> {
  return (await gitBytes(folder, args)).toString("utf8");
}

function gitBytes(folder: string, args: readonly string[], input = ""): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      "git",
      ["-c", "core.fsmonitor=false", "--literal-pathspecs", "--no-pager", ...args],
      {
        cwd: folder,
        encoding: "buffer",
        maxBuffer: MAX_BYTES,
        windowsHide: true,
        env: { ...process.env, GIT_TERMINAL_PROMPT: "0", GIT_NO_LAZY_FETCH: "1", LC_ALL: "C" },
      },
      (error, stdout) => (error === null ? resolve(stdout) : reject(error)),
    );
    // If git is not there, or ends early, its exit says so.
    child.stdin?.on("error", () => {});
    child.stdin?.end(input);
  });
}

function notThere({ revision, repository }: GitSource, reason: string, cause?: unknown): ConfigError {
  if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") {
    return new ConfigError(
      `git cannot be run in ${repository}: install it, or compare with a file or folder`,
      { cause },
    );
  }
  return new ConfigError(
    `there is nothing to compare with: ${JSON.stringify(revision)} is no file or folder, and as a revision of git: ${reason}`,
    { cause },
  );
}
