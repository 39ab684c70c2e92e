/** The host that every contender's guest calls: the same functions, so that only what is between differs. */
import type { Point, Sample } from "./guest.ts";

export class Host {
  count = 0;
  last: unknown;
  readonly tick = (): void => {
    this.count++;
  };
  readonly add = (a: number, b: number): number => (a + b) >>> 0;
  readonly counter = (name: string, value: bigint): void => {
    this.count += name.length;
    this.last = value;
  };
  readonly points = (points: Point[]): void => {
    this.last = points[points.length - 1]?.x;
  };
  readonly samples = (samples: Sample[]): void => {
    this.last = samples[samples.length - 1]?.name;
  };
  readonly bytes = (bytes: Uint8Array): void => {
    this.last = bytes[bytes.length - 1];
  };
}

/** A resource of the host's. */
export class Meter {
  sum = 0;

  use(value: number): number {
    this.sum = (this.sum + value) | 0;
    return this.sum >>> 0;
  }
}
