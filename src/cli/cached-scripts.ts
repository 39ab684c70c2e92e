/**
 * Scripts whose compiled code is kept between runs: compiling the command line takes longer than most commands do.
 *
 * Node's own compile cache (`module.enableCompileCache`) keeps what is compiled before a module runs, and none of the
 * functions that V8 compiles when they are first called; and Node 20 has no such cache.
 */

// Node reads all properties of a module that is imported, and loads much of itself behind the lazy ones.
const { mkdirSync, readFileSync, renameSync, writeFileSync } = process.getBuiltinModule("node:fs");
const { createRequire, enableCompileCache } = process.getBuiltinModule("node:module");
const { join } = process.getBuiltinModule("node:path");
const { Script } = process.getBuiltinModule("node:vm");

/** What a script evaluates to; the build wraps it so. Scripts have no `import` of their own. */
type Wrapped = (
  exports: object,
  require: (id: string) => unknown,
  importModule: (id: string) => Promise<unknown>,
  filename: string,
) => void;

/**
 * Scripts in one folder, which `require` each other. The cache is in that folder, so whoever can write to it can write to
 * the scripts too. Where nobody can, all works without it.
 */
export class CachedScripts {
  readonly #folder: string;
  readonly #cache: string;
  readonly #requirePackage = createRequire(import.meta.url);
  readonly #loaded = new Map<string, object>();
  /** By the path that their compiled code shall have. */
  readonly #uncached = new Map<string, InstanceType<typeof Script>>();

  /**
   * @param folder an absolute path
   * @param name that of the cache: what is kept is what the first run of these scripts has called, and that depends on
   *   the command
   */
  constructor(folder: string, name: string) {
    this.#folder = folder;
    this.#cache = join(folder, ".cache", `${process.version}-${process.arch}`, name);
  }

  readonly require = (id: string): unknown => {
    if (id.startsWith("node:")) return process.getBuiltinModule(id);
    if (!id.startsWith("./")) {
      cachePackages();
      return this.#requirePackage(id);
    }
    const loaded = this.#loaded.get(id);
    if (loaded !== undefined) return loaded;
    const exports = {};
    this.#loaded.set(id, exports);
    const filename = join(this.#folder, id);
    const run = this.#compile(filename, join(this.#cache, `${id}.bin`)).runInThisContext() as Wrapped;
    run(exports, this.require, importModule, filename);
    return exports;
  };

  #compile(filename: string, cachePath: string): InstanceType<typeof Script> {
    const cachedData = readKept(cachePath);
    const script = new Script(readFileSync(filename, "utf8"), {
      filename,
      ...(cachedData === undefined ? {} : { cachedData }),
    });
    // V8 rejects what another version of it has made, or one with other flags.
    if (script.cachedDataRejected !== false) this.#uncached.set(cachePath, script);
    return script;
  }

  /** Keeps what has been compiled by now, of scripts that came from no cache. Failing is no error. */
  keep(): void {
    if (this.#uncached.size === 0) return;
    try {
      mkdirSync(this.#cache, { recursive: true });
      for (const [path, script] of this.#uncached) {
        const temporary = `${path}.${process.pid}.tmp`;
        writeFileSync(temporary, sealed(script.createCachedData()));
        renameSync(temporary, path);
      }
    } catch {
      // A package that cannot be written to.
    }
  }
}

/** @param id a package, or the URL of a file */
function importModule(id: string): Promise<unknown> {
  cachePackages();
  return import(id);
}

/** For the packages that we use, what Node has is better than nothing. */
function cachePackages(): void {
  enableCompileCache?.();
}

/** Undefined if there is none, or not all of it is as it was written. */
function readKept(path: string): Buffer | undefined {
  try {
    const bytes = readFileSync(path);
    const end = bytes.length - SEAL_BYTES;
    const data = bytes.subarray(0, end);
    return bytes.readInt32LE(end) === checksum(data) ? data : undefined;
  } catch {
    return undefined;
  }
}

const SEAL_BYTES = 4;

/** V8 believes what it is given: one bit that a disk has lost ends the process, with no message. */
function sealed(data: Buffer): Buffer {
  const seal = Buffer.alloc(SEAL_BYTES);
  seal.writeInt32LE(checksum(data));
  return Buffer.concat([data, seal]);
}

/** Another one for each change of a single word. Node's own (`zlib.crc32`) takes longer to load than this to run. */
function checksum(data: Buffer): number {
  // V8 makes whole words.
  const words = new Int32Array(data.buffer, data.byteOffset, data.length >> 2);
  let sum = data.length;
  for (let i = 0; i < words.length; i++) {
    sum = Math.imul(sum ^ (words[i] as number), 0x9e3779b1);
    sum ^= sum >>> 15;
  }
  return sum;
}
