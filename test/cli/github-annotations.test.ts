/** How annotations are written: what is in them must not end them, nor start others. */
import { describe, expect, test } from "vitest";
import { type Annotation, annotationCommand, withoutCommands } from "../../src/cli/github-annotations.ts";
import { Output } from "../../src/cli/terminal.ts";

const annotation: Annotation = { level: "error", title: "t", message: "m", file: "/w/a/b.ts", line: 3 };

describe("annotationCommand", () => {
  test.each<[string, Partial<Annotation>, string]>([
    ["a place", {}, "::error file=a/b.ts,line=3,title=t::m"],
    ["a file without line", { line: undefined }, "::error file=a/b.ts,title=t::m"],
    ["no place", { file: undefined }, "::error title=t::m"],
    ["other levels", { level: "warning", file: undefined }, "::warning title=t::m"],
    ["lines", { file: undefined, message: "a\r\nb\n::error::c" }, "::error title=t::a%0D%0Ab%0A::error::c"],
    [
      "a title that would be more",
      { file: undefined, title: "a,line=1::b\nc" },
      "::error title=a%2Cline=1%3A%3Ab%0Ac::m",
    ],
    ["a file that would be more", { file: "/w/a,b:c%.ts" }, "::error file=a%2Cb%3Ac%25.ts,line=3,title=t::m"],
    ["a file elsewhere", { file: "/x/b.ts" }, "::error file=/x/b.ts,line=3,title=t::m"],
  ])("%s", (_, change, expected) => {
    expect(annotationCommand({ ...annotation, ...change }, "/w")).toBe(expected);
  });
});

test("withoutCommands: each time with another token", () => {
  const printed: string[] = [];
  const output = new Output({ write: (text: string) => printed.push(text) }, {});
  withoutCommands(output, () => output.line("::error::x"));
  withoutCommands(output, () => {});
  const [stop = "", inner, resume, again = ""] = printed;
  const token = stop.trim().slice("::stop-commands::".length);
  expect(token).toMatch(/^[0-9a-f-]{36}$/);
  expect([inner, resume]).toEqual(["::error::x\n", `::${token}::\n`]);
  expect(again).toMatch(/^::stop-commands::/);
  expect(again).not.toBe(stop);
});
