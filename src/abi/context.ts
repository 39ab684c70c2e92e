/**
 * What glue needs of one memory: views of it, `realloc`, the budget of the call, the handle table.
 *
 * There is one per component instance and set of canonical options. The views are made again only when
 * the memory has grown, which detaches the old buffer and makes its length 0.
 *
 * Source: CanonicalABI.md, "Lifting and Lowering Context" (`LiftLowerContext`).
 */
import { AbiFault, BadValue } from "./faults.ts";
import type { Guard } from "./guard.ts";
import { ResourceHandle } from "./handle-table.ts";
import type { InstanceState } from "./instance-state.ts";
import { MAX_BYTE_LENGTH } from "./limits.ts";
import type { Lent, Loan, ResourceRuntime } from "./resource.ts";
import {
  type Bytes,
  bytesOf,
  decodeLatin1,
  decodeUtf8,
  decodeUtf16,
  isLatin1,
  isShortAscii,
  toWellFormed,
  utf8Length,
  writeAscii,
} from "./strings.ts";

/** The core function behind the `realloc` option: (old, oldSize, alignment, newSize) -> pointer. */
export type Realloc = (old: number, oldSize: number, alignment: number, newSize: number) => number;

export interface ContextInit {
  readonly instance: InstanceState;
  readonly guard: Guard;
  /** By index, as the glue was compiled with. */
  readonly resources: readonly ResourceRuntime[];
  /** Bytes that one call may make the host allocate. */
  readonly hostcallFuel: number;
  readonly memory: WebAssembly.Memory | undefined;
  readonly realloc: Realloc | undefined;
}

interface GivenHandle {
  readonly index: number;
  readonly handle: ResourceHandle;
  /** The host's value that it was made from. */
  readonly value: unknown;
}

/** The bit of a `latin1+utf16` length that says "UTF-16" (`utf16_tag`). */
const UTF16_TAG = 0x8000_0000;

export class LiftLowerContext {
  readonly instance: InstanceState;
  readonly guard: Guard;
  readonly resources: readonly ResourceRuntime[];
  readonly hostcallFuel: number;
  /** The memory. Length 0 means: grown since, call `refresh` (or it has no pages at all). */
  bytes: Bytes;
  view: DataView;
  /** What is left of `hostcallFuel` in the call in progress. */
  budget = 0;
  /** The second value of the string or list that was lowered last; the pointer is what the method returns. */
  length = 0;
  /** Where the flat values of a large variant are passed. */
  readonly flat: (number | bigint)[] = [];
  /** The handles that the arguments being lowered have put into the guest's table, until the guest runs. */
  readonly given: GivenHandle[] = [];
  /** What the call in progress has borrowed. */
  readonly loans: Loan[] = [];
  readonly #memory: WebAssembly.Memory | undefined;
  readonly #realloc: Realloc | undefined;
  readonly #metered: boolean;

  constructor(init: ContextInit) {
    this.instance = init.instance;
    this.guard = init.guard;
    this.resources = init.resources;
    this.hostcallFuel = init.hostcallFuel;
    this.#memory = init.memory;
    this.#realloc = init.realloc;
    this.#metered = init.guard.bytesCostFuel;
    const buffer = init.memory?.buffer ?? new ArrayBuffer(0);
    this.bytes = bytesOf(buffer);
    this.view = new DataView(buffer);
  }

