/** A host for `test:vault`, whose journals keep a log, and a scenario of resources of both sides: what each step gives, and what the host sees of it. */
import { type Exports, type Imports, type Outcome, outcome } from "./sides.ts";

type Log = (entry: string) => void;

export interface Journal {
  append(line: string): number;
  lines(): string[];
}

export type JournalClass = new (title: string) => Journal;

export interface VaultHost extends Imports {
  "test:vault/journals": { Journal: JournalClass; open(title: string): Journal | undefined };
}

/** Journals take five lines. */
export function vaultHost(log: Log): VaultHost {
  class Journal {
    readonly title: string;
    readonly #lines: string[] = [];
    constructor(title: string) {
      log(`new ${title}`);
      this.title = title;
    }
    append(line: string): number {
      log(`${this.title}: ${line}`);
      if (this.#lines.length === 5)
        throw Object.assign(new Error("declared"), { payload: `${this.title} is full` });
      return this.#lines.push(line);
    }
    lines(): string[] {
      return this.#lines;
    }
    static merge(a: Journal, b: Journal): Journal {
      log(`merge ${a.title}, ${b.title}`);
      const both = new Journal(`${a.title}+${b.title}`);
      both.#lines.push(...a.#lines, ...b.#lines);
      return both;
    }
    [Symbol.dispose](): void {
      log(`drop ${this.title}`);
    }
  }
  return {
    "test:vault/journals": {
      Journal,
      open(title: string): Journal | undefined {
        log(`open ${title}`);
        return title.startsWith("-") ? undefined : new Journal(title);
      },
    },
  };
}

export interface Step {
  readonly name: string;
  readonly run: () => unknown;
  readonly gives: unknown;
  /** Calls of the host, in their order. */
  readonly host: readonly string[];
  /** A guest whose own glue is wrong, so that the step traps under jco as well. */
  readonly brokenIn?: string;
}

/** One scenario: each step goes on from where the one before it has left the accounts. */
export function vaultSteps(exports: Exports, Journal: JournalClass): Step[] {
  const accounts = exports["test:vault/accounts@0.2.0"];
  const { Account } = accounts;
  const log = new Journal("log");
  const borrowed = new Journal("borrowed");
  const ann = new Account("Änn", log);
  const bob = new Account("bob", new Journal("bob"));
  // QuickJS guests trap when they are given a resource of their own, and keep what they may only borrow.
  const notInQuickJs = { brokenIn: "quickjs" };
  // biome-ignore lint/suspicious/noExplicitAny: a resource of the guest
  let part: any;
  return [
    {
      name: "classes",
      run: () => [ann instanceof Account, bob.constructor === Account],
      gives: { ok: [true, true] },
      host: [],
    },
    { name: "owner", run: () => [ann.owner(), bob.owner()], gives: { ok: ["Änn", "bob"] }, host: [] },
    {
      name: "deposit",
      run: () => ann.deposit(2n ** 40n),
      gives: { ok: 2n ** 40n },
      host: ["log: +1099511627776"],
    },
    {
      name: "withdraw",
      run: () => ann.withdraw(2n ** 40n - 100n),
      gives: { ok: 100n },
      host: ["log: -1099511627676"],
    },
    {
      name: "too much",
      run: () => ann.withdraw(101n),
      gives: { err: { tag: "insufficient", val: 1n } },
      host: [],
    },
    { name: "balance", run: () => [ann.balance(), bob.balance()], gives: { ok: [100n, 0n] }, host: [] },
    {
      name: "transfer",
      run: () => Account.transfer(ann, bob, 30n),
      gives: { ok: [70n, 30n] },
      host: ["log: -30", "bob: +30"],
    },
    {
      name: "the journal is full",
      run: () => ann.deposit(1n) + ann.deposit(1n),
      gives: { err: { tag: "journal", val: "log is full" } },
      host: ["log: +1", "log: +1"],
    },
    {
      name: "to itself",
      run: () => Account.transfer(bob, bob, 1n),
      gives: { err: { tag: "frozen" } },
      host: [],
    },
    {
      name: "split",
      run: () => {
        part = bob.split(10n);
        return [part instanceof Account, part.owner(), part.balance(), bob.balance()];
      },
      gives: { ok: [true, "bob's", 10n, 20n] },
      host: ["bob: -10", "new bob's", "bob's: opened for bob's", "bob's: +10"],
    },
    {
      name: "too much to split",
      run: () => bob.split(1_000n),
      gives: { err: { tag: "insufficient", val: 980n } },
      host: [],
    },
    {
      name: "close what the guest has made",
      run: () => {
        const [balance, journal] = Account.close(part);
        return [balance, journal instanceof Journal, journal.lines(), use(() => part.balance())];
      },
      gives: { ok: [10n, true, ["opened for bob's", "+10"], "refused"] },
      host: [],
      ...notInQuickJs,
    },
    {
      name: "audit",
      run: () => [ann.audit(borrowed), bob.audit(borrowed), borrowed.lines()],
      gives: { ok: [1, 2, ["Änn has 71", "bob has 20"]] },
      host: ["borrowed: Änn has 71", "borrowed: bob has 20"],
      ...notInQuickJs,
    },
    {
      name: "richest",
      run: () => [accounts.richest([bob, ann]), accounts.richest([ann, ann]), accounts.richest([])],
      gives: { ok: ["Änn", "Änn", undefined] },
      host: [],
    },
    {
      name: "open all",
      run: () => {
        const [x, y] = accounts.openAll(["x", "-y"]);
        return [x.owner(), y];
      },
      gives: { ok: ["x", undefined] },
      host: ["open x", "new x", "x: opened for x", "open -y"],
    },
    {
      name: "liquidate",
      run: () => {
        const [v, w] = accounts.openAll(["v", "ü"]);
        const left = accounts.liquidate([w, v]);
        return [left.title, left.lines(), use(() => v.owner()), accounts.liquidate([])];
      },
      gives: { ok: ["ü+v", ["opened for ü", "opened for v"], "refused", undefined] },
      host: [
        ...["open v", "new v", "v: opened for v", "open ü", "new ü", "ü: opened for ü"],
        ...["merge ü, v", "new ü+v", "drop ü"],
      ],
      ...notInQuickJs,
    },
    {
      name: "close",
      run: () => {
        const [balance, journal] = Account.close(ann);
        return [balance, journal === log, use(() => ann.owner()), use(() => Account.close(ann))];
      },
      gives: { ok: [71n, true, "refused", "refused"] },
      host: [],
      ...notInQuickJs,
    },
    { name: "live", run: () => accounts.live(), gives: { ok: 2 }, host: [], ...notInQuickJs },
    {
      name: "dispose",
      run: () => {
        bob[Symbol.dispose]();
        bob[Symbol.dispose]();
        return use(() => bob.owner());
      },
      gives: { ok: "refused" },
      host: ["drop bob"],
    },
  ];
}

export function runStep({ run }: Step): Outcome {
  return outcome(run);
}

/** Whether a resource that is gone is refused; with which error is each runtime's own. */
function use(call: () => unknown): string {
  try {
    call();
  } catch {
    return "refused";
  }
  return "used after its end";
}
