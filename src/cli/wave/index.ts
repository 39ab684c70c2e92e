/** WAVE, the text form of component values: what `hostwright run --invoke` reads and prints. */
export { parseArguments, parseValue } from "./parse.ts";
export { printResult, printValue } from "./print.ts";
export { WaveError, type WaveSpan } from "./wave-error.ts";
