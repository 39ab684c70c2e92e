/**
 * The grammar and the uniqueness of labels and of import and export names.
 *
 * Source: component-model `Explainer.md`, sections "Import and Export Definitions" and "Name Uniqueness".
 */
import type { Scope } from "./scope.ts";

export type ParsedName =
  | { readonly kind: "label" }
  | { readonly kind: "constructor"; readonly resource: string }
  | { readonly kind: "method" | "static"; readonly resource: string; readonly label: string }
  | { readonly kind: "interface"; readonly version: string | undefined };

/** Parses an `externname`, or says what is wrong with it. */
export function parseExternName(
  name: string,
): ParsedName | { readonly kind: "invalid"; readonly why: string } {
  const annotation = /^\[(constructor|method|static)\]/.exec(name);
  if (annotation !== null) {
    const rest = name.slice(annotation[0].length);
    if (annotation[1] === "constructor") {
      return isLabel(rest) ? { kind: "constructor", resource: rest } : notKebab(rest);
    }
    const dot = rest.indexOf(".");
    if (dot === -1) {
      return { kind: "invalid", why: "failed to find `.` character" };
    }
    const resource = rest.slice(0, dot);
    const label = rest.slice(dot + 1);
    if (!isLabel(resource) || !isLabel(label)) {
      return notKebab(isLabel(resource) ? label : resource);
    }
    return { kind: annotation[1] === "method" ? "method" : "static", resource, label };
  }
  if (name.includes(":")) {
    return parseInterfaceName(name);
  }
  return isLabel(name) ? { kind: "label" } : notKebab(name);
}

function notKebab(text: string): { readonly kind: "invalid"; readonly why: string } {
  return { kind: "invalid", why: `\`${text}\` is not in kebab case` };
}

/** `interfacename`, without the nested namespaces and packages that are gated in the specification. */
function parseInterfaceName(name: string): ParsedName | { readonly kind: "invalid"; readonly why: string } {
  const at = name.indexOf("@");
  const version = at === -1 ? undefined : name.slice(at + 1);
  const path = at === -1 ? name : name.slice(0, at);
  const colon = path.indexOf(":");
  const namespace = path.slice(0, colon);
  const rest = path.slice(colon + 1);
  const slash = rest.indexOf("/");
  const packageName = slash === -1 ? rest : rest.slice(0, slash);
  if (!isWords(namespace)) {
    return notKebab(namespace);
  }
  if (packageName.includes(":")) {
    return { kind: "invalid", why: "expected `/` after package name" };
  }
  if (!isWords(packageName)) {
    return notKebab(packageName);
  }
  if (slash === -1) {
    return { kind: "invalid", why: "expected `/` after package name" };
  }
  const [projection = "", ...trailing] = rest.slice(slash + 1).split("/");
  if (!isLabel(projection)) {
    return notKebab(projection);
  }
  if (trailing.length > 0) {
    return { kind: "invalid", why: `trailing characters found: \`/${trailing.join("/")}\`` };
  }
  if (version !== undefined && !isSemver(version) && !isCanonicalVersion(version)) {
    return { kind: "invalid", why: `\`${version}\` is not a valid semver` };
  }
  return { kind: "interface", version };
}

/** `label`: words and acronyms separated by dashes, the first of which starts with a letter. */
function isLabel(text: string): boolean {
  return isDashed(text, true);
}

/** `words`: a label without acronyms. */
function isWords(text: string): boolean {
  return isDashed(text, false);
}

/** One pass: a regular expression would backtrack over digits, which belong to words and acronyms alike. */
function isDashed(text: string, acronyms: boolean): boolean {
  let lower = false;
  let upper = false;
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === DASH) {
      if (length === 0) {
        return false;
      }
      lower = upper = false;
      length = 0;
      continue;
    }
    length++;
    if (code >= LOWER_A && code <= LOWER_Z) {
      lower = true;
    } else if (code >= UPPER_A && code <= UPPER_Z && acronyms) {
      upper = true;
    } else if (code < DIGIT_0 || code > DIGIT_9 || i === 0) {
      return false;
    }
    if (lower && upper) {
      return false;
    }
  }
  return length > 0;
}

const DASH = 0x2d;
const DIGIT_0 = 0x30;
const DIGIT_9 = 0x39;
const UPPER_A = 0x41;
const UPPER_Z = 0x5a;
const LOWER_A = 0x61;
const LOWER_Z = 0x7a;

const SEMVER =
  /^(?:0|[1-9][0-9]*)\.(?:0|[1-9][0-9]*)\.(?:0|[1-9][0-9]*)(?:-([0-9A-Za-z.-]*))?(?:\+([0-9A-Za-z.-]*))?$/;

/** Source: https://semver.org. */
export function isSemver(text: string): boolean {
  const match = SEMVER.exec(text);
  if (match === null) {
    return false;
  }
  const [, prerelease, build] = match;
  return (
    (prerelease === undefined ||
      prerelease.split(".").every((part) => part !== "" && !/^0[0-9]+$/.test(part))) &&
    (build === undefined || build.split(".").every((part) => part !== ""))
  );
}

/** `canonversion`: a version cut after its first part that is not zero. */
export function isCanonicalVersion(text: string): boolean {
  return /^(?:[1-9][0-9]*|0\.[1-9][0-9]*|0\.0\.[1-9][0-9]*|0\.0\.0)$/.test(text);
}

/** Names whose canonical forms are equal may not stand in one scope. */
export function canonicalName(name: string): string {
  const at = name.indexOf("@");
  const lower = at === -1 ? name.toLowerCase() : name.slice(0, at).toLowerCase() + name.slice(at);
  const member = /^\[(?:method|static)\](.*)$/s.exec(lower)?.[1];
  if (member === undefined) {
    return lower;
  }
  const [resource, label] = member.split(".");
  return resource !== undefined && resource === label ? resource : member;
}

interface Labelled {
  readonly name: string;
  readonly offset: number;
}

/** Labels of fields, cases, flags and parameters: kebab case, and unique when case is ignored. */
export function checkLabels(
  scope: Scope,
  what: string,
  previousWhat: string,
  labels: readonly Labelled[],
): void {
  const at = scope.table.offset;
  const seen = new Map<string, string>();
  for (const { name, offset } of labels) {
    scope.table.offset = offset;
    if (name === "") {
      scope.fail(`${what} name cannot be empty`);
    }
    if (!isLabel(name)) {
      scope.fail(`${what} name \`${name}\` is not in kebab case`);
    }
    const lower = name.toLowerCase();
    const previous = seen.get(lower);
    if (previous !== undefined) {
      scope.fail(`${what} name \`${name}\` conflicts with previous ${previousWhat} name \`${previous}\``);
    }
    seen.set(lower, name);
  }
  scope.table.offset = at;
}
