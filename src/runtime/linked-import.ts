/** An import of a component, with what a linker has for it. */
import type { ImportLeaf, ModuleRef } from "../component/index.ts";
import { withoutVersion } from "../model/compatible-version.ts";
import type { ComponentCode } from "./component.ts";
import type { CompiledModule } from "./core-module.ts";
import type { Leaf } from "./definition.ts";

export interface LinkedImport {
  readonly leaf: ImportLeaf;
  readonly definition: Leaf;
}

/** How messages call a function: "amal:obs/metrics.counter". */
export function siteName(path: readonly string[]): string {
  const [instance = "", ...inner] = path;
  return [withoutVersion(instance), ...inner].join(".");
}

/** The module that a step of instantiation instantiates. */
export function moduleOf(
  code: ComponentCode,
  imports: readonly LinkedImport[],
  ref: ModuleRef,
): CompiledModule {
  if (ref.kind === "static") {
    const module = code.modules[ref.module];
    if (module !== undefined) return module;
  } else {
    const definition = imports[ref.import]?.definition;
    if (definition?.kind === "module") return definition.module;
  }
  throw new Error("a module that the component's plan does not have");
}
