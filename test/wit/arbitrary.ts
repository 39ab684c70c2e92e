/**
 * Random WIT: legal packages, and texts that are not.
 */
import fc from "fast-check";

/** Distinct names; some are keywords and need their `%`. */
const NAMES = [
  ...["alpha", "beta", "gamma", "delta", "a0-b1", "HTTP", "is-XML", "constructor", "then", "to-json"],
  ...["%list", "%type", "%interface", "%u8", "value-of", "proto", "x", "y", "z"],
].map((name) => (name === "constructor" ? "%constructor" : name));

const PRIMITIVES = [
  ...["bool", "u8", "u16", "u32", "u64", "s8", "s16", "s32", "s64", "f32", "f64", "char", "string"],
  "error-context",
];
const KEYS = ["bool", "u8", "u32", "s64", "char", "string"];

/** A type that may use the names given. */
function typeText(
  names: readonly string[],
  resources: readonly string[],
  depth: number,
): fc.Arbitrary<string> {
  const leaves: fc.Arbitrary<string>[] = [fc.constantFrom(...PRIMITIVES)];
  if (names.length > 0) leaves.push(fc.constantFrom(...names));
  if (resources.length > 0) leaves.push(fc.constantFrom(...resources.map((name) => `own<${name}>`)));
  if (depth === 0) return fc.oneof(...leaves);
  const inner = typeText(names, resources, depth - 1);
  return fc.oneof(
    ...leaves,
    inner.map((type) => `list<${type}>`),
    fc.tuple(inner, fc.integer({ min: 1, max: 99 })).map(([type, length]) => `list<${type}, ${length}>`),
    inner.map((type) => `option<${type}>`),
    fc.tuple(fc.constantFrom(...KEYS), inner).map(([key, value]) => `map<${key}, ${value}>`),
    fc.array(inner, { minLength: 1, maxLength: 3 }).map((types) => `tuple<${types.join(", ")}>`),
    fc.tuple(inner, inner).map(([ok, err]) => `result<${ok}, ${err}>`),
    inner.map((type) => `result<_, ${type}>`),
    fc.constantFrom("result", "stream", "future"),
    inner.map((type) => `stream<${type}>`),
    inner.map((type) => `future<${type}>`),
  );
}

const docs = fc.oneof(
  { weight: 3, arbitrary: fc.constant("") },
  fc.string({ maxLength: 12 }).map((text) => `  /// ${text.replace(/[^ -~]/g, " ")}\n`),
);

const names = fc.shuffledSubarray(NAMES, { minLength: 2 });

/** The members of an interface. */
const members: fc.Arbitrary<string> = names.chain((available) => {
  const half = Math.ceil(available.length / 2);
  const types = available.slice(0, half);
  const functions = available.slice(half);
  const resources = types.filter((_, index) => index % 4 === 3);
  const plain = types.filter((_, index) => index % 4 !== 3);
  const definitions = plain.map((name, index) => {
    // Only types before it: no cycles.
    const type = typeText(plain.slice(0, index), resources, 2);
    return fc.oneof(
      type.map((text) => `  type ${name} = ${text};\n`),
      fc.tuple(type, type).map(([a, b]) => `  record ${name} { a: ${a}, %b: ${b}, }\n`),
      type.map((text) => `  variant ${name} { a, b(${text}) }\n`),
      fc.constantFrom(`  enum ${name} { a, b, }\n`, `  flags ${name} { a, b }\n`),
    );
  });
  const value = typeText(plain, resources, 1);
  const resourceTexts = resources.map((name) =>
    fc
      .tuple(value, fc.boolean())
      .map(
        ([type, isFallible]) =>
          `  resource ${name} {\n    constructor(a: ${type})${isFallible ? ` -> result<${name}>` : ""};\n` +
          `    get: func(b: borrow<${name}>) -> ${type};\n    make: static async func();\n  }\n`,
      ),
  );
  const functionTexts = functions.map((name) =>
    fc
      .tuple(fc.constantFrom("", "async "), fc.array(value, { maxLength: 3 }), fc.option(value))
      .map(([async, params, result]) => {
        const list = params.map((type, index) => `p${index}: ${type}`).join(", ");
        return `  ${name}: ${async}func(${list})${result === null ? "" : ` -> ${result}`};\n`;
      }),
  );
  const parts = [...definitions, ...resourceTexts, ...functionTexts].map((part) =>
    fc.tuple(docs, part).map((texts) => texts.join("")),
  );
  // The order of members means nothing.
  return fc
    .tuple(...parts)
    .chain((texts) => fc.shuffledSubarray(texts, { minLength: texts.length }))
    .map((texts) => texts.join(""));
});

