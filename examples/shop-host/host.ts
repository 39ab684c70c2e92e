/**
 * A host that calls its guest: the guest exports interfaces, with records, variants and errors, and the generated
 * class gives typed functions for them.
 *
 *   npx hostwright generate examples/shop-host/wit --out examples/shop-host/bindings --import-extension .ts
 *   node examples/shop-host/main.ts $(node scripts/guests.ts shop)
 */
import { Component, ComponentError, Engine, Linker, Store } from "hostwright/runtime";
import type * as catalog from "./bindings/amal/shop/catalog.ts";
import { Shop } from "./bindings/shop.ts";

const ITEMS: readonly catalog.Item[] = [
  { sku: "nut", price: 25n, tags: ["small", "steel"], weight: 0.01 },
  { sku: "nail", price: 3n, tags: [] },
  { sku: "hammer", price: 1999n, tags: ["tool", "stählern"], weight: 0.9 },
];

/** The host's side of the interface `amal:shop/catalog`. */
export class Catalog implements catalog.Host {
  find(sku: string): catalog.Item {
    const item = ITEMS.find((candidate) => candidate.sku === sku);
    if (item !== undefined) return item;
    // The error that the WIT declares. Any other error would be a trap: the guest never sees it.
    throw new ComponentError<catalog.LookupError>(
      sku === "closed" ? { tag: "closed" } : { tag: "not-found", val: sku },
    );
  }

  search(prefix: string, limit: number): catalog.Item[] {
    return ITEMS.filter(({ sku }) => sku.startsWith(prefix)).slice(0, limit);
  }
}

/** Instantiates the guest in `path`, in a store of its own. */
export async function openShop(path: string, data = new Catalog()): Promise<Shop> {
  const engine = new Engine({ consumeFuel: true });
  const linker = new Linker<Catalog>(engine);
  Shop.addToLinker(linker, (catalog) => ({ catalog }));
  const store = new Store(engine, data, { fuel: 10_000_000_000n });
  return Shop.instantiate(store, await Component.fromFile(engine, path), linker);
}
