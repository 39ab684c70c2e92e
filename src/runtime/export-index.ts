/**
 * The exports of a component by their names, found also under compatible versions. Made once per component: what
 * differs between instances is not in it.
 */
import type { ExportDef } from "../component/index.ts";
import type { ResourceType } from "../model/value-type.ts";
import { NameMap } from "./name-map.ts";

/** An export, in the one place where it is. */
export interface ExportEntry {
  /** Under the names that the component has: ["wasi:cli/run@0.2.0", "run"]. */
  readonly path: readonly string[];
  readonly def: ExportDef;
  /** The instance that it is in, or the component itself. */
  readonly index: ExportIndex;
}

export class ExportIndex {
  readonly #entries = new NameMap<ExportEntry>();
  readonly #inner = new Map<ExportEntry, ExportIndex>();

  constructor(defs: ReadonlyMap<string, ExportDef>, path: readonly string[] = []) {
    for (const [name, def] of defs) {
      const entry: ExportEntry = { path: [...path, name], def, index: this };
      this.#entries.set(name, entry);
      if (def.kind === "instance") this.#inner.set(entry, new ExportIndex(def.exports, entry.path));
    }
  }

  find(path: readonly string[]): ExportEntry | undefined {
    const [first, ...rest] = path;
    const entry = typeof first === "string" ? this.#entries.get(first) : undefined;
    if (entry === undefined || rest.length === 0) return entry;
    return this.#inner.get(entry)?.find(rest);
  }

  findResource(type: ResourceType): ExportEntry | undefined {
    for (const entry of this.entries()) {
      if (entry.def.kind === "type" && entry.def.type === type) return entry;
    }
    for (const inner of this.#inner.values()) {
      const found = inner.findResource(type);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  *entries(): Iterable<ExportEntry> {
    for (const [, entry] of this.#entries.entries()) yield entry;
  }

  /** Names as messages show them: "wasi:cli/run@0.2.0#run". */
  allNames(): string[] {
    return [...this.entries()].flatMap(
      (entry) => this.#inner.get(entry)?.allNames() ?? [entry.path.join("#")],
    );
  }
}
