/** The options of scaffold. */
import type { GenerateOptions } from "../codegen/options.ts";

/** The options of `generate`, and where the classes go. */
export interface ScaffoldOptions extends GenerateOptions {
  /** The folder of the implementing classes. Default: {@link defaultImplementation}. */
  readonly implementation?: string | undefined;
}

/** Where classes go unless the options say otherwise, relative to the current folder. */
export const defaultImplementation = "src/host";
