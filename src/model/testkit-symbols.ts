/** What generated doubles may import from the test kit; a test holds that it has all of it. */

/** The module that generated doubles import from; in this package, `src/testkit/index.ts`. */
export const testkitModule = "hostwright/testkit";

export const testkitSymbols = {
  /** Imported with `import type`. */
  types: [
    "Constructs",
    "DoubleOptions",
    "GuestDouble",
    "GuestWorldDouble",
    "HostDouble",
    "HostWorldDouble",
    "Implementations",
    "Overrides",
    "Public",
  ],
  values: [
    "emptyStream",
    "filled",
    "guestDouble",
    "guestWorldDouble",
    "hostDouble",
    "hostWorldDouble",
    "noDefault",
    "resolved",
  ],
} as const;

export type TestkitType = (typeof testkitSymbols.types)[number];
export type TestkitValue = (typeof testkitSymbols.values)[number];
