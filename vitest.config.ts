import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const source = (path: string): string => fileURLToPath(new URL(`./src/${path}`, import.meta.url));

export default defineConfig({
  resolve: {
    // The package by its own name is its source here, so that tests need no build.
    alias: [
      { find: /^hostwright$/, replacement: source("index.ts") },
      { find: /^hostwright\/runtime$/, replacement: source("runtime/index.ts") },
      { find: /^hostwright\/runtime\/bindings$/, replacement: source("runtime/bindings.ts") },
      { find: /^hostwright\/testkit$/, replacement: source("testkit/index.ts") },
    ],
  },
  test: {
    include: ["test/**/*.test.ts"],
    // Guests are built and generated code is compiled in some tests; two slow cores need the room.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // All cores: by itself vitest leaves one for its own process, which has little to do.
    maxWorkers: "100%",
  },
});
