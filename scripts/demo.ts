/**
 * `npm run demo`: what hostwright is for, in one minute, without network.
 *
 * It works in a folder of its own under `.tmp/`, removes it at the end, and exits with 1 if anything
 * did not go as told here.
 */
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join, relative } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { styleText } from "node:util";
import { type GuestLimits, Metrics, MetricsHost } from "../examples/metrics-host/host.ts";
import { buildGuest } from "./guests.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const failures: string[] = [];
const started = performance.now();

/** Part 1: bindings. */
function generateBindings(): void {
  heading("Bindings from WIT");
  cpSync(join(root, "wit"), join(folder, "wit"), { recursive: true });
  say("The world, in wit/obs.wit:\n");
  quote(readFileSync(join(folder, "wit/obs.wit"), "utf8"));
  const status = hostwright("generate", "wit", "--out", "src/bindings");
  expect(status === 0, `generate exits with 0, not ${status}`);

  const module = join(folder, "src/bindings/amal/obs/metrics.ts");
  expect(existsSync(module), "generate writes src/bindings/amal/obs/metrics.ts");
  if (!existsSync(module)) return;
  const host = /(?:\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n)?export interface Host \{[\s\S]*?\n\}\n/.exec(
    readFileSync(module, "utf8"),
  );
  expect(host !== null, "the generated module has an interface Host");
  say("What the host implements, in src/bindings/amal/obs/metrics.ts:\n");
  quote(host?.[0] ?? "");
}

/** Part 2: a real guest. */
async function runGuest(host: MetricsHost): Promise<void> {
  heading("A guest in JavaScript, in a limited store");
  const path = await buildGuest("requests");
  const size = (statSync(path).size / 2 ** 20).toFixed(1);
  say(`examples/guests/requests.js, made into a component of ${size} MiB by \`jco componentize\`.`);
  say("Its calls arrive in the class that implements the interface:\n");

  const metrics = new LoudMetrics();
  const guest = await host.load(path);
  const start = performance.now();
  const fuel = host.run(guest, metrics);
  const elapsed = performance.now() - start;
  say(`\nfuel used: ${number(fuel)}, in ${elapsed.toFixed(0)} ms\n`);
  expect(metrics.counters.get("requests") === 5n, `requests is 5, not ${metrics.counters.get("requests")}`);
  expect(
    metrics.gauges.get("error-rate") === 0.2,
    `error-rate is 0.2, not ${metrics.gauges.get("error-rate")}`,
  );
  expect(fuel > 0n, "the guest uses fuel");
}

class LoudMetrics extends Metrics {
  override counter(name: string, value: bigint): void {
    super.counter(name, value);
    say(`  counter ${name.padEnd(10)} +${value}  ${dim(`now ${this.counters.get(name)}`)}`);
  }

  override gauge(name: string, value: number): void {
    super.gauge(name, value);
    say(`  gauge   ${name.padEnd(10)} ${value}`);
  }
}

/** Part 3: guests that go past their limits, plainly and inside `catch_all`; after each, another one runs as ever. */
async function stopBadGuests(host: MetricsHost): Promise<void> {
  heading("Guests that misbehave");
  const cases: readonly (readonly [
    guest: string,
    what: string,
    limits: GuestLimits,
    limit: string,
    code: string,
  ])[] = [
    ["spinner", "never returns", { fuel: 10_000_000n }, "10,000,000 fuel", "out-of-fuel"],
    ["spinner", "never returns", { fuel: 10n ** 15n, milliseconds: 200 }, "200 ms", "interrupt"],
    ["hoarder", "takes all memory", { memory: 16 * 2 ** 20 }, "16 MiB", "out-of-memory"],
  ];
  const neighbour = await host.load(await buildGuest("counter"));
  for (const suffix of ["", "-caught"]) {
    if (suffix !== "") say("\nThe same, and now each wraps itself in `catch_all` to swallow the trap:\n");
    for (const [name, what, limits, limit, code] of cases) {
      const guest = await host.load(await buildGuest(name + suffix));
      const start = performance.now();
      const stopped = trapCode(() => host.run(guest, new Metrics(), limits));
      const elapsed = `${(performance.now() - start).toFixed(0)} ms`;
      const metrics = new Metrics();
      host.run(neighbour, metrics);
      const alive = metrics.counters.get("requests") === 3n;
      const verdict = styleText(stopped === code ? "green" : "red", stopped.padEnd(13));
      say(
        `  ${name}  ${dim(what.padEnd(16))}  given ${limit.padEnd(15)}  ${verdict}  ${elapsed.padStart(6)}   host ${alive ? "alive" : "NOT ALIVE"}`,
      );
      expect(stopped === code, `${name}${suffix} with ${limit} ends in ${code}, not ${stopped}`);
      expect(alive, `the host goes on after ${name}${suffix}`);
    }
  }
  say("");
}

function trapCode(run: () => unknown): string {
  try {
    run();
    return "no trap";
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : String(error);
  }
}

/** Part 4: the WIT moves on, the bindings do not. */
function checkAfterEdit(): void {
  heading("The WIT changes, and `check` fails");
  const fresh = hostwright("check", "wit", "--out", "src/bindings");
  expect(fresh === 0, `check of fresh bindings exits with 0, not ${fresh}`);
  const path = join(folder, "wit/obs.wit");
  const before = readFileSync(path, "utf8");
  writeFileSync(
    path,
    before.replace(
      "gauge: func(name: string, value: f64)",
      "gauge: func(name: string, value: f64, unit: string)",
    ),
  );
  expect(readFileSync(path, "utf8") !== before, "the edit changes wit/obs.wit");
  say("In wit/obs.wit, `gauge` gets a parameter `unit: string`.\n");
  const stale = hostwright("check", "wit", "--out", "src/bindings");
  say(`exit code ${stale}: that is what CI sees.\n`);
  expect(stale === 1, `check of stale bindings exits with 1, not ${stale}`);
}

function finish(): void {
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  if (failures.length === 0) {
    say(styleText("green", `Everything went as told, in ${seconds} s.`));
    say(`Read on in ${relative(process.cwd(), join(root, "examples/metrics-host/host.ts"))}.`);
    return;
  }
  for (const failure of failures)
    console.error(styleText("red", `NOT AS TOLD: ${failure}`, { stream: process.stderr }));
  process.exitCode = 1;
}

/** Runs the command line as built, in the folder of the demo, and shows it as a person would see it. */
function hostwright(...args: string[]): number | null {
  say(`${dim("$")} npx hostwright ${args.join(" ")}`);
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, "bin/hostwright.js"), ...args], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, ...(process.stdout.isTTY && { FORCE_COLOR: "1" }) },
  });
  quote(stdout + stderr);
  return status;
}

function heading(title: string): void {
  say(styleText(["bold", "cyan"], `${title}\n`));
}

function quote(text: string): void {
  say(`${text.trimEnd().replace(/^(?=.)/gm, "  ")}\n`);
}

function say(line: string): void {
  console.log(line);
}

function dim(text: string): string {
  return styleText("dim", text);
}

function number(value: bigint): string {
  return value.toLocaleString("en");
}

function expect(holds: boolean, told: string): void {
  if (!holds) failures.push(told);
}

mkdirSync(join(root, ".tmp"), { recursive: true });
const folder = mkdtempSync(join(root, ".tmp/demo-"));
try {
  using host = new MetricsHost();
  generateBindings();
  await runGuest(host);
  await stopBadGuests(host);
  checkAfterEdit();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
finish();
