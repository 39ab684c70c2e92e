/** What a test has forgotten to say. */
import { HostwrightError } from "../model/errors.ts";

/** A function was called of which a strict double has not been told what to do, or of which nobody can guess. */
export class UnprogrammedCallError extends HostwrightError {
  override readonly name = "UnprogrammedCallError";
  readonly code = "unprogrammed-call";
  /** What the double calls the function. */
  readonly function: string;

  constructor(interfaceName: string, functionName: string, why: string) {
    super(
      `${interfaceName}: ${functionName} was called and ${why}; ` +
        `say what it does with double.stub(${JSON.stringify(functionName)}).returns(...) or .does(...)`,
    );
    this.function = functionName;
  }
}

/** There is no default for a type. The double that meets it says where. */
export class NoDefaultError extends HostwrightError {
  override readonly name = "NoDefaultError";
  readonly code = "no-default";
}
