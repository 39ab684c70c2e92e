/**
 * Constants of core `.wast` scripts: as bits, and as patterns that results are matched against.
 */
import { head, type SExpr, SExprError } from "./sexpr.ts";

export type NumType = "i32" | "i64" | "f32" | "f64" | "v128";

/** A number as its bits; `lanes` says how a vector is read when it is matched. */
export interface NumConst {
  readonly kind: "num";
  readonly type: NumType;
  readonly bits: bigint;
}

/** A reference: null, a host value, or a pattern that says only what kind of reference it is. */
export interface RefConst {
  readonly kind: "ref";
  readonly what: string;
  readonly host: number | undefined;
}

export type NanPattern = "nan:canonical" | "nan:arithmetic";

/** What a result has to be. */
export type Pattern =
  | NumConst
  | RefConst
  | { readonly kind: "nan"; readonly type: "f32" | "f64"; readonly nan: NanPattern }
  | {
      readonly kind: "lanes";
      readonly type: "v128";
      readonly width: number;
      readonly lanes: readonly (bigint | NanPattern)[];
    }
  | { readonly kind: "either"; readonly of: readonly Pattern[] };

/** Parses `(i32.const 1)`, `(f32.const nan:canonical)`, `(v128.const i32x4 ...)`, `(ref.extern 1)`, `(either ...)`. */
export function parsePattern(list: SExpr): Pattern {
  const keyword = head(list);
  if (keyword === "either") {
    const of = list.items.slice(1).map((item) => {
      if (item.kind !== "list") throw new SExprError(`line ${list.line}: expected a value`);
      return parsePattern(item);
    });
    return { kind: "either", of };
  }
  const atoms = list.items.slice(1).map((item) => (item.kind === "atom" ? item.text : ""));
  const first = atoms[0] ?? "";
  switch (keyword) {
    case "i32.const":
      return { kind: "num", type: "i32", bits: integer(first, 32) };
    case "i64.const":
      return { kind: "num", type: "i64", bits: integer(first, 64) };
    case "f32.const":
      return floatPattern(first, "f32");
    case "f64.const":
      return floatPattern(first, "f64");
    case "v128.const":
      return vector(first, atoms.slice(1), list.line);
    default:
      if (!keyword.startsWith("ref.")) throw new SExprError(`line ${list.line}: unknown value ${keyword}`);
      return { kind: "ref", what: keyword, host: /^\d+$/.test(first) ? Number(first) : undefined };
  }
}

function floatPattern(text: string, type: "f32" | "f64"): Pattern {
  if (text === "nan:canonical" || text === "nan:arithmetic") return { kind: "nan", type, nan: text };
  return { kind: "num", type, bits: float(text, type === "f32" ? 32 : 64) };
}

function vector(shape: string, atoms: readonly string[], line: number): Pattern {
  const match = /^([if])(\d+)x\d+$/.exec(shape);
  if (!match) throw new SExprError(`line ${line}: unknown vector shape ${shape}`);
  const width = Number(match[2]);
  const lanes = atoms.map((atom): bigint | NanPattern => {
    if (match[1] === "i") return integer(atom, width);
    if (atom === "nan:canonical" || atom === "nan:arithmetic") return atom;
    return float(atom, width);
  });
  const numbers = lanes.filter((lane) => typeof lane === "bigint");
  if (numbers.length < lanes.length) return { kind: "lanes", type: "v128", width, lanes };
  const bits = numbers.reduce((sum, lane, i) => sum | (lane << BigInt(i * width)), 0n);
  return { kind: "num", type: "v128", bits };
}

function integer(text: string, width: number): bigint {
  const plain = text.replaceAll("_", "");
  const negative = plain.startsWith("-");
  const value = BigInt(plain.replace(/^[+-]/, ""));
  return BigInt.asUintN(width, negative ? -value : value);
}

/** The bits of a float literal. Decimal ones go through JavaScript; hexadecimal ones are rounded here, exactly. */
export function float(text: string, width: number): bigint {
  const mantissaBits = width === 32 ? 23 : 52;
  const exponentMax = width === 32 ? 0xffn : 0x7ffn;
  const plain = text.replaceAll("_", "");
  const sign = plain.startsWith("-") ? 1n << BigInt(width - 1) : 0n;
  const body = plain.replace(/^[+-]/, "");
  const infinity = exponentMax << BigInt(mantissaBits);
  if (body === "inf") return sign | infinity;
  if (body === "nan") return sign | infinity | (1n << BigInt(mantissaBits - 1));
  if (body.startsWith("nan:")) return sign | infinity | BigInt(body.slice(4));
  if (body.startsWith("0x")) return sign | hexFloat(body, mantissaBits, width);
  if (width === 64) return sign | doubleBits(Number(body));
  return sign | decimalToFloat32(body);
}

