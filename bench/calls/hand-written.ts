/**
 * Hand-written glue: what somebody would write who knows this one guest, its types, and Node well.
 *
 * It holds to the canonical ABI: strings are checked to be UTF-8, pointers and lengths to lie in memory, the list
 * of handles to hold what is asked for. It trusts the host, so it checks no value that the host passes.
 */
import { buildModules, type Guest, POINT_SIZE, type Point, SAMPLE_SIZE, type Sample } from "./guest.ts";
import { type Host, Meter } from "./host.ts";

/** Methods of `Buffer` that @types/node leaves out: the fastest strings that Node has. */
interface Slices {
  utf8Slice(start: number, end: number): string;
  utf8Write(text: string, offset: number, length: number): number;
}

interface Core {
  ticks(n: number): void;
  adds(n: number): void;
  counters(n: number): void;
  "pass-points"(n: number): void;
  "pass-samples"(n: number): void;
  "pass-bytes"(n: number): void;
  uses(n: number): void;
  twice(x: number): number;
  "new-gauge"(value: number): number;
  "read-gauge"(rep: number): number;
  mirror(id: number, x: number, y: number, on: number): number;
  echo(pointer: number, length: number): number;
  "echo-points"(pointer: number, length: number): number;
  "echo-samples"(pointer: number, length: number): number;
  "echo-bytes"(pointer: number, length: number): number;
}

interface Allocator {
  memory: WebAssembly.Memory;
  realloc(old: number, oldSize: number, alignment: number, size: number): number;
  "post-return"(result: number): void;
}

