/** What commands write arrives whole and in order, whatever reads it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";

const room = new URL("../../src/cli/standard-stream.ts", import.meta.url).href;

/** Writes far more than a pipe holds. */
const WRITE = `
  const { StandardStream } = await import(${JSON.stringify(room)});
  const out = new StandardStream(1, (error) => console.error("lost: " + error.code));
  for (let line = 0; line < 40_000; line++) out.write("line " + line + " \\u00e9\\n");
`;

const EXPECTED = Array.from({ length: 40_000 }, (_, line) => `line ${line} \u00e9\n`).join("");

function evaluate(program: string): string[] {
  return ["--input-type=module", "--eval", program];
}

async function readSlowly(program: string): Promise<{ text: string; code: number; errors: string }> {
  const child = spawn(process.execPath, evaluate(program), { stdio: ["ignore", "pipe", "pipe"] });
  const closed = once(child, "close");
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  let text = "";
  let chunks = 0;
  for await (const chunk of child.stdout.setEncoding("utf8")) {
    text += chunk;
    if (chunks++ < 10) await sleep(10);
  }
  const [code] = await closed;
  return { text, code, errors };
}

test("to a pipe that is read slowly", async () => {
  expect(await readSlowly(WRITE)).toEqual({ text: EXPECTED, code: 0, errors: "" });
});

test("to a pipe that does not block", async () => {
  // Node's own stream, opened by the parent, makes the pipe that the two share not block.
  const program = `
    import { spawnSync } from "node:child_process";
    process.stdout.write("");
    const { status } = spawnSync(process.execPath, ${JSON.stringify(evaluate(WRITE))}, { stdio: "inherit" });
    process.exitCode = status;
  `;
  expect(await readSlowly(program)).toEqual({ text: EXPECTED, code: 0, errors: "" });
});

test("to a file", async () => {
  const folder = mkdtempSync(join(tmpdir(), "hostwright-stream-"));
  try {
    const file = join(folder, "out.txt");
    const child = spawn(process.execPath, evaluate(WRITE), {
      stdio: ["ignore", openSync(file, "w"), "inherit"],
    });
    expect(await once(child, "close")).toEqual([0, null]);
    expect(readFileSync(file, "utf8")).toBe(EXPECTED);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.runIf(existsSync("/dev/full"))("to a disk that is full", async () => {
  const full = openSync("/dev/full", "w");
  const child = spawn(process.execPath, evaluate(WRITE), { stdio: ["ignore", full, "pipe"] });
  const closed = once(child, "close");
  let errors = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  expect(await closed).toEqual([0, null]);
  expect(errors).toBe("lost: ENOSPC\n");
});

test.each([
  ["to a reader that goes away", WRITE],
  ["to a reader that is gone, again and again", `${WRITE} for (let i = 0; i < 10; i++) out.write("more");`],
])("%s", async (_, program) => {
  const ends = `${program} process.exitCode = 7;`;
  const child = spawn(process.execPath, evaluate(ends), { stdio: ["ignore", "pipe", "pipe"] });
  const closed = once(child, "exit");
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  await once(child.stdout, "data");
  child.stdout.destroy();
  expect(await closed).toEqual([7, null]);
  expect(errors).toBe("");
});
