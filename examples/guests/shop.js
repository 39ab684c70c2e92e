// A guest in JavaScript for the world `amal:shop/shop` (examples/shop-host/wit): computes prices with the host's catalog.
// Inside componentize-qjs a u64 is a number, and none is null.
import { find, search } from "amal:shop/catalog@0.1.0";

const PERCENT = { member: 5, seasonal: 10, bulkOrder: 15 };

export const checkout = {
  price(basket, discounts, currency) {
    const lines = [];
    let total = 0;
    let heaviest;
    for (const { sku, quantity } of linesOf(basket)) {
      const item = find(sku); // throws what the host answers: it passes on as this function's own error
      const sum = item.price * quantity;
      total += sum;
      lines.push([sku, quantity, sum]);
      if ((item.weight ?? 0) > (heaviest?.weight ?? 0)) heaviest = item;
    }
    for (const [name, percent] of Object.entries(PERCENT)) {
      if (discounts[name]) total -= Math.floor((total * percent) / 100);
    }
    return { lines, total, currency, heaviest: heaviest?.sku, initial: lines[0]?.[0][0] ?? "-" };
  },

  catalogue(prefix) {
    return search(prefix, 10)
      .map(({ sku, tags }) => `${sku}: ${tags.join(", ")}`)
      .join("\n");
  },
};

function linesOf(basket) {
  switch (basket.tag) {
    case "empty":
      return [];
    case "single":
      return [basket.val];
    default:
      return basket.val;
  }
}

const same = (value) => value;
const all = (...values) => values;

export const echo = {
  booleans: all,
  smallIntegers: all,
  bigIntegers: all,
  floats: all,
  text: all,
  bytes: same,
  numbers: same,
  words: same,
  table: same,
  maybe: same,
  perhaps: same,
  outcomes: same,
  aBasket: same,
  someDiscounts: same,
  aCurrency: same,
  aReceipt: same,
};
