import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Guests are built and generated code is compiled in some tests; two slow cores need the room.
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
