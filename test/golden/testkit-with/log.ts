/** Stands in for an interface that the world shall link. */
import type { Linker } from "hostwright/runtime/bindings";

export interface Host {
  write(text: string): void;
}

export function addToLinker<T>(linker: Linker<T>, getHost: (data: T) => Host): void {
  linker.instance("test:testkit-with/log").func("write", (caller, text: string) => getHost(caller.data).write(text));
}
