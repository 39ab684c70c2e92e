/** Generated bindings, committed with the examples, at work: fresh, typed, and driving real guests. */
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { Metrics, MetricsHost } from "../../examples/metrics-host/host.ts";
import { Catalog, openShop } from "../../examples/shop-host/host.ts";
import { buildGuest } from "../../scripts/guests.ts";
import { check } from "../../src/check/index.ts";
import { ComponentError, Trap } from "../../src/runtime/index.ts";
import { thrownBy } from "../support/thrown-by.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

describe("committed bindings are fresh", () => {
  test.each([
    ["metrics-host", "wit"],
    ["shop-host", "examples/shop-host/wit"],
  ])("examples/%s", async (example, wit) => {
    const report = await check({
      wit: `${root}${wit}`,
      out: `${root}examples/${example}/bindings`,
      importExtension: ".ts",
    });
    const stale = report.files.filter((file) => file.status !== "fresh");
    expect(
      stale.map((file) => file.diff ?? file.reason),
      "to mend: npm run generate",
    ).toEqual([]);
  });
});

describe("metrics-host", () => {
  test("the guest's counters arrive, with the fuel they cost", async () => {
    const host = new MetricsHost();
    try {
      const metrics = new Metrics();
      const fuel = host.run(await host.load(await buildGuest("requests")), metrics);
      expect(metrics.counters).toEqual(
        new Map([
          ["requests", 5n],
          ["errors", 1n],
        ]),
      );
      expect(metrics.gauges).toEqual(new Map([["error-rate", 0.2]]));
      expect(fuel).toBeGreaterThan(1_000n);
    } finally {
      host[Symbol.dispose]();
    }
  });
});

describe("shop-host", () => {
  test("records, variants, flags, enums and lists go both ways", async () => {
    const shop = await openShop(await buildGuest("shop"));
    const basket = [
      { sku: "nut", quantity: 10 },
      { sku: "hammer", quantity: 1 },
    ];
    expect(
      shop.checkout.price({ tag: "many", val: basket }, { member: true, bulkOrder: true }, "eur"),
    ).toEqual({
      lines: [
        ["nut", 10, 250n],
        ["hammer", 1, 1999n],
      ],
      total: 1817n,
      currency: "eur",
      heaviest: "hammer",
      initial: "n",
    });
    expect(shop.checkout.catalogue("ha")).toBe("hammer: tool, stählern");
    expect(shop.echo.perhaps({ tag: "some", val: undefined })).toEqual({ tag: "some", val: undefined });
  });

  test("a declared error goes through the guest, and the store stays usable", async () => {
    const shop = await openShop(await buildGuest("shop"));
    const price = (sku: string): unknown =>
      shop.checkout.price({ tag: "single", val: { sku, quantity: 1 } }, {}, "usd");
    expect(thrownBy(() => price("bolt"))).toBeInstanceOf(ComponentError);
    expect(thrownBy(() => price("bolt"))).toMatchObject({ payload: { tag: "not-found", val: "bolt" } });
    expect(thrownBy(() => price("closed"))).toMatchObject({ payload: { tag: "closed" } });
    expect(price("nut")).toMatchObject({ total: 25n });
  });

  test("any other error of the host is a trap that the guest never sees", async () => {
    class Broken extends Catalog {
      override find(): never {
        throw new RangeError("the database is gone");
      }
    }
    const shop = await openShop(await buildGuest("shop"), new Broken());
    const error = thrownBy(() =>
      shop.checkout.price({ tag: "single", val: { sku: "nut", quantity: 1 } }, {}, "usd"),
    );
    expect(error).toBeInstanceOf(Trap);
    expect(error).toMatchObject({ code: "host-error", cause: { message: "the database is gone" } });
  });
});
