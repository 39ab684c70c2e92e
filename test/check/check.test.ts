/** What `check` says of bindings that are fresh, and of those that are not. */
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type CheckReport, check, type GenerateOptions, generate, writeBindings } from "../../src/index.ts";

const WIT = `package amal:obs@0.1.0;

interface metrics {
    counter: func(name: string, value: u64);
}

world hosted {
    import metrics;
    export run: func();
}
`;

const METRICS = "amal/obs/metrics.ts";
let folder: string;
let options: GenerateOptions & { readonly out: string };

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "hostwright-check-"));
  options = { wit: join(folder, "obs.wit"), out: join(folder, "bindings") };
  writeFileSync(options.wit, WIT);
  await writeBindings(await generate(options), options.out);
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const edit = (from: string, to: string): void => writeFileSync(options.wit, WIT.replaceAll(from, to));
const statuses = (report: CheckReport): Record<string, string> =>
  Object.fromEntries(report.files.map(({ path, status }) => [path, status]));
const snapshot = (): unknown =>
  (readdirSync(folder, { recursive: true }) as string[]).map((path) => {
    const { mtimeMs, ctimeMs, size } = statSync(join(folder, path));
    return { path, mtimeMs, ctimeMs, size };
  });

describe("check", () => {
  test("fresh", async () => {
    const before = snapshot();
    const report = await check(options);
    expect(report).toMatchObject({ fresh: true, out: options.out });
    expect(report.files).toEqual([
      { path: METRICS, status: "fresh", reason: "up to date", diff: undefined },
      { path: "hosted.ts", status: "fresh", reason: "up to date", diff: undefined },
    ]);
    expect(snapshot()).toEqual(before);
  });

  test("changed WIT: the diff shows what would be generated", async () => {
    edit("value: u64", "value: u32");
    const before = snapshot();
    const report = await check(options);
    expect(statuses(report)).toEqual({ [METRICS]: "changed", "hosted.ts": "fresh" });
    expect(report.fresh).toBe(false);
    expect(report.files[0]?.diff?.split("\n").slice(0, 8)).toEqual([
      `--- ${METRICS} (on disk)`,
      `+++ ${METRICS} (generated)`,
      expect.stringMatching(/^@@ -\d+,\d+ \+\d+,\d+ @@$/),
      " /** The host's side of `amal:obs/metrics@0.1.0`. */",
      " export interface Host {",
      "-  counter(name: string, value: bigint): void;",
      "+  counter(name: string, value: number): void;",
      " }",
    ]);
    expect(snapshot()).toEqual(before);
  });

  test("edited output", async () => {
    appendFileSync(join(options.out, METRICS), "export const mine = 1;\n");
    const report = await check(options);
    expect(statuses(report)).toEqual({ [METRICS]: "changed", "hosted.ts": "fresh" });
    expect(report.files[0]?.diff).toContain("\n-export const mine = 1;");
  });

  test("deleted output", async () => {
    rmSync(join(options.out, METRICS));
    const before = snapshot();
    const report = await check(options);
    expect(statuses(report)).toEqual({ [METRICS]: "missing", "hosted.ts": "fresh" });
    expect(report.files[0]?.diff).toBeUndefined();
    expect(snapshot()).toEqual(before);
  });

  test("no output at all", async () => {
    rmSync(options.out, { recursive: true });
    expect(statuses(await check(options))).toEqual({ [METRICS]: "missing", "hosted.ts": "missing" });
    expect(readdirSync(folder)).toEqual(["obs.wit"]);
  });

  test("orphan", async () => {
    edit("metrics", "numbers");
    const report = await check(options);
    expect(statuses(report)).toEqual({
      "amal/obs/numbers.ts": "missing",
      "hosted.ts": "changed",
      [METRICS]: "orphaned",
    });
  });

  test("doubles, while the test kit is off", async () => {
    await writeBindings(await generate({ ...options, testkit: true }), options.out);
    expect(await check({ ...options, testkit: true })).toMatchObject({ fresh: true });
    const stale = (await check(options)).files.filter(({ status }) => status !== "fresh");
    expect(stale.map(({ path }) => path)).toEqual(["amal/obs/metrics.double.ts", "hosted.double.ts"]);
    for (const file of stale) {
      expect(file).toMatchObject({ status: "orphaned", cause: "options" });
      expect(file.reason).toContain("--testkit");
    }
    // The double of what has gone is an orphan like any other.
    edit("metrics", "numbers");
    const orphans = (await check(options)).files.filter(({ status }) => status === "orphaned");
    expect(orphans.map(({ path, cause }) => [path, cause])).toEqual([
      ["amal/obs/metrics.double.ts", "orphaned"],
      [METRICS, "orphaned"],
      ["hosted.double.ts", "options"],
    ]);
  });

  test("a file of someone else's in the way", async () => {
    writeFileSync(join(options.out, METRICS), "export const mine = 1;\n");
    const [file] = (await check(options)).files;
    expect(file).toMatchObject({ status: "foreign", diff: undefined });
    expect(file?.reason).toContain("was not generated by hostwright");
  });

  test("other files in the folder do not matter", async () => {
    writeFileSync(join(options.out, "mine.ts"), "export const mine = 1;\n");
    expect(await check(options)).toMatchObject({ fresh: true });
  });

  test("a long diff is cut", async () => {
    const functions = Array.from({ length: 100 }, (_, i) => `func-${i}: func();`).join(" ");
    edit("counter:", `${functions} counter:`);
    const [file] = (await check(options)).files;
    expect(file?.diff?.split("\n")).toHaveLength(41);
    expect(file?.diff).toMatch(/\n\.\.\. \d+ more lines$/);
  });

  test("is fresh after what it says has been done", async () => {
    edit("metrics", "numbers");
    await writeBindings(await generate(options), options.out);
    expect(await check(options)).toMatchObject({ fresh: true });
  });
});

describe("the command that mends it", () => {
  const commandFor = async (more: Partial<GenerateOptions>): Promise<string> =>
    (await check({ ...options, ...more })).command.replaceAll(folder, "DIR");

  test.each<[Partial<GenerateOptions>, string]>([
    [{}, ""],
    [{ world: "hosted" }, " --world hosted"],
    [{ world: "amal:obs/hosted@0.1.0" }, " --world amal:obs/hosted@0.1.0"],
    [{ features: ["a", "b"] }, " --features a,b"],
    [{ allFeatures: true }, " --all-features"],
    [{ importExtension: ".ts" }, " --import-extension .ts"],
  ])("names the options %j", async (more, flags) => {
    const command = await commandFor(more);
    const [world, ...others] = flags.startsWith(" --world") ? [flags] : ["", flags];
    expect(command).toBe(`npx hostwright generate DIR/obs.wit${world} --out DIR/bindings${others.join("")}`);
  });

  test("is fit for a shell", async () => {
    const out = `${folder}/it's a folder`;
    mkdirSync(out);
    expect(await commandFor({ out })).toBe(
      `npx hostwright generate DIR/obs.wit --out 'DIR/it'\\''s a folder'`,
    );
  });
});
