/** Defaults that are no literals, for generated code. */
import { NoDefaultError } from "./errors.ts";

/** A stream that ends at once. */
export function emptyStream<T>(): ReadableStream<T> {
  return new ReadableStream<T>({
    start(controller) {
      controller.close();
    },
  });
}

/** A future that has come. Its type may be that of a future of a future, which `Promise.resolve` would flatten. */
export function resolved<T>(value: T): Promise<T> {
  return new Promise((resolve) => resolve(value));
}

/** A list of a fixed length. */
export function filled<T>(length: number, make: () => T): T[] {
  return Array.from({ length }, make);
}

/** Stands where a default would be of a type that only the user can make. */
export function noDefault(what: string): never {
  throw new NoDefaultError(`there is no default for ${what}`);
}
