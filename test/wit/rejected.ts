/** Texts that are expected to end in a `WitError`. */
import { parseWit, WitError } from "../../src/wit/index.ts";

/** The error that a text ends in. */
export function rejected(text: string): WitError {
  try {
    parseWit(text);
  } catch (error) {
    if (error instanceof WitError) return error;
    throw error;
  }
  throw new Error("the text was accepted");
}
