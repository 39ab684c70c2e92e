/** Tells when WIT on the disk changes. */
import { resolve } from "node:path";

export interface Watcher {
  /** Watches these files and folders from now on, and no others. */
  watch(paths: readonly string[]): void;
  close(): Promise<void>;
}

/** How long to wait for more: an editor, or a checkout, writes several files at once. */
const QUIET_MS = 50;

/**
 * Watches files, and folders with all below them; in folders, only what can be WIT counts.
 *
 * @param onChange is called once for changes that come together, and not again before it has ended
 */
export async function createWatcher(onChange: () => Promise<void>): Promise<Watcher> {
  const { watch } = await import("chokidar");
  const watcher = watch([], {
    ignoreInitial: true,
    ignored: (path, stats) => stats?.isFile() === true && !/\.(?:wit|wasm|ts|mts|js|mjs|json)$/.test(path),
  });
  let watched: readonly string[] = [];
  let timer: NodeJS.Timeout | undefined;
  let running = Promise.resolve();
  watcher.on("all", () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      running = running.then(onChange);
    }, QUIET_MS);
  });
  return {
    watch(paths) {
      const wanted = [...new Set(paths.map((path) => resolve(path)))];
      watcher.unwatch(watched.filter((path) => !wanted.includes(path)));
      watcher.add(wanted.filter((path) => !watched.includes(path)));
      watched = wanted;
    },
    async close() {
      clearTimeout(timer);
      await running;
      await watcher.close();
    },
  };
}
