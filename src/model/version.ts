/**
 * Semantic versions, as package names and gates write them.
 *
 * Source: semver.org 2.0; ordering as in the Rust crate `semver`, which orders builds too, so that
 * packages sort as wit-parser sorts them.
 */

const VERSION =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-((?:0|[1-9]\d*|\d*[A-Za-z-][\dA-Za-z-]*)(?:\.(?:0|[1-9]\d*|\d*[A-Za-z-][\dA-Za-z-]*))*))?(?:\+([\dA-Za-z-]+(?:\.[\dA-Za-z-]+)*))?$/;

/** The crate keeps each number in 64 bits. */
const MAX_NUMBER = 2n ** 64n - 1n;

interface Parts {
  readonly numbers: readonly bigint[];
  readonly pre: string;
  readonly build: string;
}

function parts(version: string): Parts | undefined {
  const match = VERSION.exec(version);
  if (match === null) return undefined;
  const numbers = [match[1], match[2], match[3]].map((digits) => BigInt(digits ?? "0"));
  if (numbers.some((number) => number > MAX_NUMBER)) return undefined;
  return { numbers, pre: match[4] ?? "", build: match[5] ?? "" };
}

export function isVersion(text: string): boolean {
  return text.length <= 256 && parts(text) !== undefined;
}

/** Less than, equal to or greater than zero, as `a` is to `b`. Both must be versions. */
export function compareVersions(a: string, b: string): number {
  const left = parts(a);
  const right = parts(b);
  if (left === undefined || right === undefined) return a < b ? -1 : a > b ? 1 : 0;
  for (let i = 0; i < 3; i += 1) {
    const order = compareNumbers(left.numbers[i] ?? 0n, right.numbers[i] ?? 0n);
    if (order !== 0) return order;
  }
  // A release comes after its pre-releases, a build after the same version without one.
  if (left.pre !== right.pre) {
    if (left.pre === "") return 1;
    if (right.pre === "") return -1;
    return compareIdentifiers(left.pre, right.pre);
  }
  return compareIdentifiers(left.build, right.build);
}

function compareNumbers(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareIdentifiers(a: string, b: string): number {
  if (a === b) return 0;
  if (a === "") return -1;
  if (b === "") return 1;
  const left = a.split(".");
  const right = b.split(".");
  for (let i = 0; i < Math.min(left.length, right.length); i += 1) {
    const order = compareIdentifier(left[i] ?? "", right[i] ?? "");
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function compareIdentifier(a: string, b: string): number {
  const isNumberA = /^\d+$/.test(a);
  const isNumberB = /^\d+$/.test(b);
  if (isNumberA && isNumberB) return compareDigits(a, b);
  if (isNumberA !== isNumberB) return isNumberA ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Only builds may begin with zeros: 0, then 00, then 1, then 01. */
function compareDigits(a: string, b: string): number {
  const left = a.replace(/^0+/, "");
  const right = b.replace(/^0+/, "");
  if (left.length !== right.length) return left.length - right.length;
  if (left !== right) return left < right ? -1 : 1;
  return a.length - b.length;
}
