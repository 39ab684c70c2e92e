/** Errors say where in the bytes they are. */
import { describe, expect, test } from "vitest";
import { readComponent } from "../../src/component/index.ts";
import { MalformedComponentError, UnsupportedError } from "../../src/model/errors.ts";
import { CORE_PREAMBLE, component, name, PREAMBLE, section, types, vec } from "../support/wasm-builder.ts";

function refuse(bytes: readonly number[] | Uint8Array): MalformedComponentError {
  try {
    readComponent(Uint8Array.from(bytes));
  } catch (error) {
    if (error instanceof MalformedComponentError) {
      return error;
    }
    throw error;
  }
  throw new Error("the component was accepted");
}

/** Sections start at 8, their content two bytes later while they are short. */
const cases: [string, readonly number[] | Uint8Array, RegExp, number][] = [
  ["nothing at all", [], /starts with a preamble/, 0],
  ["a preamble that is cut off", PREAMBLE.slice(0, 7), /preamble/, 0],
  ["other bytes", [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0], /magic number/, 0],
  ["a core module", CORE_PREAMBLE, /core module, not a component.*jco new/, 4],
  ["a version to come", [0x00, 0x61, 0x73, 0x6d, 0x0e, 0, 1, 0], /unknown binary version 0x1000e/, 4],
  ["an unknown section", component([13, 0]), /malformed section id: 13/, 8],
  ["a section beyond the end", component([7, 4, 0]), /needs 4 bytes, 1 are left/, 10],
  ["an unfinished section", component(section(7, [0, 0x73])), /unexpected content/, 11],
  ["a type that is none", component(types([0x62])), /invalid leading byte \(0x62\)/, 11],
  ["the second of two types", component(types([0x73], [0x62])), /0x62/, 12],
  ["a case without its end", component(types([0x71, 1, ...name("c"), 0, 1])), /the end of a case/, 16],
  ["a name that is not UTF-8", component(section(10, [1, 0, 2, 0xff, 0xfe, 1, 0])), /malformed UTF-8/, 13],
  ["a type index too large", component(types([0x70, 0x07])), /unknown type 7.*there are 0 before/, 11],
  [
    "the name of a field",
    component(types([0x72, 2, ...name("ok"), 0x73, ...name("Not-Ok"), 0x73])),
    /`Not-Ok` is not in kebab case/,
    17,
  ],
  ["a canonical definition", component(section(8, vec([[0x03, 0x00]]))), /unknown type 0/, 11],
  [
    "an alias in the second of two sections",
    component(types([0x73]), section(6, [1, 0x03, 0x02, 0, 5])),
    /unknown type 5/,
    15,
  ],
  [
    "a core function where a component's item belongs",
    component(section(4, PREAMBLE), section(5, [1, 0, 0, 1, ...name("x"), 0x00, 0x00, 0])),
    /a core func can not be exported or passed to a component/,
    24,
  ],
  ["a type in a component within", component(section(4, [...PREAMBLE, ...types([0x62])])), /0x62/, 21],
];

test.each(cases)("%s", (_, bytes, message, offset) => {
  const error = refuse(bytes);
  expect(error.message).toMatch(message);
  expect(error.offset).toBe(offset);
  expect(error.message).toContain(`(at offset 0x${offset.toString(16)})`);
});

test("messages show foreign text without what a terminal would act on, and not all of it", () => {
  const evil = `\u001b[31m\u202e${"x".repeat(5000)}`;
  const { message } = refuse(component(section(10, vec([[0, ...name(evil), 0x03, 0x01]]))));
  expect(message).toContain("\\u{1b}[31m\\u{202e}xxx");
  expect(message.length).toBeLessThan(1200);
});

describe("what is not supported is named", () => {
  test.each([
    ["values", component(section(12, [0]))],
    ["component start functions", component(section(9, [0, 0, 0]))],
    ["values", component(section(10, vec([[0, ...name("v"), 0x02, 0x01, 0x73]])))],
  ])("%s", (feature, bytes) => {
    expect(() => readComponent(bytes)).toThrow(UnsupportedError);
    expect(() => readComponent(bytes)).toThrow(expect.objectContaining({ feature }));
  });
});
