/** Finds the line of WIT that says something, so that a change can be shown where it was made. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { withoutVersion } from "../../model/compatible-version.ts";
import type { PackageName } from "../../model/resolve.ts";
import type * as ast from "../../wit/ast.ts";
import { Reporter } from "../../wit/errors.ts";
import { packageId } from "../../wit/index.ts";
import { parseFile } from "../../wit/parser.ts";
import { Source } from "../../wit/source.ts";

/** A line of a WIT file. */
export interface Place {
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** Files beyond these are not looked at: a place is a help, not part of the answer. */
const MAX_FILES = 2_000;

/**
 * The places in the WIT at `wit`, a file or folder.
 *
 * @returns where the item of a change's path is; what is gone is where it was: in its interface, or its world
 */
export function locator(wit: string, world: string): (path: string) => Place | undefined {
  const places = new Map<string, Place>();
  for (const files of filesByFolder(wit).values()) {
    const sources = files.flatMap((file) => parse(file) ?? []);
    const name = sources.find(({ id }) => id !== undefined)?.id?.name;
    for (const source of sources) new Collector(places).package(source, source.id?.name ?? name);
  }
  return (path) => {
    for (let key = keyOf(path); key !== ""; key = shorter(key)) {
      const place = places.get(key);
      if (place !== undefined) return place;
    }
    return places.get(withoutVersion(world));
  };
}

/** "amal:obs/metrics#level.urgent" of "amal:obs/metrics@0.1.0#level.urgent". */
function keyOf(path: string): string {
  const [owner = "", ...rest] = path.replace(/ result$/, "").split("#");
  return [withoutVersion(owner), ...rest].join("#");
}

function shorter(key: string): string {
  const end = Math.max(key.lastIndexOf("#"), key.lastIndexOf("."), key.lastIndexOf("("));
  return end === -1 ? "" : key.slice(0, end);
}

/** Files of one folder are of one package, and only one of them has to name it. */
function filesByFolder(wit: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  let count = 0;
  const visit = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (count >= MAX_FILES) return;
      if (entry.isDirectory()) visit(path);
      else if (entry.isFile() && entry.name.endsWith(".wit")) {
        count += 1;
        found.set(folder, [...(found.get(folder) ?? []), path]);
      }
    }
  };
  if (statSync(wit).isDirectory()) visit(wit);
  else if (wit.endsWith(".wit")) found.set(wit, [wit]);
  return found;
}

function parse(path: string): ast.PackageFile | undefined {
  const source = new Source(path, readFileSync(path, "utf8"));
  const reporter = new Reporter();
  return reporter.attempt(() => parseFile(source, reporter));
}

class Collector {
  readonly #places: Map<string, Place>;

  constructor(places: Map<string, Place>) {
    this.#places = places;
  }

  package(node: ast.PackageFile, name: PackageName | undefined): void {
    const prefix = name === undefined ? "" : packageId({ ...name, version: undefined });
    for (const item of node.items) {
      switch (item.kind) {
        case "interface":
          this.#note(`${prefix}/${item.name.name}`, item.name);
          this.#members(`${prefix}/${item.name.name}`, item.members);
          break;
        case "world":
          this.#world(`${prefix}/${item.name.name}`, item);
          break;
        case "package":
          this.package(item, item.id?.name);
          break;
        case "use":
          break;
      }
    }
  }

  #world(key: string, world: ast.WorldItem): void {
    this.#note(key, world.name);
    for (const member of world.members) {
      if (member.kind === "type") this.#members(key, [member]);
      if (member.kind !== "import" && member.kind !== "export") continue;
      const { item } = member;
      if (item.kind === "func") this.#func(`${key}#${item.name.name}`, item.name, item.func);
      if (item.kind === "interface") {
        this.#note(item.name.name, item.name);
        this.#members(item.name.name, item.members);
      }
      if (item.kind === "path" && item.label !== undefined) this.#note(item.label.name, item.label);
    }
  }

  #members(owner: string, members: readonly ast.InterfaceMember[]): void {
    for (const member of members) {
      if (member.kind === "func") this.#func(`${owner}#${member.name.name}`, member.name, member.func);
      if (member.kind === "type") this.#type(`${owner}#${member.name.name}`, member);
    }
  }

  #type(key: string, { name, definition }: ast.TypeItem): void {
    this.#note(key, name);
    for (const part of partsOf(definition)) this.#note(`${key}.${part.name.name}`, part.name);
    if (definition.kind !== "resource") return;
    for (const { name: member, func } of definition.funcs) this.#func(`${key}.${member.name}`, member, func);
  }

  #func(key: string, name: ast.Id, func: ast.Func): void {
    this.#note(key, name);
    for (const param of func.params) this.#note(`${key}(${param.name.name})`, param.name);
  }

  #note(key: string, { span }: ast.Id): void {
    const { line } = span.source.position(span.start);
    if (!this.#places.has(key)) this.#places.set(key, { file: span.source.path, line });
  }
}

function partsOf(definition: ast.TypeDefinition): readonly ast.Label[] {
  switch (definition.kind) {
    case "record":
      return definition.fields;
    case "variant":
    case "enum":
      return definition.cases;
    case "flags":
      return definition.flags;
    case "alias":
    case "resource":
      return [];
  }
}
