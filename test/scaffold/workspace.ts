/** A project of a user's, in a folder of its own: WIT, bindings, and the classes that implement them. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { generate, writeBindings } from "../../src/codegen/index.ts";
import { type ScaffoldResult, scaffold, writeScaffold } from "../../src/scaffold/index.ts";
import { type CompileError, compile } from "../codegen/compile.ts";

export class Project {
  readonly folder = mkdtempSync(join(tmpdir(), "hostwright-scaffold-"));

  constructor() {
    onTestFinished(() => rmSync(this.folder, { recursive: true, force: true }));
  }

  path(path: string): string {
    return join(this.folder, path);
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(this.path(path)), { recursive: true });
    writeFileSync(this.path(path), text);
  }

  read(path: string): string {
    return readFileSync(this.path(path), "utf8");
  }

  remove(path: string): void {
    rmSync(this.path(path));
  }

  exists(path: string): boolean {
    return existsSync(this.path(path));
  }

  /** What a user's editor does: fails if there is nothing to change. */
  edit(path: string, from: string, to: string): void {
    const text = this.read(path);
    if (!text.includes(from)) throw new Error(`${path} has no ${JSON.stringify(from)}:\n${text}`);
    this.write(
      path,
      text.replace(from, () => to),
    );
  }

  /** Bindings and classes for this WIT, both on disk. */
  async run(wit: string): Promise<ScaffoldResult> {
    this.write("wit/world.wit", wit);
    const options = { wit: this.path("wit"), out: this.path("src/bindings") };
    await writeBindings(await generate(options), options.out);
    const result = await scaffold({ ...options, implementation: this.path("src/host") });
    writeScaffold(result);
    return result;
  }

  /** Everything that the compiler says, at its strictest; only that a stub does not use its parameters is allowed. */
  async compile(): Promise<CompileError[]> {
    const compilerOptions = { noUnusedParameters: false };
    const errors = await compile(this.folder, { include: ["src/**/*.ts"], compilerOptions });
    // The runtime's own sources are checked elsewhere.
    return errors.filter(({ file }) => file === "" || file.startsWith("src/"));
  }
}

/** "added: Metrics.gauge" */
export function notes(result: ScaffoldResult): string[] {
  return result.files.flatMap((file) => file.notes.map(({ kind, message }) => `${kind}: ${message}`));
}
