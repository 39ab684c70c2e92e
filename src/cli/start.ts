/** Starts the command line, as `bin/hostwright.js` does: `main.ts`, which the build has made into scripts (`dist/bin/`). */
import { CachedScripts } from "./cached-scripts.ts";
import { COMMANDS } from "./commands.ts";

const { fileURLToPath } = process.getBuiltinModule("node:url");

const command = COMMANDS.find((name) => name === process.argv[2]) ?? "other";
const scripts = new CachedScripts(fileURLToPath(new URL("../bin/", import.meta.url)), command);
process.once("exit", () => scripts.keep());
scripts.require("./main.cjs");
