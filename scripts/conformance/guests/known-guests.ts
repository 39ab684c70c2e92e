/**
 * Hosts for guests of wit-bindgen's runtime tests, by the names of their files: their `test-imports` calls every import
 * and asserts on the answers, and their exports give back what they are given or answer with constants.
 *
 * Source: wit-bindgen, `tests/runtime/`.
 */
import { deepStrictEqual, strictEqual, throws } from "node:assert";
import { io } from "@bytecodealliance/preview2-shim";
import type { Check, Guest, Imports, KnownGuest } from "./known-guest.ts";

/** Checks that a host's function was handed `expected`. */
function takes(expected: unknown): (value: unknown) => void {
  return (value) => deepStrictEqual(value, expected);
}

function same(value: unknown): unknown {
  return value;
}

function pair(a: unknown, b: unknown): unknown {
  return [a, b];
}

/** The interface that is imported and exported alike: what an exported function takes and gives. */
function calls(
  name: string,
  list: readonly (readonly [func: string, args: unknown[], result: unknown])[],
): Check[] {
  return list.map(([func, args, result], i) => [
    `${func} ${i}`,
    (guest) => deepStrictEqual(guest.call(name, func, args), result),
  ]);
}

const testImports: Check = ["test-imports", (guest) => void guest.call("test-imports", [])];

const LIST_RESULTS = {
  emptyListResult: () => new Uint8Array(),
  emptyStringResult: () => "",
  listResult: () => Uint8Array.of(1, 2, 3, 4, 5),
  listResult2: () => "hello!",
  listResult3: () => ["hello,", "world!"],
};

const nested = [["foo", "bar"], ["baz"]];
const tuples = [
  [1, 2, 3],
  [4, 5, 6],
];
/** What the guest holds on its heap must not grow with calls. */
const holdsNothing: Check = [
  "allocated-bytes stay",
  (guest) => {
    const before = guest.call("allocated-bytes", []);
    for (let i = 0; i < 3; i++) {
      guest.call("test-imports", []);
      guest.call("test:lists/test", "list-param4", [nested]);
      guest.call("test:lists/test", "list-result3", []);
      guest.call("test:lists/test", "string-roundtrip", ["x".repeat(1000)]);
    }
    strictEqual(guest.call("allocated-bytes", []), before);
  },
];

const lists: KnownGuest = {
  host: () => ({
    "test:lists/test": {
      ...LIST_RESULTS,
      emptyListParam: takes(new Uint8Array()),
      emptyStringParam: takes(""),
      listParam: takes(Uint8Array.of(1, 2, 3, 4)),
      listParam2: takes("foo"),
      listParam3: takes(["foo", "bar", "baz"]),
      listParam4: takes(nested),
      listParam5: takes(tuples),
      listParamLarge: (list: unknown[]) => strictEqual(list.length, 1000),
      listMinmax8: pair,
      listMinmax16: pair,
      listMinmax32: pair,
      listMinmax64: pair,
      listMinmaxFloat: pair,
      listRoundtrip: same,
      stringRoundtrip: same,
    },
  }),
  checks: [
    testImports,
    ...calls("test:lists/test", [
      ["empty-list-param", [new Uint8Array()], undefined],
      ["empty-string-param", [""], undefined],
      ["empty-list-result", [], new Uint8Array()],
      ["empty-string-result", [], ""],
      ["list-param", [Uint8Array.of(1, 2, 3, 4)], undefined],
      ["list-param2", ["foo"], undefined],
      ["list-param3", [["foo", "bar", "baz"]], undefined],
      ["list-param4", [nested], undefined],
      ["list-param5", [tuples], undefined],
      ["list-param-large", [Array.from({ length: 1000 }, () => "string")], undefined],
      ["list-result", [], LIST_RESULTS.listResult()],
      ["list-result2", [], "hello!"],
      ["list-result3", [], ["hello,", "world!"]],
      ["list-roundtrip", [Uint8Array.of()], Uint8Array.of()],
      ["list-roundtrip", [new Uint8Array(100_000).fill(7)], new Uint8Array(100_000).fill(7)],
      ["string-roundtrip", [""], ""],
      ["string-roundtrip", ["hello ⚑ world 😀"], "hello ⚑ world 😀"],
      ["string-roundtrip", ["ü".repeat(70_000)], "ü".repeat(70_000)],
    ]),
    holdsNothing,
  ],
};

