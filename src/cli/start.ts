/** Starts the command line, as `bin/hostwright.js` does: `main.ts`, which the build has made into scripts (`dist/bin/`). */
import { CachedScripts } from "./cached-scripts.ts";
import { COMMANDS } from "./commands.ts";

const { readFileSync } = process.getBuiltinModule("node:fs");
const { join } = process.getBuiltinModule("node:path");
const { fileURLToPath } = process.getBuiltinModule("node:url");

const folder = fileURLToPath(new URL("../bin/", import.meta.url));
// V8 takes what it has compiled for any text of the same length: another build must not find it.
const build = readFileSync(join(folder, "build.txt"), "utf8");
const command = COMMANDS.find((name) => name === process.argv[2]) ?? "other";
const scripts = new CachedScripts(folder, `${build}-${command}`);
process.once("exit", () => scripts.keep());
scripts.require("./main.cjs");
