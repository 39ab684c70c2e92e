/**
 * Modules made to break the rewriter, or to get at what it adds.
 */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ByteBuffer } from "../../src/instrument/byte-buffer.ts";
import { type InstrumentOptions, instrument } from "../../src/instrument/index.ts";
import { HostwrightError, MalformedComponentError, UnsupportedError } from "../../src/model/errors.ts";
import { assemble } from "../support/assemble.ts";
import { CORE_PREAMBLE } from "../support/wasm-builder.ts";
import { EPOCH_ONLY, EVERYTHING } from "./harness.ts";
import { randomModule } from "./random-module.ts";
import { printModule } from "./random-module-text.ts";

const NOTHING: InstrumentOptions = { fuel: undefined, epoch: false, limitGrowth: false };

type Section = readonly [id: number, content: readonly number[]];

/** A module of raw sections. */
function raw(...sections: Section[]): Uint8Array {
  const out = new ByteBuffer();
  out.append(Uint8Array.from(CORE_PREAMBLE));
  for (const [id, content] of sections) {
    out.u8(id);
    out.u32(content.length);
    out.append(Uint8Array.from(content));
  }
  return out.view();
}

const I64 = 0x7e;
const TYPE_VOID: Section = [1, [1, 0x60, 0, 0]];
const ONE_FUNCTION: Section = [3, [1, 0]];

/** A module of one function without parameters, from its locals and code. */
function body(...code: number[]): Uint8Array {
  return bodyOf(code);
}

function bodyOf(code: readonly number[]): Uint8Array {
  const size = new ByteBuffer();
  size.u32(code.length);
  return raw(TYPE_VOID, ONE_FUNCTION, [10, [1, ...size.view(), ...code]]);
}

describe("what a guest may not name", () => {
  // Each is invalid as it stands, and would be valid if it could reach what is added.
  test.each([
    ["the local that counts", body(0, 0x42, 0, 0x21, 0, 0x0b)],
    ["the local that counts, behind its own", body(1, 1, 0x7f, 0x42, 0, 0x21, 1, 0x0b)],
    ["an added function", body(0, 0x10, 1, 0x0b)],
    ["an added function, by reference", body(0, 0xd2, 1, 0x1a, 0x0b)],
    ["the fuel", body(0, 0x42, 0, 0x24, 0, 0x0b)],
    ["an added type, for a block", body(0, 0x02, 1, 0x0b, 0x0b)],
    ["an added type, for a reference", body(1, 1, 0x63, 1, 0x0b)],
    ["the label around the body", body(0, 0x0c, 1, 0x0b)],
    ["the label around the body, by br_table", body(0, 0x41, 0, 0x0e, 0, 1, 0x0b)],
    ["the label around a loop", body(0, 0x03, 0x40, 0x0c, 2, 0x0b, 0x0b)],
    [
      "an added function, as an export",
      raw(TYPE_VOID, ONE_FUNCTION, [7, [1, 1, 0x66, 0, 1]], [10, [1, 2, 0, 0x0b]]),
    ],
    ["the fuel, as an export", raw(TYPE_VOID, ONE_FUNCTION, [7, [1, 1, 0x67, 3, 0]], [10, [1, 2, 0, 0x0b]])],
    ["an added function, as the start", raw(TYPE_VOID, ONE_FUNCTION, [8, [1]], [10, [1, 2, 0, 0x0b]])],
    [
      "an added function, in a segment",
      raw(
        TYPE_VOID,
        ONE_FUNCTION,
        [4, [1, 0x70, 0, 1]],
        [9, [1, 0, 0x41, 0, 0x0b, 1, 1]],
        [10, [1, 2, 0, 0x0b]],
      ),
    ],
    [
      "the fuel, in a constant expression",
      raw(TYPE_VOID, ONE_FUNCTION, [6, [1, 0x7e, 0, 0x23, 0, 0x0b]], [10, [1, 2, 0, 0x0b]]),
    ],
  ])("%s", (_what, bytes) => {
    expect(WebAssembly.validate(bytes)).toBe(false);
    for (const options of [EVERYTHING, EPOCH_ONLY]) {
      let rewritten: Uint8Array | undefined;
      try {
        rewritten = instrument(bytes, options).bytes;
      } catch (error) {
        expect(error).toBeInstanceOf(HostwrightError);
      }
      if (rewritten) expect(WebAssembly.validate(rewritten)).toBe(false);
    }
  });
});

