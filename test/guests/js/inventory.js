// A guest for the world test:inventory/inventory. A u64 is a number in one backend and a bigint in the other, and none
// is null or undefined: this is written for both.
import { checksum, find, locate, note, put } from "test:inventory/store@1.0.0";

const plus = (a, n) => (typeof a === "bigint" ? a + BigInt(n) : a + n);

function fail(payload) {
  throw Object.assign(new Error("a failure"), { payload });
}

export const desk = {
  search(what) {
    const items = find(what);
    for (const { name } of items) note(`found ${name}`);
    return [items.map(({ name }) => name), items.reduce((sum, { count }) => sum + count, 0)];
  },

  take(name, by) {
    const item = find({ tag: "by-name", val: name })[0];
    if (item === undefined) fail({ tag: "not-found", val: name });
    if (item.count < by) fail({ tag: "short-of", val: [name, by - item.count] });
    const rest = { ...item, count: item.count - by };
    return [rest, put(rest)];
  },

  survey(queries) {
    return queries.map((query) => {
      try {
        return { tag: "ok", val: find(query) };
      } catch (error) {
        return { tag: "err", val: error.payload };
      }
    });
  },

  total(items, start) {
    const sum = items.reduce((prices, { price }) => prices + price, 0);
    return [
      items.reduce((all, { count }) => plus(all, count), start),
      items.length > 0 ? sum / items.length : undefined,
    ];
  },

  label(name, count, unit, care) {
    const named = [
      ["fragile", care.fragile],
      ["keep-cold", care.keepCold],
      ["heavy", care.heavy],
    ].filter(([, set]) => set);
    const how = named.length > 0 ? ` (${named.map(([flag]) => flag).join(", ")})` : "";
    return `${count} ${unit} of ${name}${how}`;
  },

  opposite: ({ fragile, keepCold, heavy }) => ({ fragile: !fragile, keepCold: !keepCold, heavy: !heavy }),

  mirror: (text) => [...text].reverse().join(""),

  checksums: (rows) => rows.map((row) => checksum(row)),

  widen(a, b, c, d, e, f, g) {
    return [plus(f, a + b + c + d + e), g];
  },

  ancestors(name) {
    const names = [];
    for (let next = name; next != null; ) {
      const item = locate(next);
      if (item == null) break;
      names.push(item.name);
      next = item.parent;
    }
    return names;
  },

  outstanding: () => 0,
};
