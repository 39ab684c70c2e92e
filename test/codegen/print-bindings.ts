/** Prints, as JSON, what each of the options on the command line generates; run as a process of its own. */
import process from "node:process";
import { type GenerateOptions, generate } from "../../src/index.ts";

const all: [string, string][][] = [];
for (const options of process.argv.slice(2)) {
  const { files } = await generate(JSON.parse(options) as GenerateOptions);
  all.push([...files]);
}
process.stdout.write(JSON.stringify(all));