describe("what is not known", () => {
  test.each([
    ["a one-byte opcode", body(0, 0xe0, 0x0b), /opcode 0xe0 .*offset 0x17/],
    ["a prefixed opcode", body(0, 0xfc, 0x13, 0x0b), /opcode 0xfc 0x13/],
    ["a hole in the vector opcodes", body(0, 0xfd, 0x9a, 0x01, 0x0b), /opcode 0xfd 0x9a/],
    ["a value type", raw([1, [1, 0x60, 1, 0x67, 0]]), /value type 0x67/],
    ["a type form", raw([1, [1, 0x5d, 0]]), /type form 0x5d/],
    ["a kind of import", raw([2, [1, 0, 0, 9]]), /import of kind 0x9/],
    ["a section", raw([14, []]), /section 14/],
    ["a kind of catch clause", body(0, 0x1f, 0x40, 1, 4, 0, 0x0b, 0x0b), /catch clause of kind 0x4/],
  ])("%s is refused by name and offset", (_what, bytes, message) => {
    expect(() => instrument(bytes, EVERYTHING)).toThrow(UnsupportedError);
    expect(() => instrument(bytes, EVERYTHING)).toThrow(message);
  });

  test.each([
    ["a memory", raw([5, [1, 3, 1, 1]])],
    ["an imported memory", raw([2, [1, 0, 0, 2, 3, 1, 1]])],
    ["a table", raw([4, [1, 0x70, 3, 1, 1]])],
    ["a global", raw([6, [1, 0x7f, 2, 0x41, 0, 0x0b]])],
  ])("%s that is shared is refused", (_what, bytes) => {
    expect(() => instrument(bytes, EVERYTHING)).toThrow(UnsupportedError);
    expect(() => instrument(bytes, NOTHING)).toThrow(/shared/);
  });
});

describe("sizes", () => {
  /** Locals, then so many times `open`, `inside`, and as many ends. */
  function nested(depth: number, open: readonly number[], inside: readonly number[]): Uint8Array {
    const code: number[] = [0];
    for (let i = 0; i < depth; i++) code.push(...open);
    code.push(...inside);
    for (let i = 0; i <= depth; i++) code.push(0x0b);
    return bodyOf(code);
  }

  test("blocks as deep as a body can hold", () => {
    const bytes = nested(1_000_000, [0x02, 0x40], []);
    expect(instrument(bytes, EVERYTHING).bytes.length).toBeGreaterThan(bytes.length);
  });

  test("loops in loops, with a branch out of all of them", () => {
    const label = new ByteBuffer();
    label.u32(20_000);
    const bytes = nested(20_000, [0x03, 0x40], [0x0c, ...label.view()]);
    expect(WebAssembly.validate(instrument(bytes, EVERYTHING).bytes)).toBe(true);
  });

  test("a function that V8 would refuse once it is metered", () => {
    const code: number[] = [0];
    for (let i = 0; i < 300_000; i++) code.push(0x03, 0x40, 0x41, 0x00, 0x0d, 0x00, 0x0b);
    const bytes = bodyOf([...code, 0x0b]);
    expect(WebAssembly.validate(bytes)).toBe(true);
    expect(() => instrument(bytes, EVERYTHING)).toThrow(UnsupportedError);
    expect(() => instrument(bytes, EVERYTHING)).toThrow(/function of \d+ bytes/);
  });

  test("functions of many parameters that all need an adapter: 3 KB of ours for each few bytes", () => {
    const number = (value: number): number[] => {
      const out = new ByteBuffer();
      out.u32(value);
      return [...out.view()];
    };
    const many = 20_000;
    const times = (items: (i: number) => number[]) => Array.from({ length: many }, (_, i) => items(i)).flat();
    const bytes = raw(
      [1, [1, 0x60, ...number(990), ...new Array<number>(990).fill(I64), 0]],
      [3, [...number(many), ...new Array<number>(many).fill(0)]],
      [4, [1, 0x70, 0, ...number(many)]],
      [7, [1, 1, 0x74, 1, 0]],
      [9, [1, 0, 0x41, 0, 0x0b, ...number(many), ...times(number)]],
      [10, [...number(many), ...times(() => [5, 0, 0x03, 0x40, 0x0b, 0x0b])]],
    );
    expect(WebAssembly.validate(bytes)).toBe(true);
    expect(() => instrument(bytes, EVERYTHING)).toThrow(UnsupportedError);
    expect(() => instrument(bytes, EVERYTHING)).toThrow(/functions of ours/);
  });

  test("as many locals as V8 takes, and more", () => {
    const withLocals = (count: number) => {
      const locals = new ByteBuffer();
      locals.u32(1);
      locals.u32(count);
      locals.u8(0x7f);
      return body(...locals.view(), 0x0b);
    };
    expect(WebAssembly.validate(instrument(withLocals(49_999), EVERYTHING).bytes)).toBe(true);
    expect(() => instrument(withLocals(50_001), EVERYTHING)).toThrow(MalformedComponentError);
    expect(() => instrument(withLocals(0xffff_ffff), EVERYTHING)).toThrow(MalformedComponentError);
  });

  test("a metered function with no room for the counter is refused", () => {
    // A loop makes the function need a counter; 50,000 locals are all that V8 takes.
    const bytes = body(1, 0xd0, 0x86, 0x03, 0x7f, 0x03, 0x40, 0x0b, 0x0b);
    expect(WebAssembly.validate(bytes)).toBe(true);
    expect(() => instrument(bytes, EVERYTHING)).toThrow(/50000 locals/);
  });

  test.each([
    ["types", raw([1, [0xff, 0xff, 0xff, 0xff, 0x0f]])],
    ["parameters", raw([1, [1, 0x60, 0xff, 0xff, 0xff, 0xff, 0x0f]])],
    ["imports", raw([2, [0xff, 0xff, 0xff, 0xff, 0x0f]])],
    ["a name's length", raw([2, [1, 0xff, 0xff, 0xff, 0xff, 0x0f]])],
    ["functions", raw(TYPE_VOID, [3, [0xff, 0xff, 0xff, 0xff, 0x0f]])],
    ["bodies", raw(TYPE_VOID, ONE_FUNCTION, [10, [0xff, 0xff, 0xff, 0xff, 0x0f]])],
    ["a body", raw(TYPE_VOID, ONE_FUNCTION, [10, [1, 0xff, 0xff, 0xff, 0xff, 0x0f]])],
    ["labels", body(0, 0x41, 0, 0x0e, 0xff, 0xff, 0xff, 0xff, 0x0f, 0, 0x0b)],
    ["groups of locals", body(0xff, 0xff, 0xff, 0xff, 0x0f, 0x0b)],
    ["segments", raw([11, [0xff, 0xff, 0xff, 0xff, 0x0f]])],
    ["elements", raw([9, [1, 1, 0, 0xff, 0xff, 0xff, 0xff, 0x0f]])],
  ])("a count of %s that is not there", (_what, bytes) => {
    expect(() => instrument(bytes, EVERYTHING)).toThrow(MalformedComponentError);
  });

  test("integers that are too long, or too large", () => {
    for (const code of [
      [0x41, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00],
      [0x41, 0xff, 0xff, 0xff, 0xff, 0x0f],
      [0x42, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x02],
      [0x20, 0x80, 0x80, 0x80, 0x80, 0x10],
    ]) {
      expect(() => instrument(body(0, ...code, 0x1a, 0x0b), EVERYTHING)).toThrow(MalformedComponentError);
    }
  });

  test.each([
    ["no end", body(0, 0x01)],
    ["an end too early", body(0, 0x0b, 0x01)],
    ["an end too many", body(0, 0x0b, 0x0b)],
    ["else without if", body(0, 0x05, 0x0b)],
    ["catch without try", body(0, 0x19, 0x0b)],
    ["delegate without try", body(0, 0x18, 0, 0x0b)],
  ])("a body with %s", (_what, bytes) => {
    expect(() => instrument(bytes, EVERYTHING)).toThrow(MalformedComponentError);
  });
});

