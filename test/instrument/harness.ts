/**
 * Shared by the tests of the instrumenter: option sets, and running what has been instrumented.
 */
import {
  instantiateMetered,
  MeteredHost,
  type MeteredHostOptions,
  type MeteredInstance,
} from "../../scripts/wast/metered-host.ts";
import { DEFAULT_OPERATOR_COSTS, type InstrumentOptions } from "../../src/instrument/index.ts";

export const EVERYTHING: InstrumentOptions = {
  fuel: DEFAULT_OPERATOR_COSTS,
  epoch: true,
  limitGrowth: true,
};
export const EPOCH_ONLY: InstrumentOptions = { fuel: undefined, epoch: true, limitGrowth: false };

/** Instruments and instantiates a module. */
export function run(
  bytes: Uint8Array,
  options: InstrumentOptions = EVERYTHING,
  hostOptions: MeteredHostOptions = {},
  imports: WebAssembly.Imports = {},
): MeteredInstance {
  return instantiateMetered(bytes, options, new MeteredHost(hostOptions), imports);
}
