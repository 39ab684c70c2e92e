/** What is read from git, and what is not. */
import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { extractFromGit } from "../../src/check/against/git.ts";

let folder: string;
let repository: string;
let target: string;

const git = (...args: string[]): string =>
  execFileSync(
    "git",
    ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false", ...args],
    {
      cwd: repository,
      encoding: "utf8",
      stdio: "pipe",
    },
  ).trim();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hostwright-git-"));
  [repository, target] = [join(folder, "repository"), join(folder, "target")];
  mkdirSync(join(repository, "a b/wit/deps"), { recursive: true });
  mkdirSync(target);
  git("init", "--quiet", "--initial-branch=main");
  writeFileSync(join(repository, "a b/wit/w.wit"), "package a:b;\n");
  writeFileSync(join(repository, "a b/wit/deps/é\n.wit"), "package c:d;\n");
  writeFileSync(join(repository, "a b/wit/empty.wit"), "");
  writeFileSync(join(repository, "a b/wit/notes.md"), "# notes\n");
  symlinkSync("/etc/hostname", join(repository, "a b/wit/link.wit"));
  git("add", ".");
  git("commit", "--quiet", "--message=first");
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const extracted = (): string[] =>
  (readdirSync(target, { recursive: true, withFileTypes: true }) as { name: string; isFile(): boolean }[])
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name)
    .sort();

test("the WIT of a folder, and nothing else", async () => {
  const place = await extractFromGit(
    { revision: "main", path: ".", repository: join(repository, "a b/wit") },
    target,
  );
  expect(place).toBe(join(target, "a b/wit"));
  expect(extracted()).toEqual(["empty.wit", "w.wit", "é\n.wit"]);
  expect(readFileSync(join(place, "w.wit"), "utf8")).toBe("package a:b;\n");
  expect(readFileSync(join(place, "empty.wit"), "utf8")).toBe("");
});

test("as it was, not as it is", async () => {
  writeFileSync(join(repository, "a b/wit/w.wit"), "package x:y;\n");
  const place = await extractFromGit(
    { revision: "HEAD", path: "w.wit", repository: join(repository, "a b/wit") },
    target,
  );
  expect(readFileSync(place, "utf8")).toBe("package a:b;\n");
});

test.each([
  ["from a folder", "../wit", "a b/wit"],
  ["from the root", ":/a b/wit", "a b/wit"],
  ["from the root, and out of it", ":/../../a b/./wit", "a b/wit"],
])("paths: %s", async (_, path, expected) => {
  const place = await extractFromGit(
    { revision: "main", path, repository: join(repository, "a b/wit") },
    target,
  );
  expect(place).toBe(join(target, expected));
});

test("patterns are names", async () => {
  const source = { revision: "main", path: ":/a*", repository };
  await expect(extractFromGit(source, target)).rejects.toThrow("has no WIT in a*");
});

test("a tree that was made by hand does not lead out of the target", async () => {
  const blob = git("hash-object", "-w", "a b/wit/w.wit");
  const tree = (entries: string): string =>
    execFileSync("git", ["mktree"], { cwd: repository, input: entries, encoding: "utf8" }).trim();
  const inner = tree(`100644 blob ${blob}\tevil.wit\n`);
  const middle = tree(`040000 tree ${inner}\t..\n100644 blob ${blob}\tgood.wit\n`);
  const root = tree(`040000 tree ${middle}\twit\n`);
  const commit = git("commit-tree", root, "-m", "hostile");
  await extractFromGit({ revision: commit, path: ":/wit", repository }, target);
  expect(extracted()).toEqual(["good.wit"]);
  expect(readdirSync(folder).sort()).toEqual(["repository", "target"]);
});

test.each(["", "-h", "--help", "a\0b", "nowhere", "main^{tree}", "main:a b"])(
  "%j is no revision",
  async (revision) => {
    await expect(extractFromGit({ revision, path: ".", repository }, target)).rejects.toThrow(/revision/);
    expect(extracted()).toEqual([]);
  },
);