  refresh(): void {
    if (this.#memory === undefined) return;
    const buffer = this.#memory.buffer;
    this.bytes = bytesOf(buffer);
    this.view = new DataView(buffer);
  }

  /** Source: `LiftLowerContext.allocate`, with the checks that every caller makes of its result. */
  allocate(alignment: number, size: number): number {
    const instance = this.instance;
    if (this.#realloc === undefined) throw new AbiFault("abi", "the realloc option is missing");
    this.#pay(size);
    instance.mayLeave = false;
    const pointer = this.#realloc(0, 0, alignment, size) >>> 0;
    instance.mayLeave = true;
    if (this.bytes.length === 0) this.refresh();
    return this.checkRange(pointer, size, alignment, "realloc return");
  }

  /**
   * Makes sure, too, that the views are of the memory as it is now, unless there is nothing in the range.
   *
   * @throws AbiFault if `pointer` is not aligned, or `size` bytes from it reach beyond the memory.
   */
  checkRange(pointer: number, size: number, alignment: number, what: string): number {
    if ((pointer & (alignment - 1)) !== 0 || pointer + size > this.bytes.length) {
      this.#checkRangeAgain(pointer, size, alignment, what);
    }
    return pointer;
  }

  #checkRangeAgain(pointer: number, size: number, alignment: number, what: string): void {
    if ((pointer & (alignment - 1)) !== 0) throw new AbiFault("abi", `${what}: pointer not aligned`);
    if (this.bytes.length === 0) this.refresh();
    if (pointer + size > this.bytes.length) {
      throw new AbiFault("abi", `${what}: pointer out of bounds of memory`);
    }
  }

  /** Pays for `bytes` of the host's memory. */
  charge(bytes: number): void {
    this.budget -= bytes;
    if (this.budget < 0) this.#overBudget();
    this.#pay(bytes);
  }

  /** Checks and pays for a list that a guest passes (`load_list_from_range`). Returns its address. */
  liftList(pointer: number, length: number, size: number, alignment: number, hostSize: number): number {
    const bytes = length * size;
    if (bytes > MAX_BYTE_LENGTH) throw new AbiFault("abi", "list is too long");
    this.checkRange(pointer, bytes, alignment, "list");
    this.charge(length * hostSize);
    return pointer;
  }

  /** Allocates a list (`store_list_into_range`). */
  allocateList(length: number, size: number, alignment: number): number {
    const bytes = length * size;
    if (bytes > MAX_BYTE_LENGTH) throw new BadValue("list is too long for a guest");
    if (length >>> 0 !== length) throw new BadValue("the length of a list is not a whole number");
    const pointer = this.allocate(alignment, bytes);
    this.length = length;
    return pointer;
  }

  liftUtf8(pointer: number, length: number): string {
    const bytes = this.bytes;
    if (length > MAX_BYTE_LENGTH || pointer + length > bytes.length) this.#badString(length);
    this.charge(length);
    return decodeUtf8(bytes, pointer, pointer + length);
  }

  liftUtf16(pointer: number, units: number): string {
    const length = units * 2;
    if ((pointer & 1) !== 0) throw new AbiFault("abi", "string: pointer not aligned");
    if (length > MAX_BYTE_LENGTH || pointer + length > this.bytes.length) this.#badString(length);
    this.charge(length);
    return decodeUtf16(this.bytes, pointer, pointer + length);
  }

  liftLatin1OrUtf16(pointer: number, tagged: number): string {
    if (tagged >= UTF16_TAG) return this.liftUtf16(pointer, tagged - UTF16_TAG);
    if ((pointer & 1) !== 0) throw new AbiFault("abi", "string: pointer not aligned");
    if (tagged > MAX_BYTE_LENGTH || pointer + tagged > this.bytes.length) this.#badString(tagged);
    this.charge(tagged);
    return decodeLatin1(this.bytes, pointer, pointer + tagged);
  }

  /** Writes `text` into fresh memory, returns its address, and leaves its length in `length`. */
  lowerUtf8(text: string): number {
    if (isShortAscii(text)) {
      const pointer = this.allocate(1, text.length);
      writeAscii(this.bytes, text, pointer);
      this.length = text.length;
      return pointer;
    }
    // The first of the two is known without going through the text.
    const size = text.length > MAX_BYTE_LENGTH ? text.length : utf8Length(text);
    if (size > MAX_BYTE_LENGTH) throw new BadValue("string is too long for a guest");
    const pointer = this.allocate(1, size);
    this.bytes.utf8Write(text, pointer, size);
    this.length = size;
    return pointer;
  }

  lowerUtf16(text: string): number {
    const size = text.length * 2;
    if (size > MAX_BYTE_LENGTH) throw new BadValue("string is too long for a guest");
    const pointer = this.allocate(2, size);
    this.bytes.ucs2Write(toWellFormed(text), pointer, size);
    this.length = text.length;
    return pointer;
  }

  lowerLatin1OrUtf16(text: string): number {
    if (!isLatin1(text)) {
      const pointer = this.lowerUtf16(text);
      this.length += UTF16_TAG;
      return pointer;
    }
    if (text.length > MAX_BYTE_LENGTH) throw new BadValue("string is too long for a guest");
    const pointer = this.allocate(2, text.length);
    this.bytes.latin1Write(text, pointer, text.length);
    this.length = text.length;
    return pointer;
  }

  /** Source: `lift_own`. */
  liftOwn(index: number, resource: number): unknown {
    const type = this.resources[resource] as ResourceRuntime;
    const handles = this.instance.handles;
    if (!handles.get(index, type).own) {
      throw new AbiFault("abi", `cannot lift own resource from a borrow (handle index ${index})`);
    }
    return type.toOwned(handles.remove(index, type).rep);
  }

  /** Source: `lift_borrow`. */
  liftBorrow(index: number, resource: number): unknown {
    const type = this.resources[resource] as ResourceRuntime;
    const handle = this.lend(index, type);
    this.loans.push(handle);
    return type.toBorrowed(handle.rep, this.loans);
  }

  /** The first half of `liftBorrow`, for glue that ends the loan itself. */
  lend(index: number, type: ResourceRuntime): ResourceHandle {
    const handle = this.instance.handles.get(index, type);
    handle.lends++;
    return handle;
  }

  /** Source: `lower_own`. */
  lowerOwn(value: unknown, resource: number): number {
    const type = this.resources[resource] as ResourceRuntime;
    const handle = new ResourceHandle(type, type.fromOwned(value), true);
    return this.#give(handle, value);
  }

  /** Source: `lower_borrow`. */
  lowerBorrow(value: unknown, resource: number): number {
    const type = this.resources[resource] as ResourceRuntime;
    return this.#lowerLent(type, type.fromBorrowed(value, this.loans), value);
  }

  /** As `lowerBorrow`, for a loan that glue ends itself. */
  lowerLent(type: ResourceRuntime, lent: Lent, value: unknown): number {
    return this.#lowerLent(type, lent.rep, value);
  }

  #lowerLent(type: ResourceRuntime, rep: unknown, value: unknown): number {
    if (type.implementedBy === this.instance) return rep as number;
    const { scope } = this.instance;
    const index = this.#give(new ResourceHandle(type, rep, false, scope), value);
    scope.borrows++;
    return index;
  }

