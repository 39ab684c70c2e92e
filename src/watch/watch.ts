/** Tells when WIT on the disk changes. */
import { resolve } from "node:path";

export interface Watcher {
  /** Watches these files and folders from now on, and no others. */
  watch(paths: readonly string[]): void;
  close(): Promise<void>;
}

/** How long to wait for more: an editor, or a checkout, writes several files at once. */
const QUIET_MS = 50;

/** How far a file system's clock may be behind ours. */
const CLOCK_SLACK_MS = 50;

/**
 * Watches files, and folders with all below them; in folders, only what can be WIT counts.
 *
 * @param onChange is called once for changes that come together, and not again before it has ended
 */
export async function createWatcher(onChange: () => Promise<void>): Promise<Watcher> {
  const { watch } = await import("chokidar");
  const watcher = watch([], {
    alwaysStat: true,
    ignored: (path, stats) => stats?.isFile() === true && !/\.(?:wit|wasm|ts|mts|js|mjs|json)$/.test(path),
  });
  let watched: readonly string[] = [];
  let timer: NodeJS.Timeout | undefined;
  let running = Promise.resolve();
  let seen = Date.now();
  const run = async (): Promise<void> => {
    seen = Date.now();
    await onChange();
  };
  watcher.on("all", (event, _path, stats) => {
    // The first look at a path finds what was there before, and what has changed since without being noticed.
    const isFound = event === "add" || event === "addDir";
    if (isFound && stats !== undefined && stats.ctimeMs < seen - CLOCK_SLACK_MS) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      running = running.then(run);
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
