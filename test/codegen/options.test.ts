/** Wrong options and worlds end in typed errors that say what to do. */
import { expect, test } from "vitest";
import { ConfigError, type GenerateOptions, generate, WitError } from "../../src/index.ts";
import { goldenFolder } from "./goldens.ts";

const wit = `${goldenFolder}obs/world.wit`;
const includes = `${goldenFolder}includes/world.wit`;

test.each<[string, unknown, RegExp]>([
  ["none", undefined, /must be an object/],
  ["null", null, /must be an object/],
  ["no WIT", {}, /option "wit" is missing/],
  ["an empty path", { wit: "" }, /option "wit" must be a path/],
  ["an unknown option", { wit, outDir: "x" }, /unknown option "outDir": .*\bout\b/],
  ["a hostile option", { wit, hasOwnProperty: 1 }, /unknown option "hasOwnProperty"/],
  ["an option of every object", { wit, constructor: 1 }, /unknown option "constructor"/],
  ["a world that is no name", { wit, world: 1 }, /option "world" must be the name of a world/],
  ["features that are no array", { wit, features: "a" }, /option "features" must be an array/],
  ["features that are no names", { wit, features: [1] }, /option "features" must be an array/],
  ["a flag that is none", { wit, allFeatures: "yes" }, /option "allFeatures" must be true or false/],
  [
    "another extension",
    { wit, importExtension: ".mjs" },
    /option "importExtension" must be "\.js" or "\.ts"/,
  ],
])("%s", async (_, options, message) => {
  const error = await generate(options as GenerateOptions).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ConfigError);
  expect(error).toMatchObject({ code: "config", message: expect.stringMatching(message) });
});

test("options may be undefined", async () => {
  const options = { wit, world: undefined, out: undefined, features: undefined, importExtension: undefined };
  expect((await generate(options)).files.size).toBe(2);
});

test.each([
  [wit, undefined],
  [wit, "hosted"],
  [wit, "amal:obs/hosted"],
  [wit, "amal:obs/hosted@0.1.0"],
  [includes, "base"],
])("the world of %s: %s", async (path, world) => {
  const { files } = await generate({ wit: path, world });
  expect([...files.keys()].at(-1)).toBe(`${world === "base" ? "base" : "hosted"}.ts`);
});

test.each([
  [includes, undefined, "ambiguous", /base, other, all/],
  [wit, "hostde", "not-found", /did you mean `hosted`/],
  [wit, "amal:obs/hosted@0.2.0", "not-found", /amal:obs@0\.1\.0/],
  [`${goldenFolder}nowhere.wit`, undefined, "unreadable", /nowhere\.wit/],
])("no such world in %s: %s", async (path, world, code, message) => {
  const error = await generate({ wit: path, world }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(WitError);
  expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
});
