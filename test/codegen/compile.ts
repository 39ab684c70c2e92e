/**
 * Compiles generated code with TypeScript at its strictest, declarations included.
 *
 * Used by the tests of goldens and by `scripts/conformance/codegen.ts`.
 */
import { execFile } from "node:child_process";
import { rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = fileURLToPath(new URL("../../", import.meta.url));

export interface CompileError {
  /** The file, relative to the folder that was compiled; empty for an error of no file. */
  readonly file: string;
  readonly text: string;
}

/** The newest TypeScript and the two majors before it, as they are installed. */
export const compilers = ["typescript", "typescript-6", "typescript-5"] as const;

export type Compiler = (typeof compilers)[number];

export interface CompileOptions {
  /** Patterns of what to compile, relative to the folder. */
  readonly include: readonly string[];
  /** Default: the newest. */
  readonly compiler?: Compiler;
  /** Overrides of compiler options. */
  readonly compilerOptions?: Readonly<Record<string, unknown>>;
}

/**
 * Compiles everything in `folder` that `include` matches, in one run of the compiler; writes into `folder` what the
 * compiler needs.
 */
export async function compile(folder: string, options: CompileOptions): Promise<CompileError[]> {
  const config = {
    compilerOptions: {
      target: "es2023",
      lib: ["es2023", "esnext.disposable"],
      module: "nodenext",
      types: ["node"],
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      noImplicitOverride: true,
      noImplicitReturns: true,
      noPropertyAccessFromIndexSignature: true,
      noFallthroughCasesInSwitch: true,
      noUnusedLocals: true,
      noUnusedParameters: true,
      isolatedModules: true,
      verbatimModuleSyntax: true,
      erasableSyntaxOnly: true,
      skipLibCheck: false,
      // Declarations are checked, though not written.
      declaration: true,
      noEmit: true,
      // The runtime is compiled from its sources, which name each other with `.ts`.
      allowImportingTsExtensions: true,
      paths: {
        "hostwright/runtime": [join(root, "src/runtime/index.ts")],
        "hostwright/runtime/bindings": [join(root, "src/runtime/bindings.ts")],
        "hostwright/testkit": [join(root, "src/testkit/index.ts")],
      },
      ...options.compilerOptions,
    },
    // The runtime's sources need its ambient declarations.
    include: [...options.include, join(root, "src/**/*.d.ts")],
  };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify(config, undefined, 2));
  await writeFile(join(folder, "package.json"), '{ "type": "module" }');
  const modules = join(folder, "node_modules");
  await rm(modules, { force: true });
  await symlink(join(root, "node_modules"), modules, "junction");
  const tsc = join(root, "node_modules", options.compiler ?? "typescript", "bin/tsc");
  try {
    await promisify(execFile)(process.execPath, [tsc, "-p", folder, "--pretty", "false"], {
      cwd: folder,
      maxBuffer: 64 * 1024 * 1024,
    });
    return [];
  } catch (error) {
    const { stdout } = error as { stdout?: string };
    if (stdout === undefined || stdout === "") {
      throw error;
    }
    return parseErrors(stdout);
  }
}

function parseErrors(output: string): CompileError[] {
  const errors: CompileError[] = [];
  for (const line of output.split("\n")) {
    const match = /^(?:(\S.*?)\((\d+,\d+)\): )?(error TS\d+: .*)$/.exec(line);
    if (match !== null) {
      const [, file = "", place = "", text = ""] = match;
      errors.push({ file, text: place === "" ? text : `${file}(${place}): ${text}` });
    }
  }
  return errors;
}