  /** What has been given is the guest's. */
  keep(): void {
    // To set the length of an array costs ten times as much.
    while (this.given.length !== 0) this.given.pop();
  }

  /** The arguments turned out not to fit, and the guest has not run: what it was given is the caller's again. */
  takeBack(): void {
    const { handles } = this.instance;
    for (let given = this.given.pop(); given !== undefined; given = this.given.pop()) {
      const { index, handle, value } = given;
      handles.remove(index, handle.type);
      if (handle.own) handle.type.takeBack(value);
      else this.instance.scope.borrows--;
    }
  }

  /** Gives back what the call has borrowed since there were `from` loans (`Subtask.deliver_resolve`). */
  endLoans(from: number): void {
    while (this.loans.length > from) this.loans.pop()?.endBorrow();
  }

  /** At the end of a guest call that was lent handles (`Task.return_`). */
  checkBorrows(): void {
    if (this.instance.scope.borrows !== 0) {
      throw new AbiFault("abi", "borrow handles still remain at the end of the call");
    }
  }

  /** Pays for `bytes` that are moved into or out of the guest. @throws AbiFault */
  #pay(bytes: number): void {
    if (this.#metered) this.guard.payForBytes(bytes);
  }

  #overBudget(): never {
    throw new AbiFault(
      "hostcall-fuel",
      `the values of one call would take more than ${this.hostcallFuel} bytes of the host's memory (hostcallFuel)`,
    );
  }

  #give(handle: ResourceHandle, value: unknown): number {
    const index = this.instance.handles.add(handle);
    this.given.push({ index, handle, value });
    return index;
  }

  #badString(length: number): never {
    throw new AbiFault(
      "abi",
      length > MAX_BYTE_LENGTH ? "string is too long" : "string pointer/length out of bounds of memory",
    );
  }
}
