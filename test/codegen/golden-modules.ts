/** Golden bindings as modules, and guests for them. */

import { Component, type Engine, type Linker } from "../../src/runtime/index.ts";
import { assemble } from "../support/assemble.ts";
import { type EchoedFunctions, echoGuest, RecordingLinker } from "./echo-guest.ts";
import { goldenFiles, goldenFolder } from "./goldens.ts";

type Add = (linker: Linker<object>, getHost?: (data: object) => object, tracer?: unknown) => void;

/** What a golden world exports of an interface. */
export interface GoldenInterface {
  readonly wit: string;
  readonly addToLinker: Add | undefined;
  readonly Client: (new (instance: unknown) => Record<string, (...args: unknown[]) => unknown>) | undefined;
}

export interface GoldenWorld {
  readonly imports: readonly GoldenInterface[];
  readonly exports: readonly GoldenInterface[];
}

/** The interfaces of a golden world that is in several files, with what the component calls them. */
export async function goldenWorld(name: string): Promise<GoldenWorld> {
  const found = { import: [] as GoldenInterface[], export: [] as GoldenInterface[] };
  for (const [path, text] of goldenFiles(name)) {
    const [, side, wit = ""] = /^\/\/ Source: (import|export) (\S+) of world/m.exec(text) ?? [];
    if (side === undefined) continue;
    const module = (await import(`${goldenFolder}${name}/bindings/${path}`)) as Omit<GoldenInterface, "wit">;
    found[side as "import" | "export"].push({ wit, addToLinker: module.addToLinker, Client: module.Client });
  }
  return { imports: found.import, exports: found.export };
}

/** What bindings define in a linker, by interface; functions of the root are under "". */
export function linked(addToLinker: Add): RecordingLinker {
  const recorder = new RecordingLinker();
  addToLinker(recorder as unknown as Linker<object>, (data) => data);
  return recorder;
}

/** A guest that exports those functions, and calls the imports of the same names. */
export async function echoComponent(
  engine: Engine,
  functions: EchoedFunctions,
  rest?: RecordingLinker,
): Promise<Component> {
  return Component.fromBytes(engine, await assemble(echoGuest(functions, rest)));
}
