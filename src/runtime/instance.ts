/**
 * An instance of a component, as the host sees it.
 *
 * Source: wasmtime's `component::Instance`.
 */
import { nearestName } from "../model/nearest.ts";
import type { ResourceType } from "../model/value-type.ts";
import { LinkError } from "./errors.ts";
import type { ExportEntry, ExportIndex } from "./export-index.ts";
import { Func, type TypedFunc } from "./func.ts";
import { GuestObject, type GuestObjectClass } from "./guest-resource.ts";
import { siteName } from "./linked-import.ts";
import { resourceClass } from "./resource-class.ts";
import type { RunningInstance } from "./running-instance.ts";

/**
 * Lives as long as its store.
 *
 * @example
 * instance.getFunc("run")?.call();
 * const handle = instance.getTypedFunc<[name: string], string>("amal:obs/api@0.1.0", "handle");
 */
export class Instance {
  readonly #running: RunningInstance;
  readonly #exports: ExportIndex;
  readonly #funcs = new Map<ExportEntry, Func>();

  private constructor(running: RunningInstance) {
    this.#running = running;
    this.#exports = running.code.exports;
    running.makeResourceClass = (type) => this.#makeClass(type);
  }

  /** @internal */
  static make(running: RunningInstance): Instance {
    return new Instance(running);
  }

  /**
   * The exported function at a path: `getFunc("run")`, or `getFunc("wasi:cli/run@0.2.0", "run")`. Versions match as in
   * a linker. Undefined if there is none.
   *
   * @throws UnsupportedError if this version has no glue for its type.
   */
  getFunc(...path: string[]): Func | undefined {
    const found = this.#exports.find(path);
    return found === undefined ? undefined : this.#func(found);
  }

  /**
   * As `getFunc`, with the types that TypeScript shall see. The caller answers for them; the glue checks values against
   * the WIT type all the same.
   *
   * @throws LinkError if the component does not export it.
   */
  getTypedFunc<Args extends readonly unknown[], Result>(...path: string[]): TypedFunc<Args, Result> {
    const func = this.getFunc(...path);
    if (func === undefined) throw this.#notExported("function", path);
    return func as unknown as TypedFunc<Args, Result>;
  }

  /**
   * The class of an exported resource, with the constructor, methods and statics of its WIT type.
   *
   * @throws LinkError if the component does not export it.
   */
  getResourceClass(...path: string[]): object {
    const found = this.#exports.find(path);
    const type = found?.def.kind === "type" ? found.def.type : undefined;
    const cls = type?.kind === "resource" ? this.#running.resourceClass(type) : undefined;
    if (cls === undefined) throw this.#notExported("resource", path);
    return cls;
  }

  /** Undefined if it is something else. */
  #func(entry: ExportEntry): Func | undefined {
    const { def, path } = entry;
    if (def.kind !== "func") return undefined;
    let func = this.#funcs.get(entry);
    if (func === undefined) {
      func = new Func(def.type, this.#running.exported(def.source, siteName(path), def.type));
      this.#funcs.set(entry, func);
    }
    return func;
  }

  #makeClass(type: ResourceType): GuestObjectClass {
    const resource = this.#exports.findResource(type);
    if (resource === undefined) return GuestObject;
    const funcs = new Map<string, () => Func>();
    for (const entry of resource.index.entries()) {
      if (entry.def.kind !== "func") continue;
      funcs.set(entry.path.at(-1) ?? "", () => this.#func(entry) as Func);
    }
    return resourceClass(resource.path.at(-1) ?? "", funcs);
  }

  #notExported(what: string, path: readonly string[]): LinkError {
    const names = this.#exports.allNames();
    const near = nearestName(path.join("#"), names);
    const hint =
      near === undefined
        ? `it exports ${names.slice(0, 20).join(", ") || "nothing"}`
        : `did you mean ${near}?`;
    return new LinkError(`the component exports no ${what} ${path.join("#")}: ${hint}`);
  }
}
