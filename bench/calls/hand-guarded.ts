/**
 * Hand-written glue with a gate: what nobody can do without where guests are not trusted. An instance is not entered
 * while a call into it is in progress, nor ever again once a call has failed.
 *
 * The bare glue of `hand-written.ts` is inlined by V8 into the loop of the benchmark, and so is part of what that loop
 * does on its own account hoisted out of it; no code with a `try` gets that. This is what a small call costs without.
 */
import type { Guest } from "./guest.ts";
import { handWritten } from "./hand-written.ts";
import type { Host } from "./host.ts";

class Gate {
  open = true;
  #failure: unknown;

  refuse(): never {
    throw new Error("the instance cannot be entered", { cause: this.#failure });
  }

  /** Leaves it closed. */
  fail(error: unknown): unknown {
    this.#failure = error;
    return error;
  }
}

export async function handGuarded(host: Host): Promise<Guest> {
  const bare = await handWritten(host);
  const gate = new Gate();

  function guarded<Args extends unknown[], Result>(call: (...args: Args) => Result) {
    return (...args: Args): Result => {
      if (!gate.open) gate.refuse();
      gate.open = false;
      let result: Result;
      try {
        result = call(...args);
      } catch (error) {
        throw gate.fail(error);
      }
      gate.open = true;
      return result;
    };
  }

  return {
    ticks: guarded(bare.ticks),
    adds: guarded(bare.adds),
    counters: guarded(bare.counters),
    passPoints: guarded(bare.passPoints),
    passSamples: guarded(bare.passSamples),
    passBytes: guarded(bare.passBytes),
    uses: guarded(bare.uses),
    echo: guarded(bare.echo),
    mirror: guarded(bare.mirror),
    echoPoints: guarded(bare.echoPoints),
    echoSamples: guarded(bare.echoSamples),
    echoBytes: guarded(bare.echoBytes),
    // The small ones have code of their own, so that V8 inlines what they call.
    twice(x) {
      if (!gate.open) gate.refuse();
      gate.open = false;
      let result: number;
      try {
        result = bare.twice(x);
      } catch (error) {
        throw gate.fail(error);
      }
      gate.open = true;
      return result;
    },
    readGauge() {
      if (!gate.open) gate.refuse();
      gate.open = false;
      let result: number;
      try {
        result = bare.readGauge();
      } catch (error) {
        throw gate.fail(error);
      }
      gate.open = true;
      return result;
    },
  };
}
