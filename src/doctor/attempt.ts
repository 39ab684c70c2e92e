/** A guest that tries to get past a limit, and what shall become of it. */

export type LimitName =
  | "fuel"
  | "deadline"
  | "memory"
  | "tables"
  | "instances"
  | "handles"
  | "host memory"
  | "stack"
  | "canonical ABI"
  | "traps"
  | "isolation";

/** What each limit promises, in the order in which they are reported. */
export const LIMITS: Readonly<Record<LimitName, string>> = {
  fuel: "a guest executes no more than it is given fuel for",
  deadline: "a guest that blocks the thread is stopped when its time is over",
  memory: "memories stay below memorySize and totalMemorySize",
  tables: "tables stay below tableElements",
  instances: "a component makes no more instances than it may",
  handles: "a guest holds no more resources than it may",
  "host memory": "what a call makes the host allocate stays below hostcallFuel",
  stack: "a guest that recurses without end ends in a trap",
  "canonical ABI": "pointers, strings and handles are checked",
  traps: "no guest catches a trap, or runs when it must not",
  isolation: "a guest sees nothing of others",
};

export interface Attempt {
  readonly name: string;
  /** The limits that it attacks, each in a run of its own. */
  readonly attacks: readonly LimitName[];
  /** What the guest does, for people: "loops". */
  readonly what: string;
  /** How it may end: codes of errors, `returns`, or `stopped` for what fuel and the deadline do. */
  readonly ends: readonly string[];
  /** The component, in base64. */
  readonly component: string;
}
