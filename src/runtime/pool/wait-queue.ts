/** Those who wait for room, in the order in which they came. */

interface Waiting {
  /** Goes on if there is room now; false if there is none. */
  readonly serve: () => boolean;
}

export class WaitQueue {
  readonly #timeoutMs: number;
  /** The first to be served first. */
  readonly #waiting = new Set<Waiting>();

  /** @param timeoutMs milliseconds that each waits at most */
  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  get length(): number {
    return this.#waiting.size;
  }

  /**
   * @param take takes what there is room for; undefined if there is no room
   * @param tooLate what to throw when the time is up
   */
  wait<T extends object>(take: () => T | undefined, tooLate: () => Error): Promise<T> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(waiting);
      };
      const waiting: Waiting = {
        serve: () => {
          try {
            const taken = take();
            if (taken === undefined) return false;
            resolve(taken);
          } catch (error) {
            reject(error);
          }
          leave();
          return true;
        },
      };
      const timer = setTimeout(() => {
        leave();
        reject(tooLate());
        // Behind one who wanted much there may be others who want little.
        this.serve();
      }, this.#timeoutMs);
      this.#waiting.add(waiting);
    });
  }

  /** To be called when there may be room. Nobody overtakes. */
  serve(): void {
    for (const first of this.#waiting) {
      if (!first.serve()) return;
    }
  }
}
