/**
 * `hostwright/testkit`: what the doubles are made of that `hostwright generate --testkit` writes.
 *
 * It needs no test runner and nothing from npm. See docs/testkit.md.
 */
export type { AnyCall, Call, CallOf } from "./call.ts";
export { emptyStream, filled, noDefault, resolved } from "./defaults.ts";
export {
  type Double,
  type DoubleOptions,
  type GuestDouble,
  guestDouble,
  type HostDouble,
  hostDouble,
} from "./double.ts";
export { UnprogrammedCallError } from "./errors.ts";
export type {
  Behaviour,
  Constructs,
  DoubleShape,
  FunctionName,
  Implementations,
  Overrides,
  Public,
  ResourceName,
  WorldShape,
} from "./shape.ts";
export type { Stub } from "./stub.ts";
export {
  type GuestWorldDouble,
  guestWorldDouble,
  type HostWorldDouble,
  hostWorldDouble,
  type WorldDouble,
} from "./world-double.ts";