describe("damage", () => {
  /** Rewriting ends in a typed error, or in a module that V8 judges as it does the original. */
  function survives(bytes: Uint8Array): void {
    for (const options of [EVERYTHING, EPOCH_ONLY, NOTHING]) {
      let rewritten: Uint8Array;
      try {
        rewritten = instrument(bytes, options).bytes;
      } catch (error) {
        expect(error).toBeInstanceOf(HostwrightError);
        continue;
      }
      expect(WebAssembly.validate(rewritten)).toBe(WebAssembly.validate(bytes));
    }
  }

  const tapes = fc.array(fc.nat({ max: 4000 }), { minLength: 20, maxLength: 200, size: "max" });

  test("cut off anywhere", async () => {
    const bytes = await assemble(
      printModule(randomModule([1, 4, 1, 2, 3, 4, 5, 6, 7, 8, 9, 8, 7, 6, 5, 12, 17, 8, 9, 5])),
    );
    for (let length = 0; length < bytes.length; length++) survives(bytes.subarray(0, length));
  });

  test("changed anywhere", async () => {
    await fc.assert(
      fc.asyncProperty(
        tapes,
        fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 4 }),
        async (tape, changes) => {
          const bytes = Uint8Array.from(await assemble(printModule(randomModule(tape))));
          for (const [at, value] of changes) bytes[at % bytes.length] = value;
          survives(bytes);
        },
      ),
      { numRuns: 300 },
    );
  });

  test("bytes of any kind", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, hasHeader) => {
        survives(hasHeader ? Uint8Array.from([...CORE_PREAMBLE, ...bytes]) : bytes);
      }),
      { numRuns: 500 },
    );
  });
});
