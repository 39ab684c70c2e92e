/** Components made to cost their reader more than they are worth, or to break it. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { buildGuest } from "../../scripts/guests.ts";
import { planComponent, readComponent } from "../../src/component/index.ts";
import { MalformedComponentError, UnsupportedError } from "../../src/model/errors.ts";
import { assemble } from "../support/assemble.ts";
import {
  CORE_PREAMBLE,
  component,
  leb,
  name,
  PREAMBLE,
  section,
  typeIndex,
  types,
  vec,
} from "../support/wasm-builder.ts";

const STRING = 0x73;

function refuses(bytes: Uint8Array, message: RegExp): void {
  expect(() => planComponent(bytes)).toThrow(MalformedComponentError);
  expect(() => planComponent(bytes)).toThrow(message);
}

/** Definitions 0..n where each is made from the one before it. */
function chain(length: number, first: number[], next: (previous: number) => number[]): number[][] {
  return [first, ...Array.from({ length }, (_, i) => next(i))];
}

describe("types that grow", () => {
  test("a tuple of two, doubled thirty times", () => {
    const tuples = chain(30, [STRING], (i) => [0x6f, 2, ...typeIndex(i), ...typeIndex(i)]);
    refuses(component(types(...tuples)), /type size exceeds the limit/);
  });

  test("options within options", () => {
    const nested = (depth: number) =>
      component(types(...chain(depth, [STRING], (i) => [0x6b, ...typeIndex(i)])));
    expect(planComponent(nested(99)).steps).toEqual([]);
    refuses(nested(100), /nested more than 100 deep/);
  });

  test("instances that export two instances of the one before", async () => {
    const levels = Array.from(
      { length: 40 },
      (_, i) => `(type $i${i + 1} (instance
        (alias outer $C $i${i} (type $t))
        (export "a" (instance (type $t)))
        (export "b" (instance (type $t)))))`,
    );
    const bytes = await assemble(`(component $C
      (type $i0 (instance (export "r" (type (sub resource)))))
      ${levels.join("\n")})`);
    refuses(bytes, /type size exceeds|steps to check/);
  });

  test("many imports of an instance with many resources", async () => {
    const exports = Array.from({ length: 2000 }, (_, i) => `(export "r${i}" (type (sub resource)))`).join("");
    const imports = Array.from({ length: 2000 }, (_, i) => `(import "i${i}" (instance (type $t)))`).join("");
    const bytes = await assemble(`(component (type $t (instance ${exports})) ${imports})`);
    refuses(bytes, /steps to check/);
  });

  test("component types that contain the one before twice", async () => {
    const levels = Array.from(
      { length: 40 },
      (_, i) => `(type $c${i + 1} (component
        (alias outer $C $c${i} (type $t))
        (import "a" (component (type $t)))
        (export "b" (component (type $t)))))`,
    );
    refuses(
      await assemble(`(component $C (type $c0 (component)) ${levels.join("\n")})`),
      /type size exceeds|steps to check/,
    );
  });

  test("a value larger than any memory may hold", () => {
    const big = [0x67, 0x7d, ...leb(0xffff_ffff)];
    refuses(component(types(big)), /exceeds maximum byte size/);
  });
});

describe("nesting", () => {
  function nestedComponents(depth: number): Uint8Array {
    let bytes: number[] = [...PREAMBLE];
    for (let i = 0; i < depth; i++) {
      bytes = [...PREAMBLE, ...section(4, bytes)];
    }
    return Uint8Array.from(bytes);
  }

  test("components within components", () => {
    expect(planComponent(nestedComponents(100)).componentInstances).toBe(1);
    refuses(nestedComponents(101), /nested more than 100 deep/);
    refuses(nestedComponents(1000), /nested more than 100 deep/);
  });

  test("core modules without number", () => {
    const empty = section(1, CORE_PREAMBLE);
    const modules = (count: number) => component(...new Array<number[]>(count).fill(empty));
    expect(readComponent(modules(1000)).modules).toHaveLength(1000);
    refuses(modules(1001), /more than 1000 core modules/);
  });

  test("component types within component types", () => {
    let type: number[] = [0x41, 0];
    for (let i = 0; i < 5000; i++) {
      type = [0x41, 1, 0x01, ...type];
    }
    refuses(component(types(type)), /nested more than 100 deep/);
  });
});

