/** What a host may bring, and what it gets. */
import type { Component, Linker, Store } from "hostwright/runtime/bindings";
import type * as jobs from "../../golden/async/bindings/test/async-funcs/jobs.js";
import type { NamesWorld } from "../../golden/names/bindings/names-world.js";
import type * as metrics from "../../golden/obs/bindings/amal/obs/metrics.js";
import { addToLinker } from "../../golden/obs/bindings/amal/obs/metrics.js";
import { Hosted, type HostedImports } from "../../golden/obs/bindings/hosted.js";
import type * as clients from "../../golden/resources/bindings/exports/test/resources/store.js";
import type * as store from "../../golden/resources/bindings/test/resources/store.js";
import type * as across from "../../golden/resources-across/bindings/exports/test/across/handler.js";
import type { Proxy as ProxyWorld } from "../../golden/resources-across/bindings/proxy.js";
import type * as requests from "../../golden/resources-across/bindings/test/across/types.js";
import type { Both, BothImports } from "../../golden/versions/bindings/both.js";

class Metrics implements metrics.Host {
  // Fewer parameters, and any return value where none is wanted.
  counter(name: string): number {
    return name.length;
  }
  gauge(): void {}
}

// @ts-expect-error: `gauge` is missing
export class Half implements metrics.Host {
  counter(): void {}
}

export class Wrong implements metrics.Host {
  // @ts-expect-error: u64 is a bigint
  counter(_name: string, _value: number): void {}
  gauge(): void {}
}

declare const component: Component;

export function link(linker: Linker<{ metrics: Metrics }>, itsStore: Store<{ metrics: Metrics }>): void {
  Hosted.addToLinker(linker, (data) => data);
  addToLinker(linker, (data) => data.metrics);
  const hosted: Hosted = Hosted.instantiate(itsStore, component, linker);
  hosted.run();
  // @ts-expect-error: no parameters
  hosted.run(1);
  // @ts-expect-error: the data is no host
  addToLinker(linker, (data) => data);
}

/** An object literal will do. */
export const imports: HostedImports = {
  metrics: { counter: () => {}, gauge: () => {} },
};

class Blob implements store.Blob {
  readonly #bytes: Uint8Array;
  constructor(init: Uint8Array) {
    this.#bytes = init;
  }
  static merge(lhs: Blob, rhs: Blob): Blob {
    lhs.append(rhs, undefined);
    return lhs;
  }
  read(n: number): Uint8Array {
    return this.#bytes.subarray(0, n);
  }
  append(_other: store.Blob, _last: store.Blob | undefined): void {}
  [Symbol.dispose](): void {}
}

class File implements store.File {
  constructor(readonly_: string) {
    void readonly_;
  }
  [Symbol.dispose](): void {}
}

class Token implements store.Token {
  value(): string {
    return "";
  }
  [Symbol.dispose](): void {}
}

/** Ordinary classes are resources; those that a guest cannot make need not be handed over. */
export class Store_ implements store.Host {
  readonly Blob: typeof Blob = Blob;
  readonly File: typeof File = File;
  readonly Factory: store.FactoryClass = { make: () => new Token() };
  issue(): Token {
    return new Token();
  }
  hold(a: store.Holder): store.Holder {
    return a;
  }
  byAlias(a: store.Borrowed, _b: store.Alias): store.Alias {
    return a;
  }
  dropIt(_a: store.Opaque): void {}
}

export class Undisposable {
  // @ts-expect-error: a resource must be disposable
  readonly token: store.Token = { value: () => "" };
}

/** What a guest makes can be disposed of by `using`, and its class is one of the instance. */
export function useGuest(guest: clients.Exports): Uint8Array {
  const made: clients.Blob = new guest.Blob(new Uint8Array(1));
  const merged = guest.Blob.merge(made, made);
  merged[Symbol.dispose]();
  // @ts-expect-error: a list of u8 is a Uint8Array
  new guest.Blob([1]);
  // @ts-expect-error: only the guest makes tokens
  void guest.Token;
  return merged.read(1);
}

/** The exported handler takes the requests that the host implements. */
export function handle(proxy: ProxyWorld, request: requests.Request): requests.Response {
  const exports: across.Exports = proxy.handler;
  return exports.handle(request);
}

/** Two versions of one interface are two. */
export function versions(both: BothImports, guest: Both): void {
  both.streams_0_2_0.open();
  both.streams_0_3_0_rc_1.open("");
  // @ts-expect-error: the newer version takes a path
  both.streams_0_3_0_rc_1.open();
  const newer = both.streams_0_3_0_rc_1.open("");
  // @ts-expect-error: it may have no bytes, which the old one cannot say
  const old: ReturnType<typeof both.streams_0_2_0.open> = newer;
  void old;
  guest.streams.count();
}

/** Async functions return promises, and an async method fits them. */
export class Jobs implements Pick<jobs.Host, "wait" | "fetch"> {
  async wait(_ms: number): Promise<void> {}
  // @ts-expect-error: not a promise
  fetch(_url: string): Uint8Array {
    return new Uint8Array();
  }
}

/** An instance is no promise, so that it can be awaited. */
export async function awaited(world: NamesWorld): Promise<NamesWorld> {
  const same: NamesWorld = await world;
  same.addToLinker();
  same.namesThen.constructor_();
  // @ts-expect-error: there is no such member
  void world.then;
  return same;
}