const fatal = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export async function handWritten(host: Host): Promise<Guest> {
  const modules = await buildModules();
  const instantiate = (bytes: Uint8Array, imports: WebAssembly.Imports) =>
    new WebAssembly.Instance(new WebAssembly.Module(bytes), imports).exports;
  const allocator = instantiate(modules.memory, {}) as unknown as Allocator;
  const { memory, realloc, "post-return": postReturn } = allocator;
  const gauges: number[] = [0];
  const meters: (Meter | undefined)[] = [undefined];
  let view: DataView;
  let buffer: Buffer & Slices;
  refresh();

  function refresh(): void {
    view = new DataView(memory.buffer);
    buffer = Buffer.from(memory.buffer) as Buffer & Slices;
  }

  function check(pointer: number, size: number, alignment: number): void {
    if (buffer.length === 0) refresh();
    if ((pointer & (alignment - 1)) !== 0 || pointer + size > buffer.length) throw new Error("bad pointer");
  }

  function readString(pointer: number, length: number): string {
    check(pointer, length, 1);
    const text = buffer.utf8Slice(pointer, pointer + length);
    if (text.includes("\uFFFD")) fatal.decode(buffer.subarray(pointer, pointer + length));
    return text;
  }

  /** Returns the pointer; the length is the text's in bytes. */
  function writeString(text: string, length: number): number {
    const pointer = realloc(0, 0, 1, length) >>> 0;
    check(pointer, length, 1);
    buffer.utf8Write(text, pointer, length);
    return pointer;
  }

  function readPoint(pointer: number): Point {
    return {
      id: view.getUint32(pointer, true),
      x: view.getFloat64(pointer + 8, true),
      y: view.getFloat64(pointer + 16, true),
      on: view.getUint8(pointer + 24) !== 0,
    };
  }

  function readPoints(pointer: number, length: number): Point[] {
    check(pointer, length * POINT_SIZE, 8);
    const points = new Array<Point>(length);
    for (let i = 0; i < length; i++) points[i] = readPoint(pointer + i * POINT_SIZE);
    return points;
  }

  function readSamples(pointer: number, length: number): Sample[] {
    check(pointer, length * SAMPLE_SIZE, 8);
    const samples = new Array<Sample>(length);
    for (let i = 0; i < length; i++) {
      const at = pointer + i * SAMPLE_SIZE;
      samples[i] = {
        name: readString(view.getUint32(at, true), view.getUint32(at + 4, true)),
        value: view.getBigUint64(at + 8, true),
      };
    }
    return samples;
  }

  function readBytes(pointer: number, length: number): Uint8Array {
    check(pointer, length, 1);
    return new Uint8Array(memory.buffer.slice(pointer, pointer + length));
  }

  const imports = {
    tick: () => host.tick(),
    add: (a: number, b: number) => host.add(a >>> 0, b >>> 0),
    counter: (pointer: number, length: number, value: bigint) =>
      host.counter(readString(pointer >>> 0, length >>> 0), BigInt.asUintN(64, value)),
    points: (pointer: number, length: number) => host.points(readPoints(pointer >>> 0, length >>> 0)),
    samples: (pointer: number, length: number) => host.samples(readSamples(pointer >>> 0, length >>> 0)),
    bytes: (pointer: number, length: number) => host.bytes(readBytes(pointer >>> 0, length >>> 0)),
    open: () => meters.push(new Meter()) - 1,
    use(handle: number, value: number) {
      const meter = meters[handle];
      if (meter === undefined) throw new Error("bad handle");
      return meter.use(value >>> 0);
    },
    "new-gauge": (rep: number) => gauges.push(rep) - 1,
  };
  const core = instantiate(modules.main, { memory: { memory }, host: imports }) as unknown as Core;

  /** Calls a function that takes a list and returns one. */
  function finish<T>(result: number, read: (pointer: number, length: number) => T): T {
    check(result >>> 0, 8, 4);
    const value = read(view.getUint32(result, true), view.getUint32(result + 4, true));
    postReturn(result);
    return value;
  }

  class Gauge {
    #rep: number | undefined;
    #lent = 0;
    constructor(value: number) {
      const handle = core["new-gauge"](value);
      this.#rep = gauges[handle];
      gauges[handle] = 0;
    }
    read(): number {
      if (this.#rep === undefined) throw new Error("dropped");
      this.#lent++;
      const value = core["read-gauge"](this.#rep) >>> 0;
      this.#lent--;
      return value;
    }
    [Symbol.dispose](): void {
      if (this.#lent > 0) throw new Error("lent");
      this.#rep = undefined;
    }
  }
  const gauge = new Gauge(7);

  return {
    readGauge: () => gauge.read(),
    ticks: (n) => core.ticks(n),
    adds: (n) => core.adds(n),
    counters: (n) => core.counters(n),
    passPoints: (n) => core["pass-points"](n),
    passSamples: (n) => core["pass-samples"](n),
    passBytes: (n) => core["pass-bytes"](n),
    uses: (n) => core.uses(n),
    twice: (x) => core.twice(x) >>> 0,
    echo(text) {
      const length = Buffer.byteLength(text);
      return finish(core.echo(writeString(text, length), length), readString);
    },
    mirror({ id, x, y, on }) {
      const result = core.mirror(id, x, y, on ? 1 : 0) >>> 0;
      check(result, POINT_SIZE, 8);
      const point = readPoint(result);
      postReturn(result);
      return point;
    },
    echoPoints(points) {
      const size = points.length * POINT_SIZE;
      const pointer = realloc(0, 0, 8, size) >>> 0;
      check(pointer, size, 8);
      let at = pointer;
      for (const { id, x, y, on } of points) {
        view.setUint32(at, id, true);
        view.setFloat64(at + 8, x, true);
        view.setFloat64(at + 16, y, true);
        view.setUint8(at + 24, on ? 1 : 0);
        at += POINT_SIZE;
      }
      return finish(core["echo-points"](pointer, points.length), readPoints);
    },
    echoSamples(samples) {
      const size = samples.length * SAMPLE_SIZE;
      const pointer = realloc(0, 0, 8, size) >>> 0;
      check(pointer, size, 8);
      let at = pointer;
      for (const { name, value } of samples) {
        const length = Buffer.byteLength(name);
        const text = writeString(name, length);
        view.setUint32(at, text, true);
        view.setUint32(at + 4, length, true);
        view.setBigUint64(at + 8, value, true);
        at += SAMPLE_SIZE;
      }
      return finish(core["echo-samples"](pointer, samples.length), readSamples);
    },
    echoBytes(bytes) {
      const pointer = realloc(0, 0, 1, bytes.length) >>> 0;
      check(pointer, bytes.length, 1);
      buffer.set(bytes, pointer);
      return finish(core["echo-bytes"](pointer, bytes.length), readBytes);
    },
  };
}
