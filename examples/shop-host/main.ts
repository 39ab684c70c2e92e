/** Lets a guest compute a price: `node examples/shop-host/main.ts shop.wasm`. */
import process from "node:process";
import { openShop } from "./host.ts";

const [path] = process.argv.slice(2);
if (path === undefined) throw new Error("usage: node examples/shop-host/main.ts shop.wasm");

const shop = await openShop(path);
const basket = [
  { sku: "nut", quantity: 10 },
  { sku: "hammer", quantity: 1 },
];
console.log(shop.checkout.price({ tag: "many", val: basket }, { member: true }, "eur"));
