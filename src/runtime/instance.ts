/**
 * An instance of a component, as the host sees it.
 *
 * Source: wasmtime's `component::Instance`.
 */
import type { ExportDef } from "../component/index.ts";
import { nearestName } from "../model/nearest.ts";
import type { ResourceType } from "../model/value-type.ts";
import { LinkError } from "./errors.ts";
import { Func, type TypedFunc } from "./func.ts";
import { GuestObject, type GuestObjectClass } from "./guest-resource.ts";
import { siteName } from "./linked-import.ts";
import { NameMap } from "./name-map.ts";
import { resourceClass } from "./resource-class.ts";
import type { RunningInstance } from "./running-instance.ts";

type FuncDef = Extract<ExportDef, { kind: "func" }>;

/**
 * Lives as long as its store.
 *
 * @example
 * instance.getFunc("run")?.call();
 * const handle = instance.getTypedFunc<[name: string], string>("amal:obs/api@0.1.0", "handle");
 */
export class Instance {
  readonly #running: RunningInstance;
  readonly #exports: Exports;

  private constructor(running: RunningInstance) {
    this.#running = running;
    this.#exports = new Exports(running.code.plan.exportDefs, []);
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
    return found?.def.kind === "func" ? this.#func(found.exports, found.name, found.def) : undefined;
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

  #func(exports: Exports, name: string, def: FuncDef): Func {
    let func = exports.funcs.get(name);
    if (func === undefined) {
      const site = siteName([...exports.path, name]);
      func = new Func(def.type, this.#running.exported(def.source, site, def.type));
      exports.funcs.set(name, func);
    }
    return func;
  }

  #makeClass(type: ResourceType): GuestObjectClass {
    const found = this.#exports.findResource(type);
    if (found === undefined) return GuestObject;
    const { exports, name } = found;
    const funcs = new Map<string, () => Func>();
    for (const [key, def] of exports.entries()) {
      if (def.kind === "func") funcs.set(key, () => this.#func(exports, key, def));
    }
    return resourceClass(name, funcs);
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

interface Found {
  readonly exports: Exports;
  readonly name: string;
  readonly def: ExportDef;
}

/** The exports of the component, or of an instance that it exports. */
class Exports {
  readonly path: readonly string[];
  readonly funcs = new Map<string, Func>();
  readonly #defs: NameMap<{ readonly name: string; readonly def: ExportDef }> = new NameMap();
  readonly #inner = new Map<string, Exports>();

  constructor(defs: ReadonlyMap<string, ExportDef>, path: readonly string[]) {
    this.path = path;
    for (const [name, def] of defs) {
      this.#defs.set(name, { name, def });
      if (def.kind === "instance") this.#inner.set(name, new Exports(def.exports, [...path, name]));
    }
  }

  find(path: readonly string[]): Found | undefined {
    const [first, ...rest] = path;
    const found = typeof first === "string" ? this.#defs.get(first) : undefined;
    if (found === undefined) return undefined;
    return rest.length === 0 ? { exports: this, ...found } : this.#inner.get(found.name)?.find(rest);
  }

  findResource(type: ResourceType): { readonly exports: Exports; readonly name: string } | undefined {
    for (const [name, { def }] of this.#defs.entries()) {
      if (def.kind === "type" && def.type === type) return { exports: this, name };
    }
    for (const inner of this.#inner.values()) {
      const found = inner.findResource(type);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  *entries(): Iterable<[string, ExportDef]> {
    for (const [name, { def }] of this.#defs.entries()) yield [name, def];
  }

  allNames(): string[] {
    return this.#defs.names().flatMap(
      (name) =>
        this.#inner
          .get(name)
          ?.allNames()
          .map((inner) => `${name}#${inner}`) ?? [name],
    );
  }
}