const strings: KnownGuest = {
  host: () => ({
    "test:strings/imports": {
      takeBasic: takes("latin utf16"),
      returnUnicode: () => "🚀🚀🚀 𠈄𓀀",
    },
  }),
  checks: [
    testImports,
    ["return-empty", (guest) => strictEqual(guest.call("return-empty", []), "")],
    ...["str", "🚀🚀🚀 𠈄𓀀", "\0 \ufeff"].map(
      (text): Check => [
        `roundtrip ${JSON.stringify(text)}`,
        (guest) => strictEqual(guest.call("roundtrip", [text]), text),
      ],
    ),
  ],
};

const INTEGERS = [
  ["u8", [0, 255]],
  ["s8", [-128, 127]],
  ["u16", [0, 65_535]],
  ["s16", [-32_768, 32_767]],
  ["u32", [0, 4_294_967_295]],
  ["s32", [-2_147_483_648, 2_147_483_647]],
  ["u64", [0n, 2n ** 64n - 1n]],
  ["s64", [-(2n ** 63n), 2n ** 63n - 1n]],
  ["f32", [1.5, -0, Number.POSITIVE_INFINITY, Number.NaN]],
  ["f64", [0.1, -0, Number.NEGATIVE_INFINITY, Number.NaN]],
  ["char", ["a", " ", "🚩", "\u{10ffff}"]],
] as const;

const numbers: KnownGuest = {
  host() {
    let scalar: unknown = 0;
    return {
      "test:numbers/test": {
        ...Object.fromEntries(
          INTEGERS.map(([type]) => [`roundtrip${type.charAt(0).toUpperCase()}${type.slice(1)}`, same]),
        ),
        setScalar(value: unknown) {
          scalar = value;
        },
        getScalar: () => scalar,
      },
    };
  },
  checks: [
    testImports,
    ...calls(
      "test:numbers/test",
      INTEGERS.flatMap(([type, values]) =>
        values.map((value) => [`roundtrip-${type}`, [value], value] as const),
      ).map(([func, args, result]) => [func, [...args], result] as const),
    ),
    ...calls("test:numbers/test", [
      ["set-scalar", [2], undefined],
      ["get-scalar", [], 2],
      ["set-scalar", [4], undefined],
      ["get-scalar", [], 4],
    ]),
  ],
};

/** All flags `prefix0`, `prefix1`, ... of which those with a true in `set` are set. */
function flags(names: readonly string[], ...set: string[]): Record<string, boolean> {
  return Object.fromEntries(names.map((name) => [name, set.includes(name)]));
}

const bits = (count: number): string[] => Array.from({ length: count }, (_, i) => `b${i}`);
const manyFlags = [flags(bits(8), "b0", "b7"), flags(bits(16), "b15"), flags(bits(32), "b0", "b31")];

const records: KnownGuest = {
  host: () => ({
    "test:records/test": {
      multipleResults: () => [4, 5],
      swapTuple: ([a, b]: [unknown, unknown]) => [b, a],
      roundtripFlags1: same,
      roundtripFlags2: same,
      roundtripFlags3: (...all: unknown[]) => all,
      roundtripRecord1: same,
      tuple1: same,
    },
  }),
  checks: [
    testImports,
    ...calls("test:records/test", [
      ["multiple-results", [], [100, 200]],
      ["swap-tuple", [[1, 2]], [2, 1]],
      ["roundtrip-flags1", [flags(["a", "b"], "a")], flags(["a", "b"], "a")],
      ["roundtrip-flags1", [{}], flags(["a", "b"])],
      ["roundtrip-flags2", [flags(["c", "d", "e"], "d", "e")], flags(["c", "d", "e"], "d", "e")],
      ["roundtrip-flags3", manyFlags, manyFlags],
      ["roundtrip-record1", [{ a: 8, b: flags(["a", "b"], "b") }], { a: 8, b: flags(["a", "b"], "b") }],
      ["tuple1", [[1]], [1]],
    ]),
  ],
};