describe("instances that multiply", () => {
  test("each component instantiates the one before twice", async () => {
    const levels = Array.from(
      { length: 40 },
      (_, i) => `(component $c${i + 1}
        (alias outer $R $c${i} (component $c))
        (instance (instantiate $c)) (instance (instantiate $c)))`,
    );
    const bytes = await assemble(
      `(component $R (component $c0) ${levels.join("\n")} (instance (instantiate $c40)))`,
    );
    refuses(bytes, /more than \d+ component instances/);
  });

  test("each component instantiates the one before, once", async () => {
    const chained = (length: number) => {
      const levels = Array.from(
        { length },
        (_, i) => `(component $c${i + 1} (alias outer $R $c${i} (component $c)) (instance (instantiate $c)))`,
      );
      return assemble(
        `(component $R (component $c0) ${levels.join("\n")} (instance (instantiate $c${length})))`,
      );
    };
    expect(planComponent(await chained(98)).componentInstances).toBe(100);
    refuses(await chained(99), /instantiate each other more than 100 deep/);
    refuses(await chained(9000), /instantiate each other more than 100 deep/);
  });

  test("a large component instantiated many times", async () => {
    const types = '(type (record (field "a" u32)))'.repeat(10);
    const modules = "(core module)".repeat(1000);
    const instances = "(instance (instantiate $c))".repeat(4000);
    const bytes = await assemble(`(component (component $c ${types} ${modules}) ${instances})`);
    refuses(bytes, /takes more than \d+ definitions/);
  });
});

describe("counts and lengths that lie", () => {
  test("a vector that does not fit", () => {
    refuses(component(section(7, [...leb(0xffff_ffff), STRING])), /do not fit/);
    refuses(component(section(7, [1, 0x72, ...leb(0x0fff_ffff)])), /do not fit/);
  });

  test("a name that does not fit, or is too long", () => {
    refuses(component(section(0, leb(0x7fff_ffff))), /more than the limit/);
    const long = "a".repeat(100_001);
    refuses(component(section(10, vec([[0x00, ...name(long), 0x03, 0x01]]))), /more than the limit/);
  });

  test("more items than the limit, in a megabyte of primitives", () => {
    const count = 1_000_001;
    refuses(
      component(section(7, [...leb(count), ...new Uint8Array(count).fill(STRING)])),
      /more than 1000000 items/,
    );
  });

  test("integers longer than they need be, or larger than they may", () => {
    expect(planComponent(component([7, 0x81, 0x80, 0x80, 0x80, 0x00, 0x00])).steps).toEqual([]);
    refuses(component([7, 0x81, 0x80, 0x80, 0x80, 0x10, 0x00]), /integer too large/);
    refuses(component([7, 0x81, 0x80, 0x80, 0x80, 0x80, 0x00]), /integer representation too long/);
  });

  test("names that make a regular expression backtrack", () => {
    const dashes = `a${"-1".repeat(20_000)}-!`;
    refuses(component(section(10, vec([[0x00, ...name(dashes), 0x03, 0x01]]))), /is not in kebab case/);
    const version = `a:b/c@1.0.0-${"0".repeat(50_000)}a!`;
    refuses(component(section(10, vec([[0x00, ...name(version), 0x03, 0x01]]))), /semver/);
  });
});

/** A component with every kind of definition that the planner executes. */
const RICH = `(component $R
  (import "amal:obs/metrics@0.1.0" (instance $metrics
    (type $level' (enum "low" "high"))
    (export "level" (type $level (eq $level')))
    (export "sink" (type $sink (sub resource)))
    (export "[constructor]sink" (func (param "l" $level) (result (own $sink))))
    (export "[method]sink.counter" (func (param "self" (borrow $sink)) (param "name" string) (param "value" u64)))))
  (import "m" (core module $m (import "" "f" (func)) (export "g" (func (param i32)))))
  (alias export $metrics "sink" (type $sink))
  (core module $libc
    (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $libc (instantiate $libc))
  (core func $counter (canon lower (func $metrics "[method]sink.counter") (memory (core memory $libc "memory"))))
  (core func $drop (canon resource.drop $sink))
  (core module $main
    (import "obs" "counter" (func (param i32 i32 i32 i64)))
    (import "obs" "drop" (func (param i32)))
    (func (export "run") (param i32 i32 i32) (result i32) unreachable)
    (func (export "post") (param i32)))
  (core instance $main (instantiate $main
    (with "obs" (instance (export "counter" (func $counter)) (export "drop" (func $drop))))))
  (type $thing (record (field "name" string) (field "tags" (list (tuple u8 char))) (field "more" (option f64))))
  (export $thing' "thing" (type $thing))
  (func $run (param "x" $sink-own) (param "y" $string) (result $thing')
    (canon lift (core func $main "run")
      (memory (core memory $libc "memory")) (realloc (core func $libc "realloc")) (post-return (core func $main "post"))))
  (export "run" (func $run))
  (component $inner
    (import "r" (type $r (sub resource)))
    (type $own' (resource (rep i32)))
    (export $own "own" (type $own'))
    (core func $new (canon resource.new $own))
    (core func $rep (canon resource.rep $own))
    (export "r2" (type $r)))
  (instance $a (instantiate $inner (with "r" (type $sink))))
  (export "a" (instance $a)))`.replace(
  "(type $thing (record",
  "(type $sink-own (own $sink))\n(type $string string)\n(type $thing (record",
);

