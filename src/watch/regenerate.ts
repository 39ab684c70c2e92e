/** Writes the bindings of several targets: all of them, or none if one has a mistake. */
import {
  type GenerateDiagnostic,
  generate,
  type WriteOptions,
  type WriteReport,
  writeBindings,
} from "../codegen/index.ts";
import { judgeShared, type Target } from "../config/index.ts";

export interface Regenerated {
  readonly target: Target;
  readonly report: WriteReport;
  /** What is to be said of all targets is with the first of them. */
  readonly diagnostics: readonly GenerateDiagnostic[];
  /** How long it took. */
  readonly milliseconds: number;
}

export interface RegenerateOptions extends WriteOptions {
  /** The other targets of the configuration: what they share with these may be of use to them. Default: none. */
  readonly others?: readonly Target[] | undefined;
}

/**
 * Everything is generated before anything is written: one target's mistake leaves the others as they were.
 *
 * @throws WitError, ConfigError, UnsupportedError
 */
export async function regenerate(
  targets: readonly Target[],
  { others, ...options }: RegenerateOptions = {},
): Promise<readonly Regenerated[]> {
  const generated = [];
  // Of the clocks, this is the one that Node has loaded already.
  for (const target of targets) {
    const start = Date.now();
    const result = await generate(target.options);
    generated.push({ target, result, milliseconds: Date.now() - start });
  }
  const judged = generated.map(({ target, result: { unused } }) => ({ target, unused }));
  const ofAll = await judgeShared(judged, others);
  const written: Regenerated[] = [];
  for (const { target, result, milliseconds } of generated) {
    const start = Date.now();
    const report = await writeBindings(result, target.options.out, options);
    written.push({
      target,
      report,
      diagnostics: written.length === 0 ? [...ofAll, ...result.diagnostics] : result.diagnostics,
      milliseconds: milliseconds + Date.now() - start,
    });
  }
  return written;
}
