/**
 * What a host would give out of its hands by providing an interface of WASI.
 */
import { withoutVersion } from "../model/compatible-version.ts";

/** What an interface of WASI gives access to; `host` is whatever is not known to be of WASI. */
export type CapabilityName =
  | "files"
  | "network"
  | "http"
  | "environment"
  | "stdio"
  | "clocks"
  | "random"
  | "exit"
  | "storage"
  | "host";

/** Something that a host would grant, and what asks for it. */
export interface Capability {
  readonly name: CapabilityName;
  /** What whoever has it can do, for people. */
  readonly meaning: string;
  /** The imports that ask for it. */
  readonly imports: readonly string[];
}

const MEANINGS: Readonly<Record<CapabilityName, string>> = {
  files: "read or write files below the folders that are opened for it",
  network: "open connections, listen, and look names up",
  http: "send HTTP requests",
  environment: "see environment variables and arguments",
  stdio: "read standard input, write standard output and error",
  clocks: "tell the time, and wait",
  random: "get random numbers",
  exit: "end the program",
  storage: "keep data in a store",
  host: "call functions of your own",
};

/** By the name of the interface without version; the first that fits counts. */
const PATTERNS: readonly (readonly [RegExp, CapabilityName | undefined])[] = [
  [/^wasi:filesystem\//, "files"],
  [/^wasi:sockets\//, "network"],
  [/^wasi:http\/(?:outgoing-handler|client|handler)$/, "http"],
  [/^wasi:cli\/environment$/, "environment"],
  [/^wasi:cli\/exit$/, "exit"],
  [/^wasi:cli\/(?:std|terminal)/, "stdio"],
  [/^wasi:clocks\//, "clocks"],
  [/^wasi:random\//, "random"],
  [/^wasi:(?:keyvalue|blobstore)\//, "storage"],
  // Types and plumbing: they give nothing that another import has not given.
  [/^wasi:(?:io|http)\//, undefined],
];

/** What these imports ask for, each capability once, in the order of the table above. */
export function capabilitiesOf(imports: readonly string[]): readonly Capability[] {
  const byName = new Map<CapabilityName, string[]>();
  for (const name of imports) {
    const capability = capabilityOf(name);
    if (capability === undefined) continue;
    const known = byName.get(capability);
    if (known === undefined) byName.set(capability, [name]);
    else known.push(name);
  }
  return (Object.keys(MEANINGS) as CapabilityName[]).flatMap((name) => {
    const asking = byName.get(name);
    return asking === undefined ? [] : [{ name, meaning: MEANINGS[name], imports: asking }];
  });
}

function capabilityOf(name: string): CapabilityName | undefined {
  const plain = withoutVersion(name);
  const found = PATTERNS.find(([pattern]) => pattern.test(plain));
  return found === undefined ? "host" : found[1];
}
