/**
 * Runs the benchmarks in `bench/`, one process each: `npm run bench`, or `npm run bench -- calls generate`.
 * Each prints medians of interleaved rounds, and a ratio against a named baseline of the same run.
 */
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../bench/", import.meta.url));
const known = readdirSync(folder)
  .filter((file) => file.endsWith(".ts"))
  .map((file) => file.slice(0, -".ts".length))
  .sort();
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`no benchmark named ${unknown.join(", ")}; there are: ${known.join(", ")}`);
  process.exit(2);
}

let failed = false;
for (const name of wanted.length > 0 ? wanted : known) {
  console.log(`\n# ${name}`);
  const { status } = spawnSync(process.execPath, [`${folder}${name}.ts`], { stdio: "inherit" });
  failed ||= status !== 0;
}
process.exit(failed ? 1 : 0);