const smoke: KnownGuest = {
  needsWasi: true,
  host() {
    const seen: string[] = [];
    return {
      "test:smoke/imports": { seen, thunk: () => void seen.push("thunk") },
      "wasi:cli/stdout": { getStdout: () => outputStream((text) => seen.push(text)) },
    };
  },
  checks: [
    [
      "thunk",
      (guest) => {
        guest.call("thunk", []);
        deepStrictEqual((guest.host["test:smoke/imports"] as { seen?: string[] }).seen, ["thunk", "howdy\n"]);
      },
    ],
  ],
};

/** One of preview2-shim's streams, that hands on what is written to it. */
function outputStream(write: (text: string) => void): object {
  const writeBytes = (bytes: Uint8Array): void => write(new TextDecoder().decode(bytes));
  return Object.assign(Object.create(io.streams.OutputStream.prototype), {
    checkWrite: () => 4096n,
    write: writeBytes,
    blockingWriteAndFlush: writeBytes,
    blockingFlush: () => {},
  });
}

interface ThingLike {
  foo(): number;
  bar(value: number): void;
}

interface ThingClass {
  new (value: number): ThingLike & Disposable;
  baz(a: ThingLike, b: ThingLike): ThingLike;
}

class HostThing implements ThingLike {
  #value: number;
  constructor(value: number) {
    this.#value = value;
  }
  foo(): number {
    return this.#value;
  }
  bar(value: number): void {
    this.#value = value;
  }
  static baz(a: HostThing, b: HostThing): HostThing {
    return new HostThing(a.foo() + b.foo());
  }
}

const RESOURCES = "test:resource-import-and-export/test";

function thingClass(guest: Guest): ThingClass {
  return guest.resourceClass(RESOURCES, "thing") as ThingClass;
}

/** The guest's things each have one of the host's inside, and add something of their own to every number that passes. */
const resources: KnownGuest = {
  host: (): Imports => ({
    [RESOURCES]: { Thing: HostThing },
    "toplevel-import": { default: same },
  }),
  checks: [
    [
      "toplevel-export",
      (guest) => {
        const thing = new HostThing(5);
        strictEqual(guest.call("toplevel-export", [thing]), thing);
      },
    ],
    [
      "constructor, foo and bar",
      (guest) => {
        const thing = new (thingClass(guest))(5);
        strictEqual(thing.foo(), 5 + 1 + 2);
        thing.bar(6);
        strictEqual(thing.foo(), 6 + 3 + 2);
        thing[Symbol.dispose]();
        throws(() => thing.foo());
      },
    ],
    [
      "baz takes both over",
      (guest) => {
        const Thing = thingClass(guest);
        const [a, b] = [new Thing(6), new Thing(7)];
        strictEqual(Thing.baz(a, b).foo(), 6 + 1 + (7 + 1) + 4 + 2 + 1);
        throws(() => a.foo());
        throws(() => b.foo());
      },
    ],
  ],
};

const nestedComponents: KnownGuest = {
  host: () => ({ "calvinrp:test-async-funcs/hello": { helloWorld: () => "Grüße" } }),
  checks: [
    [
      "hello-world",
      (guest) => {
        const text = guest.call("calvinrp:test-async-funcs/hello@0.1.0", "hello-world", []);
        strictEqual(text, "Grüße");
      },
    ],
  ],
};

const adder: KnownGuest = {
  host: () => ({}),
  checks: calls("docs:adder/add@0.1.0", [
    ["add", [1, 2], 3],
    ["add", [4_294_967_295, 2], 1],
  ]),
};

/** By the names of their files, without ".component.wasm". */
export const KNOWN_GUESTS: ReadonlyMap<string, KnownGuest> = new Map([
  ["adder", adder],
  ["lists", lists],
  ["numbers", numbers],
  ["records", records],
  ["resource-import-and-export", resources],
  ["simple-nested", nestedComponents],
  ["smoke", smoke],
  ["strings", strings],
]);
