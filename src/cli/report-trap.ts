/** A trap, as a person wants to see it: what it was, where the guest was, and what it had used. */
import type { Trap } from "../runtime/index.ts";
import { type Output, printable } from "./terminal.ts";

/** Frames shown at either end of a deep stack. */
const FRAMES_SHOWN = 10;

export interface Usage {
  /** Undefined where fuel is not metered. */
  readonly fuel: { readonly used: bigint; readonly given: bigint } | undefined;
  readonly milliseconds: number;
}

export function reportTrap(trap: Trap, usage: Usage, output: Output): void {
  output.line(
    `${output.paint("red", "trap:")} ${output.paint("bold", trap.code)}: ${printable(trap.message)}`,
  );
  if (trap.cause instanceof Error && trap.code === "host-error") {
    output.line(`  cause: ${printable(trap.cause.message)}`);
  }
  const frames = trap.frames.map(({ module, func, index, offset }) => {
    // A line break in a name that the guest chose must not look like a frame of its own.
    const name = func === undefined ? `function ${index}` : printable(func).replaceAll(/\s/g, " ");
    return `  at ${name} ${output.paint("dim", `(${printable(module)}, 0x${offset.toString(16)})`)}`;
  });
  const hidden = frames.length - 2 * FRAMES_SHOWN;
  if (hidden > 0) frames.splice(FRAMES_SHOWN, hidden, output.paint("dim", `  ... ${hidden} more ...`));
  for (const line of frames) output.line(line);
  const { fuel, milliseconds } = usage;
  const used = fuel === undefined ? "" : `fuel used: ${group(fuel.used)} of ${group(fuel.given)}, `;
  output.line(`${used}time: ${milliseconds.toFixed(0)} ms`);
}

/** 1000000n as "1_000_000", which `--fuel` reads back. */
function group(value: bigint): string {
  return String(value).replace(/\B(?=(?:[0-9]{3})+$)/g, "_");
}
