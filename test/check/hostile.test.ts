/** WIT that is as long, as deep or as tangled as a file allows: an answer, in a time that grows with its size only. */
import { expect, test } from "vitest";
import { compare } from "./pairs.ts";

const SIZE = 5_000;
const lines = (make: (i: number) => string, size = SIZE): string =>
  Array.from({ length: size }, (_, i) => make(i)).join("\n");
const world = (types: string, functions: string): string =>
  `package a:b@0.1.0;\n\ninterface api {\n${types}\n${functions}\n}\n\nworld hosted {\n  import api;\n}\n`;
/** Both versions differ in the type `u8`, which is `u16` in the other. */
const changed = (before: string): { before: string; after: string } => ({
  before,
  after: before.replaceAll("u8", "u16"),
});

test("a chain of names", () => {
  const types = lines((i) => (i === SIZE - 1 ? `type t${i} = u8;` : `type t${i} = t${i + 1};`));
  const functions = lines((i) => `call${i}: func(a: t${i});`);
  const changes = compare(changed(world(types, functions)));
  expect(changes.map(({ path }) => path)).toEqual([`a:b/api@0.1.0#t${SIZE - 1}`]);
});

test("a chain of records, the last first", () => {
  const types = lines((i) => (i === SIZE - 1 ? `record r${i} { x: u8 }` : `record r${i} { x: r${i + 1} }`));
  const changes = compare(
    changed(
      world(
        types,
        lines((i) => `call${i}: func(a: r${i});`),
      ),
    ),
  );
  expect(changes.map(({ path, why }) => [path, /^used by .* and others/.test(why)])).toEqual([
    [`a:b/api@0.1.0#r${SIZE - 1}.x`, true],
  ]);
});

test("many changes, fields, cases and parameters", () => {
  const record = `record r {\n${lines((i) => `x${i}: u8,`)}\n}`;
  const variant = `variant v {\n${lines((i) => `c${i}(u8),`)}\n}`;
  const params = Array.from({ length: 2_000 }, (_, i) => `p${i}: u8`).join(", ");
  const changes = compare(changed(world(`${record}\n${variant}`, `f: func(${params}) -> tuple<r, v>;`)));
  expect(changes).toHaveLength(SIZE + SIZE + 2_000);
});

test("everything has another name", () => {
  const make = (prefix: string): string =>
    world(
      lines((i) => `type ${prefix}${i} = u8;`),
      lines((i) => `${prefix}f${i}: func(a: ${prefix}${i});`),
    );
  const changes = compare({ before: make("old"), after: make("new") });
  expect(changes).toHaveLength(4 * SIZE);
  expect(changes.every(({ hint }) => hint === undefined)).toBe(true);
});

test("many interfaces, of many versions", () => {
  const size = 1_000;
  const make = (patch: number): string =>
    `package a:b;\n\nworld hosted {\n${lines((i) => `import p:q${i}/api@0.${(i % 7) + 1}.${patch};`, size)}\n}\n` +
    lines((i) => `package p:q${i}@0.${(i % 7) + 1}.${patch} { interface api { f: func(a: u8); } }`, size);
  expect(compare({ before: make(0), after: make(1) })).toEqual([]);
  expect(compare(changed(make(0)))).toHaveLength(size);
});

test("names that objects have anyway", () => {
  const names = ["constructor", "to-string", "value-of", "has-own-property", "then", "default"];
  const text = (type: string): string =>
    world(
      `record r {\n${names.map((name) => `%${name}: ${type},`).join("\n")}\n}\nenum e { ${names.map((name) => `%${name}`).join(", ")} }`,
      names.map((name) => `%${name}: func(%${name}: r) -> e;`).join("\n"),
    );
  const changes = compare({ before: text("u8"), after: text("u16") });
  expect(changes.map(({ path }) => path)).toEqual(names.map((name) => `a:b/api@0.1.0#r.${name}`));
});
