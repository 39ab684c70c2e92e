/** The door of `watch/`: bindings that follow their WIT. */
export { type Regenerated, regenerate } from "./regenerate.ts";
export { createWatcher, type Watcher } from "./watch.ts";
