/** Types of the host's own. */
export class Vector {
  readonly x: number;
  readonly y: number;
  constructor(x: number, y: number) {
    this.x = x;
    this.y = y;
  }
}

export class Picture implements Disposable {
  readonly pixels: Uint8Array;
  constructor(width: number) {
    this.pixels = new Uint8Array(width);
  }
  width(): number {
    return this.pixels.length;
  }
  [Symbol.dispose](): void {}
}

