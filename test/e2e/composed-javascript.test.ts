/** Two components that jco has made from JavaScript, composed: one calls the other, with records, lists, flags and results. */
import { readFileSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { buildJavaScript } from "../../scripts/guests.ts";
import { compose } from "./compose.ts";
import { inventoryHost } from "./inventory.ts";
import { SIDES } from "./sides.ts";

/** The types by their names, in an instance that may not define them anew. */
const USE = ["item", "query", "failure", "unit", "care"].map(
  (name) =>
    `(alias outer $outer $${name} (type $the-${name})) (export "${name}" (type $${name} (eq $the-${name})))`,
);

const COMPOSITION = `(component $outer
  (import "test:inventory/types@1.0.0" (instance $types
    (type $units (enum "piece" "gram" "litre"))
    (export "unit" (type $unit (eq $units)))
    (type $cares (flags "fragile" "keep-cold" "heavy"))
    (export "care" (type $care (eq $cares)))
    (type $items (record (field "name" string) (field "count" u32) (field "price" f64) (field "tags" (list string))
      (field "unit" $unit) (field "care" $care) (field "parent" (option string))))
    (export "item" (type $item (eq $items)))
    (type $queries (variant (case "all") (case "by-name" string) (case "by-price" (tuple f64 f64)) (case "by-care" $care)))
    (export "query" (type $query (eq $queries)))
    (type $failures (variant (case "refused") (case "not-found" string) (case "short-of" (tuple string u32))))
    (export "failure" (type $failure (eq $failures)))))
  (alias export $types "item" (type $item))
  (alias export $types "query" (type $query))
  (alias export $types "failure" (type $failure))
  (alias export $types "unit" (type $unit))
  (alias export $types "care" (type $care))
  (import "test:inventory/store@1.0.0" (instance $store
    ${USE.slice(0, 3).join(" ")}
    (export "find" (func (param "what" $query) (result (result (list $item) (error $failure)))))
    (export "put" (func (param "what" $item) (result (result u64 (error $failure)))))
    (export "locate" (func (param "name" string) (result (option $item))))
    (export "note" (func (param "text" string)))
    (export "checksum" (func (param "bytes" (list u8)) (result u32)))))
  (component $desk-component)
  (component $clerk-component)
  (instance $desk (instantiate $desk-component
    (with "test:inventory/types@1.0.0" (instance $types)) (with "test:inventory/store@1.0.0" (instance $store))))
  (alias export $desk "test:inventory/desk@1.0.0" (instance $exported-desk))
  (instance $clerk (instantiate $clerk-component
    (with "test:inventory/types@1.0.0" (instance $types)) (with "test:inventory/desk@1.0.0" (instance $exported-desk))))
  (alias export $clerk "inspect" (func $inspect))
  (export "inspect" (func $inspect)))`;

let component: Uint8Array;

beforeAll(async () => {
  const wit = "test/guests/wit/inventory.wit";
  const desk = await buildJavaScript("inventory-quickjs", {
    source: "test/guests/js/inventory.js",
    wit,
    world: "inventory",
  });
  const clerk = await buildJavaScript("clerk", { source: "test/guests/js/clerk.js", wit, world: "clerk" });
  component = await compose(COMPOSITION, [readFileSync(desk), readFileSync(clerk)]);
});

test.each(Object.entries(SIDES))("under %s", async (_, instantiate) => {
  const log: unknown[] = [];
  const { inspect } = await instantiate(
    component,
    inventoryHost((entry) => log.push(entry)),
  );
  expect(inspect(["milk", "Kästchen", "nobody's", "secret"])).toEqual([
    "1999999999 litre of milk (fragile, keep-cold)",
    "3 piece of Kästchen (heavy)",
    "nobody's: not-found",
    "secret: refused",
  ]);
  expect(inspect([])).toEqual([]);
  const find = (val: string): unknown => ["find", { tag: "by-name", val }];
  expect(log).toMatchObject([
    find("milk"),
    ["put", { name: "milk", count: 1_999_999_999 }],
    find("Kästchen"),
    ["put", { name: "Kästchen", count: 3 }],
    find("nobody's"),
    find("secret"),
  ]);
});