function doubleBits(value: number): bigint {
  return new BigUint64Array(Float64Array.of(value).buffer)[0] as bigint;
}

/** A decimal is rounded once: by way of a double it would be rounded twice, which is wrong near halfway points. */
function decimalToFloat32(text: string): bigint {
  const [digits = "", exponentText = "0"] = text.toLowerCase().split("e");
  const [whole = "", fraction = ""] = digits.split(".");
  const exponent = Number(exponentText) - fraction.length;
  const numerator = BigInt(`${whole}${fraction}` || "0") * (exponent > 0 ? 10n ** BigInt(exponent) : 1n);
  const denominator = exponent < 0 ? 10n ** BigInt(-exponent) : 1n;
  return round(numerator, denominator, 0, 23, 32);
}

function hexFloat(text: string, mantissaBits: number, width: number): bigint {
  const [digits = "", exponentText = "0"] = text.slice(2).toLowerCase().split("p");
  const [whole = "", fraction = ""] = digits.split(".");
  return round(
    BigInt(`0x${whole}${fraction}` === "0x" ? "0x0" : `0x${whole}${fraction}`),
    1n,
    Number(exponentText) - fraction.length * 4,
    mantissaBits,
    width,
  );
}

/** `numerator / denominator * 2^exponent` to the nearest float, ties to even. */
function round(
  numerator: bigint,
  denominator: bigint,
  exponent: number,
  mantissaBits: number,
  width: number,
): bigint {
  if (numerator === 0n) return 0n;
  const bias = (1 << (width - mantissaBits - 2)) - 1;
  // Scale the quotient to have a few bits more than the mantissa; the rest goes into a sticky bit.
  const size = (value: bigint) => value.toString(2).length;
  let shift = mantissaBits + 3 - (size(numerator) - size(denominator));
  const minExponent = 1 - bias - mantissaBits;
  if (exponent - shift < minExponent - 2) shift = exponent - minExponent + 2;
  const [top, bottom] =
    shift >= 0 ? [numerator << BigInt(shift), denominator] : [numerator, denominator << BigInt(-shift)];
  let quotient = top / bottom;
  let sticky = top % bottom !== 0n;
  let scale = exponent - shift;
  while (size(quotient) > mantissaBits + 1 || scale < minExponent) {
    const extra = Math.max(size(quotient) - (mantissaBits + 1), minExponent - scale);
    const dropped = quotient & ((1n << BigInt(extra)) - 1n);
    const half = 1n << BigInt(extra - 1);
    quotient >>= BigInt(extra);
    scale += extra;
    if (dropped > half || (dropped === half && (sticky || (quotient & 1n) === 1n))) quotient += 1n;
    sticky = false;
  }
  if (quotient === 0n) return 0n;
  while (size(quotient) < mantissaBits + 1 && scale > minExponent) {
    quotient <<= 1n;
    scale -= 1;
  }
  const normal = size(quotient) === mantissaBits + 1;
  const biased = normal ? scale + mantissaBits + bias : 0;
  const max = (1 << (width - mantissaBits - 1)) - 1;
  if (biased >= max) return BigInt(max) << BigInt(mantissaBits);
  return (BigInt(biased) << BigInt(mantissaBits)) | (quotient & ((1n << BigInt(mantissaBits)) - 1n));
}

/** Whether `bits`, a float of that width, is what the pattern means. */
export function matchesNan(bits: bigint, width: number, pattern: NanPattern): boolean {
  const mantissaBits = width === 32 ? 23 : 52;
  const magnitude = bits & ((1n << BigInt(width - 1)) - 1n);
  const canonical =
    (((1n << BigInt(width - 1 - mantissaBits)) - 1n) << BigInt(mantissaBits)) |
    (1n << BigInt(mantissaBits - 1));
  return pattern === "nan:canonical" ? magnitude === canonical : (magnitude & canonical) === canonical;
}

/** Whether a number's bits match. */
export function matchesBits(bits: bigint, pattern: Pattern): boolean {
  switch (pattern.kind) {
    case "num":
      return bits === pattern.bits;
    case "nan":
      return matchesNan(bits, pattern.type === "f32" ? 32 : 64, pattern.nan);
    case "lanes":
      return pattern.lanes.every((lane, i) => {
        const actual = BigInt.asUintN(pattern.width, bits >> BigInt(i * pattern.width));
        return typeof lane === "bigint" ? actual === lane : matchesNan(actual, pattern.width, lane);
      });
    case "either":
      return pattern.of.some((one) => matchesBits(bits, one));
    case "ref":
      return false;
  }
}