function endsWell(bytes: Uint8Array): void {
  try {
    planComponent(bytes);
  } catch (error) {
    if (error instanceof MalformedComponentError || error instanceof UnsupportedError) {
      expect(error.message).not.toMatch(/^internal error: /);
      return;
    }
    throw error;
  }
}

/** The offsets that belong to the component, and to the headers of its core modules. */
function outsideOfCode(bytes: Uint8Array): number[] {
  const header = 256;
  const isCode = new Uint8Array(bytes.length);
  for (const { offset, bytes: module } of readComponent(bytes).modules) {
    isCode.fill(1, Math.min(offset + header, offset + module.length), offset + module.length);
  }
  return Array.from(isCode.keys()).filter((i) => isCode[i] === 0);
}

describe("instances that each name much", () => {
  const repeat = (count: number, line: (i: number) => string) =>
    Array.from({ length: count }, (_, i) => line(i)).join("\n");

  test.each([
    [
      "imports of core modules",
      `(component $C
        (core module $M ${repeat(1000, (i) => `(import "a" "f${i}" (func))`)})
        (core module $P (func $f) ${repeat(1000, (i) => `(export "f${i}" (func $f))`)})
        (core instance $p (instantiate $P))
        (core instance (instantiate $M (with "a" (instance $p)))))
      ${repeat(1001, () => "(instance (instantiate $C))")}`,
    ],
    [
      "exports of instances",
      `(component $C
        (import "f" (func $f))
        (instance ${repeat(1000, (i) => `(export "f${i}" (func $f))`)}))
      (import "f" (func $f))
      ${repeat(1001, () => '(instance (instantiate $C (with "f" (func $f))))')}`,
    ],
  ])("%s", async (_, body) => {
    refuses(
      await assemble(`(component ${body})`),
      /instantiating the component takes more than 1000000 definitions/,
    );
  });
});

test("very many functions", async () => {
  const lowers = (count: number) =>
    assemble(`(component (import "f" (func $f)) ${"(core func (canon lower (func $f)))\n".repeat(count)})`);
  expect(planComponent(await lowers(50_000)).trampolines.length).toBe(50_000);
  refuses(await lowers(50_001), /makes more than 50000 functions/);
});

describe("damaged components", () => {
  let rich: Uint8Array;
  beforeAll(async () => {
    rich = await assemble(RICH);
  });

  test("the undamaged one is fine", () => {
    expect(planComponent(rich).exportDefs.size).toBe(3);
  });

  test("cut off at every byte", () => {
    for (let length = 0; length < rich.length; length++) {
      endsWell(rich.subarray(0, length));
    }
  });

  test("every byte changed", () => {
    const bytes = rich.slice();
    for (let i = 0; i < bytes.length; i++) {
      const original = bytes[i] ?? 0;
      for (const change of [0x00, 0x7f, 0xff, original + 1, original - 1, original ^ 0x40]) {
        bytes[i] = change;
        endsWell(bytes);
      }
      bytes[i] = original;
    }
  });

  test("several bytes changed, moved or repeated", () => {
    const edit = fc.record({
      at: fc.nat(),
      from: fc.nat(),
      length: fc.nat({ max: 24 }),
      bytes: fc.uint8Array({ maxLength: 8 }),
    });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 5 }), (edits) => {
        let bytes = rich;
        for (const { at, from, length, bytes: inserted } of edits) {
          const start = at % bytes.length;
          const copied = bytes.subarray(from % bytes.length, (from % bytes.length) + length);
          bytes = Uint8Array.from([
            ...bytes.subarray(0, start),
            ...inserted,
            ...copied,
            ...bytes.subarray(start + length),
          ]);
          if (bytes.length === 0) {
            return;
          }
        }
        endsWell(bytes);
      }),
      { numRuns: 3000 },
    );
  });

  test("a real component, damaged where it is not code", async () => {
    const original = new Uint8Array(readFileSync(await buildGuest("requests")));
    const positions = outsideOfCode(original);
    const change = fc.tuple(fc.nat({ max: positions.length - 1 }), fc.nat({ max: 255 }));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const bytes = original.slice();
        for (const [at, value] of changes) {
          bytes[positions[at] ?? 0] = value;
        }
        endsWell(bytes);
      }),
      { numRuns: 500 },
    );
  });

  test("arbitrary bytes after the preamble", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => endsWell(component([...bytes]))),
      { numRuns: 3000 },
    );
  });
});
