/**
 * What a component is: what it imports and exports, what a host must grant it, and how much it needs.
 */
import {
  type ComponentIR,
  type LinkPlan,
  type Producer,
  planComponent,
  readComponent,
  readProducers,
} from "../component/index.ts";
import { ConfigError, MalformedComponentError, UnsupportedError } from "../model/errors.ts";
import type { CoreLimits } from "../model/extern-type.ts";
import type { World, WorldItem } from "../model/resolve.ts";
// Not by the door of `wit/`: most of those who come through that have no use for the reader of binaries.
import { decodeWasm } from "../wit/encoded.ts";
import { printWit, signatureText } from "../wit/index.ts";
import { type Capability, capabilitiesOf } from "./capabilities.ts";

const PAGE = 65_536;

/** Plain data: `JSON.stringify` of it is what `hostwright inspect --json` prints. */
export interface ComponentReport {
  /** Bytes. */
  readonly size: number;
  readonly imports: readonly ReportedItem[];
  readonly exports: readonly ReportedItem[];
  /** What a host that provides the imports would grant. */
  readonly capabilities: readonly Capability[];
  /** The core modules, in the order in which they stand in the component. */
  readonly modules: readonly ReportedModule[];
  /** What one instance takes of a store's limits; undefined if this version cannot run the component. */
  readonly needs: Needs | undefined;
  /** Why this version cannot run it. */
  readonly unsupported: string | undefined;
  /** What made it, by its own word. */
  readonly producers: readonly Producer[];
  /** Its world, as WIT. */
  readonly wit: string;
}

/** An import or export of a component, with its functions as WIT. */
export interface ReportedItem {
  /** "amal:obs/metrics@0.1.0", "run" */
  readonly name: string;
  readonly kind: "interface" | "func" | "type";
  /** By name: "counter", "[method]blob.read". */
  readonly functions: readonly { readonly name: string; readonly signature: string }[];
}

/** A core module of a component. */
export interface ReportedModule {
  /** Bytes. */
  readonly size: number;
  readonly memories: readonly ReportedLimits[];
  readonly tables: readonly ReportedLimits[];
}

/** Bytes of a memory, elements of a table. */
export interface ReportedLimits {
  readonly min: number;
  readonly max: number | undefined;
}

/** The names are those of `StoreLimits`; each is the least with which it can start. */
export interface Needs {
  readonly instances: number;
  readonly memories: number;
  readonly tables: number;
  /** Bytes of the largest memory. */
  readonly memorySize: number;
  /** Bytes of all memories. */
  readonly totalMemorySize: number;
  /** Elements of the largest table. */
  readonly tableElements: number;
}

/** What `inspectComponent` gives. */
export interface Inspected {
  readonly report: ComponentReport;
  /** The world of the component, for `coverageOf`. */
  readonly world: World;
}

/**
 * Inspects a component. Nothing of it is run.
 *
 * @param path what messages call it. Default: "the file"
 * @throws MalformedComponentError, WitError, or ConfigError if it is something else than a component
 */
export function inspectComponent(bytes: Uint8Array, path = "the file"): Inspected {
  if (isCoreModule(bytes)) {
    throw new ConfigError(
      `${path} is a core module, not a component: make one of it with \`wasm-tools component new\` or \`jco new\``,
    );
  }
  const component = read(bytes, path);
  const { kind, resolve } = decodeWasm(bytes, path);
  const [world] = resolve.worlds;
  if (kind === "package" || world === undefined) {
    throw new ConfigError(`${path} is an encoded WIT package, not a component: see \`hostwright wit\``);
  }
  const imports = itemsOf(world.imports);
  const { plan, unsupported } = planOf(component);
  const report: ComponentReport = {
    size: bytes.length,
    imports,
    exports: itemsOf(world.exports),
    capabilities: capabilitiesOf(imports.filter(({ kind }) => kind !== "type").map(({ name }) => name)),
    modules: component.modules.map((module) => ({
      size: module.bytes.length,
      memories: module.memories.map((limits) => scaled(limits, PAGE)),
      tables: module.tables.map((limits) => scaled(limits, 1)),
    })),
    needs: plan === undefined ? undefined : needsOf(plan),
    unsupported,
    producers: unique(
      [component.customSections, ...component.modules.map((module) => module.customSections)].flatMap(
        readProducers,
      ),
    ),
    wit: printWit(resolve),
  };
  return { report, world };
}

function read(bytes: Uint8Array, path: string): ReturnType<typeof readComponent> {
  try {
    return readComponent(bytes);
  } catch (error) {
    throw error instanceof MalformedComponentError ? error.of(path) : error;
  }
}

/** By the version and the layer that the preamble names. */
function isCoreModule(bytes: Uint8Array): boolean {
  return bytes[4] === 1 && bytes[5] === 0 && bytes[6] === 0 && bytes[7] === 0;
}

function itemsOf(items: World["imports"]): readonly ReportedItem[] {
  return [...items].map(([name, item]) => ({ name, kind: item.kind, functions: functionsOf(item) }));
}

function functionsOf(item: WorldItem): ReportedItem["functions"] {
  switch (item.kind) {
    case "func":
      return [{ name: item.func.name, signature: signatureText(item.func) }];
    case "interface":
      return [...item.interface.functions.values()].map((func) => ({
        name: func.name,
        signature: signatureText(func),
      }));
    case "type":
      return [];
  }
}

function planOf(component: ComponentIR): {
  readonly plan: LinkPlan | undefined;
  readonly unsupported: string | undefined;
} {
  try {
    return { plan: planComponent(component), unsupported: undefined };
  } catch (error) {
    if (error instanceof UnsupportedError) return { plan: undefined, unsupported: error.message };
    throw error;
  }
}

/** What all core instances together define. Of modules that the host supplies nothing is known. */
function needsOf(plan: LinkPlan): Needs {
  const modules = plan.steps.flatMap(({ module }) =>
    module.kind === "static" ? (plan.modules[module.module] ?? []) : [],
  );
  const memories = modules.flatMap((module) => module.memories.map(({ min }) => Number(min) * PAGE));
  const tables = modules.flatMap((module) => module.tables.map(({ min }) => Number(min)));
  return {
    instances: plan.coreInstances,
    memories: memories.length,
    tables: tables.length,
    memorySize: largest(memories),
    totalMemorySize: memories.reduce((sum, size) => sum + size, 0),
    tableElements: largest(tables),
  };
}

function largest(sizes: readonly number[]): number {
  return sizes.reduce((most, size) => Math.max(most, size), 0);
}

function scaled({ min, max }: CoreLimits, unit: number): ReportedLimits {
  return { min: Number(min) * unit, max: max === undefined ? undefined : Number(max) * unit };
}

function unique(producers: readonly Producer[]): readonly Producer[] {
  const known = new Map(producers.map((producer) => [JSON.stringify(producer), producer]));
  return [...known.values()];
}
