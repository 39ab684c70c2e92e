/** Stands in for the interface: the types under their names, and what tells resources apart. */
import { type ResourceType, types } from "hostwright/runtime/bindings";

export class Point {
  readonly x: number;
  readonly y: number;
  constructor(x: number, y: number) {
    this.x = x;
    this.y = y;
  }
}

export type Shape = { tag: "dot"; val: Point } | { tag: "none" };

export class Canvas {
  readonly shapes: Shape[] = [];
  draw(a: Shape): void {
    this.shapes.push(a);
  }
}

export const canvasType: ResourceType = types.resource("canvas");
