/** Options whose value is a quantity. */
import { InvalidArgumentError, Option } from "commander";
import { HostwrightError } from "../model/errors.ts";

/** @param preset the default, as a user would write it */
export function quantity<T>(
  flags: string,
  description: string,
  parse: (text: string) => T,
  preset: string,
): Option {
  return new Option(flags, description).default(parse(preset), preset).argParser((text): T => {
    try {
      return parse(text);
    } catch (error) {
      if (error instanceof HostwrightError) throw new InvalidArgumentError(error.message);
      throw error;
    }
  });
}
