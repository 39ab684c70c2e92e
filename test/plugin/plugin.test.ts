/** The plugin in Rollup, Rolldown, esbuild and Vite. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import * as esbuild from "esbuild";
import { rolldown } from "rolldown";
import { rollup } from "rollup";
import { createServer, build as viteBuild } from "vite";
import { beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import hostwright from "../../src/plugin/index.ts";

const WIT =
  "package a:b;\ninterface log { write: func(text: string); }\nworld w { import log; export run: func(); }\n";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hostwright-plugin-"));
  write("wit/w.wit", WIT);
  // What the entry imports does not exist before the plugin has run.
  write("main.js", 'import { name } from "./bindings/a/b/log.js";\nconsole.log(name);\n');
  write("entry.js", "console.log(1);\n");
  return () => rmSync(folder, { recursive: true, force: true });
});

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

const bindings = (): string => readFileSync(join(folder, "bindings/a/b/log.ts"), "utf8");
const options = () => ({ wit: join(folder, "wit"), out: join(folder, "bindings") });

describe("bindings are written before a build", () => {
  test("of Rollup", async () => {
    const bundle = await rollup({ input: join(folder, "entry.js"), plugins: [hostwright.rollup(options())] });
    expect(bindings()).toContain("write(text: string): void;");
    expect(bundle.watchFiles).toContain(join(folder, "wit/w.wit"));
    await bundle.close();
  });

  test("of Rolldown", async () => {
    const bundle = await rolldown({
      input: join(folder, "entry.js"),
      plugins: [hostwright.rolldown(options())],
    });
    await bundle.generate();
    expect(bindings()).toContain("write(text: string): void;");
    await bundle.close();
  });

  test("of esbuild", async () => {
    await esbuild.build({
      entryPoints: [join(folder, "entry.js")],
      bundle: true,
      write: false,
      plugins: [hostwright.esbuild(options())],
    });
    expect(bindings()).toContain("write(text: string): void;");
  });

  test("of Vite", async () => {
    await viteBuild({
      root: folder,
      configFile: false,
      logLevel: "silent",
      build: { write: false, lib: { entry: join(folder, "entry.js"), formats: ["es"] } },
      plugins: [hostwright.vite(options())],
    });
    expect(bindings()).toContain("write(text: string): void;");
  });
});

test("Vite's server writes them again when the WIT changes", async () => {
  const server = await createServer({
    root: folder,
    configFile: false,
    logLevel: "silent",
    server: { middlewareMode: true, ws: false },
    optimizeDeps: { noDiscovery: true },
    plugins: [hostwright.vite(options())],
  });
  onTestFinished(() => server.close());
  await server.pluginContainer.buildStart({});
  expect(bindings()).toContain("write(text: string): void;");
  server.watcher.add(join(folder, "wit"));
  await new Promise((resolve) => setTimeout(resolve, 200));
  write("wit/w.wit", WIT.replace("text: string", "text: u32"));
  await vi.waitFor(() => expect(bindings()).toContain("write(text: number): void;"), { timeout: 10_000 });
});

test("a mistake in the WIT fails the build, with its place", async () => {
  write("wit/w.wit", "package a:b;\nworld w { import lo; }\n");
  const building = rollup({ input: join(folder, "entry.js"), plugins: [hostwright.rollup(options())] });
  await expect(building).rejects.toThrow(/lo.*\n.*w\.wit:2:18/s);
  expect(existsSync(join(folder, "bindings"))).toBe(false);
});

test("without WIT and without a configuration there is nothing to do", async () => {
  vi.spyOn(process, "cwd").mockReturnValue(folder);
  onTestFinished(() => {
    vi.restoreAllMocks();
  });
  const building = rollup({ input: join(folder, "entry.js"), plugins: [hostwright.rollup()] });
  await expect(building).rejects.toThrow("hostwright/plugin has nothing to do");
});

test("a configuration says what to write", async () => {
  write("hostwright.config.json", JSON.stringify({ targets: [{ out: "one" }, { out: "two" }] }));
  const plugin = hostwright.rollup({ config: join(folder, "hostwright.config.json"), targets: ["two"] });
  await (await rollup({ input: join(folder, "entry.js"), plugins: [plugin] })).close();
  expect([existsSync(join(folder, "one")), existsSync(join(folder, "two"))]).toEqual([false, true]);
});
