// A guest in JavaScript for the world `amal:shop/shop` (shop.wit): computes prices with the host's catalog.
import { find, search } from "amal:shop/catalog@0.1.0";

const PERCENT = { member: 5n, seasonal: 10n, bulkOrder: 15n };

export const checkout = {
  price(basket, discounts, currency) {
    const lines = [];
    let total = 0n;
    let heaviest;
    for (const { sku, quantity } of linesOf(basket)) {
      const item = find(sku); // throws what the host answers: it passes on as this function's own error
      const sum = item.price * BigInt(quantity);
      total += sum;
      lines.push([sku, quantity, sum]);
      if (item.weight !== undefined && item.weight > (heaviest?.weight ?? 0)) heaviest = item;
    }
    for (const [name, percent] of Object.entries(PERCENT)) {
      if (discounts[name]) total -= (total * percent) / 100n;
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
