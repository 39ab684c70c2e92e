/**
 * The table behind the verdicts: for each kind of change, whom it breaks, and why.
 *
 * "Deployed" follows the component model's rule for linking: a component may be given more than it imports and may
 * export more than it is asked for, and the types of what is used must be equal, except for the names of parameters.
 * Source: component-model `Explainer.md`, "Type Checking"; `src/runtime/type-check.ts`.
 *
 * "Source" follows from who sends a value and who receives it.
 */
import type { ChangeCategory, TypeChangeCategory, Verdict } from "./change.ts";

export type Side = "import" | "export";
export type Party = "host" | "guest";

/** One way that values of a type take. */
export interface Flow {
  readonly side: Side;
  readonly to: Party;
}

export interface Effect {
  readonly host: Verdict;
  readonly guest: Verdict;
  readonly source: { readonly host: Verdict; readonly guest: Verdict };
  readonly why: string;
}

type Row = readonly [host: boolean, guest: boolean, hostSource: boolean, guestSource: boolean, why: string];

const [X, o] = [true, false];

/** The parameters of an imported function go to the host, its result to the guest; of an exported one the other way. */
export function flowOf(side: Side, position: "param" | "result"): Flow {
  return { side, to: (side === "import") === (position === "param") ? "host" : "guest" };
}

type SidedCategory = Exclude<ChangeCategory, TypeChangeCategory>;

/** X breaks: a deployed host, deployed guests; the host's code, the guests' code. */
const sided: Readonly<Record<SidedCategory, Readonly<Record<Side, Row>>>> = {
  "interface-added": {
    import: [X, o, X, o, "new guests may import it, which old hosts lack; old guests do not ask for it"],
    export: [o, X, o, X, "new hosts look for it, and old guests do not have it"],
  },
  "interface-removed": {
    import: [
      o,
      X,
      X,
      X,
      "old guests import it, and new hosts lack it; old hosts have more than is asked for",
    ],
    export: [X, o, X, X, "old hosts look for it, and new guests do not have it"],
  },
  "interface-version": {
    import: [
      X,
      X,
      o,
      o,
      "a version that is not compatible is another name, under which neither side finds the other; code uses the same names",
    ],
    export: [
      X,
      X,
      o,
      o,
      "a version that is not compatible is another name, under which neither side finds the other; code uses the same names",
    ],
  },
  "func-added": {
    import: [X, o, X, o, "new guests may import it, which old hosts lack; old guests do not ask for it"],
    export: [o, X, o, X, "new hosts look for it, and old guests do not have it"],
  },
  "func-removed": {
    import: [
      o,
      X,
      o,
      X,
      "old guests may import it, and new hosts lack it; old hosts have more than is asked for",
    ],
    export: [X, o, X, X, "old hosts look for it, and new guests do not have it"],
  },
  "func-kind": {
    import: [X, X, X, X, "the kind is part of the name that links it"],
    export: [X, X, X, X, "the kind is part of the name that links it"],
  },
  "func-async": {
    import: [X, X, X, X, "async is part of the function's type, and those must be equal"],
    export: [X, X, X, X, "async is part of the function's type, and those must be equal"],
  },
  "resource-added": {
    import: [X, o, X, o, "new guests may import the resource type, which old hosts lack"],
    export: [o, X, o, X, "new hosts look for the resource type, and old guests do not have it"],
  },
  "resource-removed": {
    import: [o, X, X, X, "old guests may import the resource type, and new hosts lack it"],
    export: [X, o, X, X, "old hosts look for the resource type, and new guests do not have it"],
  },
  "type-added": {
    import: [o, o, o, o, "a name for a type is nothing that is linked"],
    export: [o, o, o, o, "a name for a type is nothing that is linked"],
  },
  "type-removed": {
    import: [
      o,
      o,
      X,
      X,
      "a name for a type is nothing that is linked, but code that mentions it must change",
    ],
    export: [
      o,
      o,
      X,
      X,
      "a name for a type is nothing that is linked, but code that mentions it must change",
    ],
  },
  "param-added": {
    import: [
      X,
      X,
      o,
      X,
      "types of functions must be equal; a host's method may leave a parameter out, a caller may not",
    ],
    export: [X, X, X, X, "types of functions must be equal, and there are no optional parameters"],
  },
  "param-removed": {
    import: [X, X, X, X, "types of functions must be equal"],
    export: [X, X, X, X, "types of functions must be equal"],
  },
  "param-renamed": {
    import: [o, o, o, o, "arguments go by position; only tools that compose components compare their names"],
    export: [o, o, o, o, "arguments go by position; only tools that compose components compare their names"],
  },
  "params-reordered": {
    import: [X, X, X, X, "arguments go by position, so they would arrive in each other's place"],
    export: [X, X, X, X, "arguments go by position, so they would arrive in each other's place"],
  },
  "result-added": {
    import: [X, X, X, o, "types of functions must be equal; a caller may ignore what is returned"],
    export: [X, X, o, X, "types of functions must be equal; a caller may ignore what is returned"],
  },
  "result-removed": {
    import: [X, X, o, X, "types of functions must be equal; a host's method may return what nobody reads"],
    export: [X, X, X, X, "types of functions must be equal"],
  },
  "world-renamed": {
    import: [
      o,
      o,
      X,
      X,
      "a component does not say which world it was made for, but the bindings are named after it",
    ],
    export: [
      o,
      o,
      X,
      X,
      "a component does not say which world it was made for, but the bindings are named after it",
    ],
  },
  "world-added": {
    import: [o, o, o, o, "nothing has been built for it yet"],
    export: [o, o, o, o, "nothing has been built for it yet"],
  },
  "world-removed": {
    import: [o, X, X, X, "guests that were built for it find no host that has it"],
    export: [o, X, X, X, "guests that were built for it find no host that has it"],
  },
  stability: {
    import: [o, o, o, o, "gates and deprecations are not linked"],
    export: [o, o, o, o, "gates and deprecations are not linked"],
  },
};