/** A whole package, with interfaces that worlds import and export. Its world `w` has everything. */
export const legalPackage: fc.Arbitrary<string> = fc
  .tuple(fc.array(members, { minLength: 1, maxLength: 3 }), members, fc.boolean())
  .map(([interfaces, inline, isReversed]) => {
    const texts = interfaces.map((body, index) => `interface i${index} {\n${body}}\n`);
    const world =
      `world base {\n  import i0;\n  import extra: func();\n}\n` +
      `world w {\n  include base with { extra as renamed }\n` +
      interfaces.map((_, index) => `  ${index % 2 === 0 ? "export" : "import"} i${index};\n`).join("") +
      `  export inline: interface {\n${inline}  }\n  export run: func();\n}\n`;
    const items = isReversed ? [world, ...texts.reverse()] : [...texts, world];
    return `package demo:random@0.1.0;\n\n${items.join("\n")}`;
  });

const FRAGMENTS = [
  ...[
    "package",
    "a:b",
    ";",
    "{",
    "}",
    "(",
    ")",
    "<",
    ">",
    ",",
    ":",
    "=",
    "->",
    "@",
    ".",
    "/",
    "%",
    "*",
    "+",
    "-",
  ],
  ...["interface", "world", "use", "include", "with", "as", "import", "export", "func", "async", "static"],
  ...[
    "type",
    "record",
    "variant",
    "enum",
    "flags",
    "resource",
    "constructor",
    "list",
    "option",
    "result",
    "map",
  ],
  ...[
    "borrow",
    "own",
    "tuple",
    "stream",
    "future",
    "u8",
    "string",
    "_",
    "x",
    "y",
    "i",
    "w",
    "1",
    "1.0.0",
    "4294967296",
  ],
  ...[
    "@since(version = 1.0.0)",
    "@unstable(feature = x)",
    '@external-id("e")',
    "// comment\n",
    "/* c */",
    "/*",
    '"',
    "\\",
  ],
  ...[
    "package demo:soup;\n",
    "interface i {\n",
    "world w {\n",
    "\n",
    "\t",
    "\r\n",
    "\u202e",
    "\u{1f600}",
    "é",
  ],
];

/** Pieces of WIT in any order. */
export const tokenSoup: fc.Arbitrary<string> = fc
  .array(fc.oneof(fc.constantFrom(...FRAGMENTS), fc.string({ maxLength: 3, unit: "binary" })), {
    maxLength: 60,
  })
  .map((parts) => parts.join(" "));

/** A legal package with a few words dropped, doubled, swapped or replaced. */
export const damagedPackage: fc.Arbitrary<string> = fc
  .tuple(
    legalPackage,
    fc.array(
      fc.tuple(fc.nat(), fc.constantFrom("drop", "double", "swap", "replace"), fc.constantFrom(...FRAGMENTS)),
      {
        minLength: 1,
        maxLength: 3,
      },
    ),
  )
  .map(([text, damages]) => {
    const words = text.split(/(?<=[\s;{}(),<>:])|(?=[;{}(),<>:])/);
    for (const [place, damage, fragment] of damages) {
      const at = place % Math.max(1, words.length - 1);
      if (damage === "drop") words.splice(at, 1);
      if (damage === "double") words.splice(at, 0, words[at] ?? "");
      if (damage === "swap") words.splice(at, 2, words[at + 1] ?? "", words[at] ?? "");
      if (damage === "replace") words.splice(at, 1, fragment);
    }
    return words.join("");
  });
