/** Writes the bindings of several targets: all of them, or none if one has a mistake. */
import {
  type GenerateDiagnostic,
  generate,
  type WriteOptions,
  type WriteReport,
  writeBindings,
} from "../codegen/index.ts";
import type { Target } from "../config/index.ts";

export interface Regenerated {
  readonly target: Target;
  readonly report: WriteReport;
  readonly diagnostics: readonly GenerateDiagnostic[];
  /** How long it took. */
  readonly milliseconds: number;
}

/**
 * Everything is generated before anything is written: one target's mistake leaves the others as they were.
 *
 * @throws WitError, ConfigError, UnsupportedError
 */
export async function regenerate(
  targets: readonly Target[],
  options: WriteOptions = {},
): Promise<readonly Regenerated[]> {
  const generated = [];
  for (const target of targets) {
    const start = performance.now();
    const result = await generate(target.options);
    generated.push({ target, result, milliseconds: performance.now() - start });
  }
  const written: Regenerated[] = [];
  for (const { target, result, milliseconds } of generated) {
    const start = performance.now();
    const report = await writeBindings(result, target.options.out, options);
    written.push({
      target,
      report,
      diagnostics: result.diagnostics,
      milliseconds: milliseconds + performance.now() - start,
    });
  }
  return written;
}
