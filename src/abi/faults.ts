/**
 * What goes wrong inside the glue, before it is known whose call it ends.
 *
 * Neither class reaches a user: the runtime turns an `AbiFault` into a `Trap`, and a `BadValue` into
 * a `ValueError` that names the place in the value.
 */

/** The trap codes that the canonical ABI itself can end a call with. */
export type FaultCode = "abi" | "hostcall-fuel" | "cannot-enter" | "resource-limit" | "out-of-fuel";

/** A guest broke the canonical ABI (`trap_if` in CanonicalABI.md), or exceeded a limit of it. */
export class AbiFault extends Error {
  readonly faultCode: FaultCode;

  constructor(faultCode: FaultCode, message: string) {
    super(message);
    this.faultCode = faultCode;
  }
}

/** A JavaScript value does not fit its WIT type. Which part of it is found out afterwards, off the fast path. */
export class BadValue extends Error {
  constructor(message = "a value does not fit its WIT type") {
    super(message);
  }
}
