// A guest for the world test:vault/vault. A u64 is a number in one backend and a bigint in the other: the first that comes
// tells which. Whether and when a destructor runs is the collector's in both: `live` counts what has been closed.
import { Journal, open } from "test:vault/journals@0.2.0";

let live = 0;
let zero = 0;

function fail(payload) {
  throw Object.assign(new Error("a failure"), { payload });
}

function write(journal, line) {
  try {
    return journal.append(line);
  } catch (error) {
    return fail({ tag: "journal", val: error.payload });
  }
}

class Account {
  constructor(owner, log) {
    this.name = owner;
    this.log = log;
    this.held = undefined;
    live++;
    try {
      log.append(`opened for ${owner}`);
    } catch {
      // A full journal is no reason not to open an account.
    }
  }

  owner() {
    return this.name;
  }

  balance() {
    return this.held ?? zero;
  }

  deposit(amount) {
    write(this.log, `+${amount}`);
    zero = amount - amount;
    this.held = this.balance() + amount;
    return this.held;
  }

  withdraw(amount) {
    if (amount > this.balance()) fail({ tag: "insufficient", val: amount - this.balance() });
    write(this.log, `-${amount}`);
    this.held -= amount;
    return this.held;
  }

  split(amount) {
    this.withdraw(amount);
    const part = new Account(`${this.name}'s`, new Journal(`${this.name}'s`));
    part.deposit(amount);
    return part;
  }

  audit(into) {
    return into.append(`${this.name} has ${this.balance()}`);
  }

  static transfer(source, target, amount) {
    if (source === target) fail({ tag: "frozen" });
    const left = source.withdraw(amount);
    return [left, target.deposit(amount)];
  }

  static close(which) {
    live--;
    return [which.balance(), which.log];
  }
}

export const accounts = {
  Account,

  richest(among) {
    return among.reduce(
      (best, one) => (best === undefined || one.balance() > best.balance() ? one : best),
      undefined,
    )?.name;
  },

  openAll(owners) {
    return owners.map((owner) => {
      const log = open(owner);
      return log == null ? undefined : new Account(owner, log);
    });
  },

  liquidate(them) {
    let all;
    for (const one of them) {
      const [, log] = Account.close(one);
      all = all === undefined ? log : Journal.merge(all, log);
    }
    return all;
  },

  live: () => live,

  outstanding: () => 0,
};
