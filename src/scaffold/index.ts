/** The door of `scaffold/`: classes that implement the host's side of a world, created and updated. */
import type { ScaffoldOptions } from "./options.ts";
import type { ScaffoldResult } from "./result.ts";

export { defaultImplementation, type ScaffoldOptions } from "./options.ts";
export type { ScaffoldedFile, ScaffoldNote, ScaffoldResult } from "./result.ts";
export { writeScaffold } from "./write-scaffold.ts";

/**
 * Works out the classes for a world. Writes nothing: see `writeScaffold`.
 *
 * A class is known by what it implements (`implements metrics.Host`), wherever below the folder it stands
 * and whatever it is called. In a class that is there, only signatures that do not fit the WIT any more are
 * touched: no body, and no comment but scaffold's own.
 *
 * @throws WitError, ConfigError
 * @example const { files } = await scaffold({ wit: "wit", implementation: "src/host" });
 */
export async function scaffold(options: ScaffoldOptions): Promise<ScaffoldResult> {
  // It brings a whole TypeScript with it, for which others have no use.
  const room = await import("./scaffold.ts");
  return room.scaffold(options);
}
