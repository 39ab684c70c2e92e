/**
 * A component, ready to be instantiated any number of times.
 *
 * Source: wasmtime's `Component`.
 */
import { readFile } from "node:fs/promises";
import { type LinkPlan, planComponent } from "../component/index.ts";
import { ConfigError, MalformedComponentError, UnsupportedError } from "../model/errors.ts";
import type { ExternType } from "../model/extern-type.ts";
import { osReason } from "../model/os-error.ts";
import { ComponentGlue } from "./component-glue.ts";
import { type CompiledModule, compileCoreModule } from "./core-module.ts";
import { Engine } from "./engine.ts";
import { ExportIndex } from "./export-index.ts";

/**
 * A compiled component. It holds no state: one serves any number of stores, at the same time.
 *
 * @example
 * const component = await Component.fromFile(engine, "guest.wasm");
 */
export class Component {
  /** What the component imports, by name: "amal:obs/metrics@0.1.0". */
  readonly imports: ReadonlyMap<string, ExternType>;
  /** What it exports, by name. */
  readonly exports: ReadonlyMap<string, ExternType>;
  readonly #code: ComponentCode;

  private constructor(code: ComponentCode) {
    this.imports = code.plan.imports;
    this.exports = code.plan.exports;
    this.#code = code;
  }

  /**
   * Checks, instruments and compiles a component.
   *
   * @throws MalformedComponentError if the bytes are no valid component.
   * @throws UnsupportedError if it needs what this version, or this Node, does not have.
   */
  static fromBytes(engine: Engine, bytes: Uint8Array): Component {
    Engine.check(engine, "Component.fromBytes");
    if (!(bytes instanceof Uint8Array)) throw new ConfigError("Component.fromBytes: expected a Uint8Array");
    return new Component(new ComponentCode(engine, bytes));
  }

  /**
   * As `fromBytes`, from a file. Errors name it.
   *
   * @throws ConfigError if the file cannot be read.
   * @throws MalformedComponentError, UnsupportedError as `fromBytes` does.
   */
  static async fromFile(engine: Engine, path: string | URL): Promise<Component> {
    if (typeof path !== "string" && !(path instanceof URL)) {
      throw new ConfigError("Component.fromFile: expected a path or a URL");
    }
    const name = String(path);
    let bytes: Uint8Array;
    try {
      bytes = await readFile(path);
    } catch (error) {
      throw new ConfigError(`cannot read the component ${name}: ${osReason(error)}`, { cause: error });
    }
    try {
      return Component.fromBytes(engine, bytes);
    } catch (error) {
      const isOfFile = error instanceof MalformedComponentError || error instanceof UnsupportedError;
      throw isOfFile ? error.of(name) : error;
    }
  }

  /** Not in this version. @throws UnsupportedError */
  static deserialize(_engine: Engine, _artifact: Uint8Array): Component {
    throw new UnsupportedError("precompiled components");
  }

  /** Not in this version. @throws UnsupportedError */
  static deserializeFile(_engine: Engine, _path: string | URL): Promise<Component> {
    return Promise.reject(new UnsupportedError("precompiled components"));
  }

  /** @internal */
  static code(component: Component): ComponentCode {
    return component.#code;
  }
}

/**
 * What a component holds for the rest of the runtime.
 *
 * @internal
 */
export class ComponentCode {
  readonly engine: Engine;
  readonly plan: LinkPlan;
  /** As `plan.modules`. */
  readonly modules: readonly CompiledModule[];
  #glue: ComponentGlue | undefined;
  #exports: ExportIndex | undefined;

  constructor(engine: Engine, bytes: Uint8Array) {
    this.engine = engine;
    // Memory that another thread can write to must not change between the check and the compilation.
    const stable = bytes.buffer instanceof ArrayBuffer ? bytes : Uint8Array.from(bytes);
    const plan = planComponent(stable);
    const state = Engine.state(engine);
    this.modules = plan.modules.map(({ bytes: core, imports, offset }, i) => {
      const names = imports.map(({ module, name, type }) => ({ module, name, kind: type.kind }));
      return compileCoreModule(state, core, names, `core module ${i}`, offset);
    });
    // The plan lives as long as the component; the bytes of the modules need not.
    this.plan = { ...plan, modules: plan.modules.map((module) => ({ ...module, bytes: new Uint8Array() })) };
  }

  get exports(): ExportIndex {
    this.#exports ??= new ExportIndex(this.plan.exportDefs);
    return this.#exports;
  }

  get glue(): ComponentGlue {
    this.#glue ??= new ComponentGlue(this.plan);
    return this.#glue;
  }
}
