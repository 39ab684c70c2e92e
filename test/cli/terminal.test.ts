/** Colour only where it is wanted, and foreign text that cannot steer a terminal. */
import { describe, expect, test } from "vitest";
import { Output, type OutputStream, printable } from "../../src/cli/terminal.ts";

function painted(stream: Partial<OutputStream>, env: Record<string, string>): string {
  return new Output({ write: () => true, ...stream }, env).paint("red", "x");
}

const RED = "\u001b[31mx\u001b[39m";

describe("colour", () => {
  const terminal = { isTTY: true, hasColors: () => true };
  test("only on a terminal that has colours", () => {
    expect(painted(terminal, {})).toBe(RED);
    expect(painted({ isTTY: true, hasColors: () => false }, {})).toBe("x");
    expect(painted({}, {})).toBe("x");
  });

  test("not where NO_COLOR is set and not empty", () => {
    expect(painted(terminal, { NO_COLOR: "1" })).toBe("x");
    expect(painted(terminal, { NO_COLOR: "" })).toBe(RED);
  });

  test("FORCE_COLOR decides before all else", () => {
    expect(painted({}, { FORCE_COLOR: "1", NO_COLOR: "1" })).toBe(RED);
    expect(painted(terminal, { FORCE_COLOR: "0" })).toBe("x");
    expect(painted(terminal, { FORCE_COLOR: "false" })).toBe("x");
  });
});

test("foreign text cannot steer the terminal", () => {
  expect(printable("a\u001b[2Jb\u009bc\rd\u202ee\n\tf")).toBe("a\\u{1b}[2Jb\\u{9b}c\\u{d}d\\u{202e}e\n\tf");
  expect(printable("plain 😀 é")).toBe("plain 😀 é");
});
