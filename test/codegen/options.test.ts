/** Wrong options and worlds end in typed errors that say what to do. */
import { expect, test } from "vitest";
import { ConfigError, type GenerateOptions, generate, WitError } from "../../src/index.ts";
import { goldenFolder } from "./goldens.ts";

const wit = `${goldenFolder}obs/world.wit`;
const includes = `${goldenFolder}includes/world.wit`;

test.each<[string, unknown, RegExp]>([
  ["none", undefined, /options must be an object/],
  ["null", null, /options must be an object/],
  ["no WIT", {}, /options: "wit" is missing: give a path/],
  ["an empty path", { wit: "" }, /options\.wit must be a path, not ""/],
  ["an unknown option", { wit, outDir: "x" }, /options: unknown key "outDir"; .*\bout\b/],
  ["a hostile option", { wit, hasOwnProperty: 1 }, /unknown key "hasOwnProperty"/],
  ["an option of every object", { wit, constructor: 1 }, /unknown key "constructor"/],
  ["a world that is no name", { wit, world: 1 }, /options\.world must be the name of a world/],
  ["features that are no array", { wit, features: "a" }, /options\.features must be an array/],
  ["features that are no names", { wit, features: [1] }, /options\.features\[0\] must be a name, not 1/],
  ["a flag that is none", { wit, allFeatures: "yes" }, /options\.allFeatures must be true or false/],
  [
    "another extension",
    { wit, importExtension: ".mjs" },
    /options\.importExtension must be "\.js", "\.ts" or "none"/,
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