/** Whose code must change. */
interface Roles {
  readonly sender: boolean;
  readonly receiver: boolean;
  readonly why: string;
}

const typeRoles: Readonly<Record<TypeChangeCategory, Roles>> = {
  "field-added": { sender: X, receiver: o, why: "whoever sends the record has to supply it" },
  "field-removed": { sender: X, receiver: X, why: "whoever reads or writes it has to stop" },
  "field-renamed": { sender: X, receiver: X, why: "whoever reads or writes it has to use the new name" },
  "fields-reordered": { sender: o, receiver: o, why: "code goes by the names" },
  "case-added": { sender: o, receiver: X, why: "whoever receives it has one more case to handle" },
  "case-removed": { sender: X, receiver: X, why: "whoever sends or handles it has to stop" },
  "case-renamed": { sender: X, receiver: X, why: "whoever sends or handles it has to use the new name" },
  "case-payload": {
    sender: X,
    receiver: X,
    why: "whoever sends or handles it has another value to deal with",
  },
  "cases-reordered": { sender: o, receiver: o, why: "code goes by the names" },
  "flag-added": { sender: o, receiver: o, why: "flags that are not mentioned are not set" },
  "flag-removed": { sender: X, receiver: X, why: "whoever sets or reads it has to stop" },
  "flag-renamed": { sender: X, receiver: X, why: "whoever sets or reads it has to use the new name" },
  "flags-reordered": { sender: o, receiver: o, why: "code goes by the names" },
  "type-changed": { sender: X, receiver: X, why: "both sides deal with another type of value" },
};

/** The effect of a change of something that the world imports or exports. */
export function sidedEffect(category: SidedCategory, side: Side): Effect {
  const [host, guest, hostSource, guestSource, why] = sided[category][side];
  return {
    host: verdict(host),
    guest: verdict(guest),
    source: { host: verdict(hostSource), guest: verdict(guestSource) },
    why,
  };
}

/** Whether TypeScript takes the same code as before, of whoever sends a value, and of whoever receives it. */
export interface Unnoticed {
  readonly bySender: boolean;
  readonly byReceiver: boolean;
}

export interface TypeUse {
  /** Every way that values of the type take, in functions that both versions have. */
  readonly flows: readonly Flow[];
  /** For the text: the functions. */
  readonly users: readonly string[];
  /** What the host's code, in TypeScript, does not notice. */
  readonly unnoticed: Unnoticed;
}

/** The effect of a change of a type: none on what is deployed if no function uses it. */
export function typeEffect(category: TypeChangeCategory, use: TypeUse): Effect {
  const roles = typeRoles[category];
  if (use.flows.length === 0) {
    const all = { host: verdict(false), guest: verdict(false) };
    return { ...all, source: all, why: "no function that both versions have uses it" };
  }
  const source = { host: false, guest: false };
  for (const { to } of use.flows) {
    const from = to === "host" ? "guest" : "host";
    if (roles.receiver && !(to === "host" && use.unnoticed.byReceiver)) source[to] = true;
    if (roles.sender && !(from === "host" && use.unnoticed.bySender)) source[from] = true;
  }
  const users = `${use.users.slice(0, 3).join(", ")}${use.users.length > 3 ? " and others" : ""}`;
  return {
    host: "breaking",
    guest: "breaking",
    source: { host: verdict(source.host), guest: verdict(source.guest) },
    why: `used by ${users}: types of functions must be equal; in code, ${roles.why}`,
  };
}

function verdict(breaks: boolean): Verdict {
  return breaks ? "breaking" : "compatible";
}
