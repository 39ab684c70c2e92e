/**
 * Decodes WIT from WebAssembly's binary form: encoded WIT packages, and the worlds of components.
 *
 * What they are decoded to is at the top of `resolve.ts`.
 *
 * Source: wit-parser's `decoding.rs`.
 */
import {
  type ComponentIR,
  type ComponentShape,
  parseExternName,
  readComponent,
  type TypeEntity,
} from "../component/index.ts";
import { HostwrightError } from "../model/errors.ts";
import type { Resolve } from "../model/resolve.ts";
import { EncodedDecoder } from "./encoded-decoder.ts";
import { injectPackageDocs } from "./encoded-docs.ts";
import { witError } from "./errors.ts";

/** The custom section with what types do not hold: docs and stability. */
const DOCS_SECTION = "package-docs";

/**
 * Decodes an encoded WIT package, as `wasm-tools component wit --wasm` writes it.
 *
 * @param path for messages.
 * @throws WitError if the bytes are no encoded WIT package.
 */
export function decodeWitPackage(bytes: Uint8Array, path: string): Resolve {
  const component = read(bytes, path);
  const items = packageItems(component);
  if (items === undefined) {
    throw witError({
      code: "invalid",
      message: `\`${path}\` is not an encoded WIT package`,
      file: path,
      hint: "a component's own world is used where a component is asked for, not as a package",
    });
  }
  return decodeItems(component, items, path);
}

/**
 * Decodes the world that a component has: in a package `root:component`, with what it imports and
 * exports.
 *
 * @param path for messages.
 * @param name of the world: a component does not name its own.
 * @throws WitError if the bytes are no component, or one whose imports and exports WIT can not express.
 */
export function decodeComponentWorld(bytes: Uint8Array, path: string, name = "root"): Resolve {
  return decodeWorld(read(bytes, path), path, name);
}

/** What a WebAssembly binary describes: a package that was encoded, or the world of a component. */
export interface DecodedWasm {
  readonly kind: "package" | "component";
  readonly resolve: Resolve;
}

/**
 * Decodes either, as `wasm-tools component wit` does.
 *
 * @param path for messages.
 * @param name of the world of a component.
 * @throws WitError as `decodeWitPackage` and `decodeComponentWorld` do.
 */
export function decodeWasm(bytes: Uint8Array, path: string, name = "root"): DecodedWasm {
  const component = read(bytes, path);
  const items = packageItems(component);
  return items === undefined
    ? { kind: "component", resolve: decodeWorld(component, path, name) }
    : { kind: "package", resolve: decodeItems(component, items, path) };
}

function decodeItems(component: ComponentIR, items: PackageItems, path: string): Resolve {
  const resolve = new EncodedDecoder(component.types, path).decodePackage(items);
  injectDocs(component, resolve, path);
  return resolve;
}

function decodeWorld(component: ComponentIR, path: string, name: string): Resolve {
  const resolve = new EncodedDecoder(component.types, path).decodeComponent(component.root.shape, name);
  injectDocs(component, resolve, path);
  return resolve;
}

function read(bytes: Uint8Array, path: string): ComponentIR {
  try {
    return readComponent(bytes);
  } catch (cause) {
    if (cause instanceof HostwrightError) {
      throw witError(
        { code: "invalid", message: `\`${path}\` can not be read: ${cause.message}`, file: path },
        { cause },
      );
    }
    throw cause;
  }
}

interface PackageItems {
  /** Whether one type stands for the whole package. */
  readonly whole: boolean;
  readonly types: readonly ComponentShape[];
}

/**
 * The component types of an encoded package: it imports nothing and exports only component types.
 * In the older form that is one, "ns:name/wit", for the whole package; in the newer, one for each
 * interface and world.
 */
function packageItems({
  root,
}: ComponentIR): { readonly whole: boolean; readonly types: ComponentShape[] } | undefined {
  const types: ComponentShape[] = [];
  let whole = false;
  if (root.shape.imports.size > 0) return undefined;
  for (const [name, entity] of root.shape.exports) {
    if (!isComponentType(entity)) return undefined;
    const parsed = parseExternName(name);
    if (parsed.kind === "interface") {
      if (!/\/wit(?:@|$)/.test(name) || root.shape.exports.size > 1) return undefined;
      whole = true;
      types.push(entity.type);
    } else if (parsed.kind === "label") {
      types.push(entity.type);
    } else {
      return undefined;
    }
  }
  return types.length === 0 ? undefined : { whole, types };
}

function isComponentType(entity: { kind: string }): entity is TypeEntity & { readonly type: ComponentShape } {
  return entity.kind === "type" && (entity as TypeEntity).type.kind === "component";
}

function injectDocs(component: ComponentIR, resolve: Resolve, path: string): void {
  const sections = component.customSections.filter((section) => section.name === DOCS_SECTION);
  for (const { content } of sections) {
    injectPackageDocs(content, resolve, path);
  }
}
