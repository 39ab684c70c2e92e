/** What makes a component valid: each rule with a component that keeps it and components that break it. */
import { describe, expect, test } from "vitest";
import { readComponent } from "../../src/component/index.ts";
import { MalformedComponentError } from "../../src/model/errors.ts";
import { assemble } from "../support/assemble.ts";

interface Rule {
  readonly rule: string;
  readonly valid?: readonly string[];
  readonly invalid?: readonly (readonly [body: string, message: RegExp])[];
}

/** What bodies below refer to in braces. */
const SNIPPETS: Readonly<Record<string, string>> = {
  r: '(import "r" (type $r (sub resource)))',
  "r and s": '(import "r" (type $r (sub resource))) (import "s" (type $s (sub resource)))',
  // Takes a resource type, and asserts that another is the same.
  same: '(component $same (import "a" (type $a (sub resource))) (import "b" (type (eq $a))))',
  libc: `(core module $libc (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable)
    (func (export "none")) (func (export "one") (param i32)) (func (export "two") (param i32 i32))
    (func (export "give") (result i32) unreachable))
    (core instance $libc (instantiate $libc))`,
  memory: '(memory (core memory $libc "memory"))',
  realloc: '(realloc (core func $libc "realloc"))',
};

function build(body: string): Promise<Uint8Array> {
  return assemble(`(component ${body.replace(/\{([^}]+)\}/g, (_, name: string) => SNIPPETS[name] ?? name)})`);
}

const RULES: Readonly<Record<string, readonly Rule[]>> = {
  names: [
    {
      rule: "words and acronyms, separated by dashes",
      valid: [
        '(import "a-1-BC-d2" (func))',
        '(import "HTTP" (func))',
        '(import "ns:pkg/IFACE@1.2.3-rc.1+b" (func))',
      ],
      invalid: [
        ['(import "aB" (func))', /`aB` is not in kebab case/],
        ['(import "a--b" (func))', /kebab case/],
        ['(import "1a" (func))', /kebab case/],
        ['(import "Ns:pkg/iface" (func))', /`Ns` is not in kebab case/],
        ['(import "ns:pkg" (func))', /expected `\/` after package name/],
        ['(import "ns:pkg/i@1.02.0" (func))', /not a valid semver/],
        ['(import "ns:pkg/i@1.0.0-01" (func))', /not a valid semver/],
      ],
    },
    {
      rule: "unique when case and the annotation are ignored",
      valid: [
        '(import "a" (func)) (export "a" (func 0))',
        `{r} (import "[constructor]r" (func (result (own $r))))`,
      ],
      invalid: [
        ['(import "a-b" (func)) (import "A-b" (func))', /`A-b` conflicts with previous name `a-b`/],
        [`{r} (import "[static]r.r" (func))`, /conflicts with previous name `r`/],
        ['(type (instance (export "x" (func)) (export "X" (func))))', /conflicts/],
      ],
    },
    {
      rule: "labels of fields, cases, flags and parameters",
      invalid: [
        [
          '(type (record (field "a" u8) (field "A" u8)))',
          /field name `A` conflicts with previous field name `a`/,
        ],
        ['(type (enum "a" ""))', /enum tag name cannot be empty/],
        ['(type (func (param "aB" u8)))', /parameter name `aB` is not in kebab case/],
      ],
    },
    {
      rule: "methods and constructors belong to a resource beside them",
      valid: [
        `{r} (import "[method]r.f" (func (param "self" (borrow $r))))
         (import "[constructor]r" (func (result (result (own $r) (error string)))))`,
      ],
      invalid: [
        ['(import "[static]r.f" (func))', /not known in this context/],
        [`{r} (import "[method]r.f" (func (param "self" (own $r))))`, /first argument of `\(borrow \$T\)`/],
        [`{r} (import "[method]r.f" (func (param "it" (borrow $r))))`, /called `self`/],
        [`{r and s} (import "[method]r.f" (func (param "self" (borrow $s))))`, /expected resource name `s`/],
        [`{r} (import "[constructor]r" (func))`, /should return one value/],
        [`{r} (import "[method]r.f" (type (sub resource)))`, /is not a func/],
      ],
    },
    {
      rule: "an instance under a plain name may say what it implements",
      valid: ['(import "a" (implements "b:c/d@1.0.0") (external-id "x") (instance))'],
      invalid: [
        ['(import "a" (implements "b:c/d") (func))', /only instances/],
        ['(import "a" (implements "b") (instance))', /must be an interface/],
        ['(import "a:b/c" (implements "b:c/d") (instance))', /not valid with `implements`/],
      ],
    },
  ],
  types: [
    {
      rule: "compound types have parts",
      invalid: [
        ["(type (record))", /at least one field/],
        ["(type (variant))", /at least one case/],
        ["(type (tuple))", /at least one type/],
        ["(type (flags))", /at least one entry/],
        [`(type (flags ${Array.from({ length: 33 }, (_, i) => `"f${i}"`).join(" ")}))`, /more than 32 flags/],
      ],
    },
    {
      rule: "indices refer to types of the right kind",
      invalid: [
        ["(type (list 0))", /type index out of bounds/],
        ["(type $f (func)) (type (list $f))", /not a defined type, but a function type/],
        ["(type $t u8) (type (own $t))", /not a resource type, but a defined type \(u8\)/],
        ['(type $t u8) (import "f" (func (type $t)))', /not a function type/],
        ['(type $t u8) (import "i" (instance (type $t)))', /not an instance type/],
        ['(core type $t (func)) (import "m" (core module (type $t)))', /not a module type/],
      ],
    },
    {
      rule: "borrow handles do not leave",
      valid: [`{r} (type (func (param "x" (list (borrow $r)))))`],
      invalid: [
        [`{r} (type (func (result (option (borrow $r)))))`, /cannot contain a `borrow`/],
        [`{r} (type (stream (borrow $r)))`, /a stream cannot contain a `borrow`/],
      ],
    },
    {
      rule: "resources are defined in components only, with a destructor that fits",
      valid: [`{libc} (type (resource (rep i32) (dtor (core func $libc "one"))))`],
      invalid: [
        ["(type (component (type (resource (rep i32)))))", /only be defined within a concrete component/],
        [
          `{libc} (type (resource (rep i32) (dtor (core func $libc "none"))))`,
          /wrong signature for a destructor/,
        ],
      ],
    },
    {
      rule: "module types are checked as modules are",
      invalid: [
        [
          '(core type (module (import "a" "b" (func)) (import "a" "b" (func))))',
          /duplicate import name `a:b`/,
        ],
        ['(core type (module (export "a" (func)) (export "a" (func))))', /already defined/],
        ['(core type (module (import "a" "b" (func (type 3)))))', /core type index out of bounds/],
      ],
    },
  ],
  aliases: [
    {
      rule: "what is aliased is there, and of the sort",
      invalid: [
        ['(import "i" (instance $i)) (alias export $i "x" (func))', /no export named `x`/],
        [
          '(import "i" (instance $i (export "x" (func)))) (alias export $i "x" (type))',
          /is not a type, but a func/,
        ],
        [`{libc} (alias core export $libc "memory" (core func))`, /is not a core func, but a core memory/],
        ["(component (alias outer 2 0 (type)))", /invalid outer alias count of 2/],
        ["(component (alias outer 1 0 (type)))", /out of bounds/],
      ],
    },
    {
      rule: "resource types do not cross into a component by an outer alias",
      valid: [
        `(component $C {r} (type (instance (alias outer $C $r (type $x)) (export "y" (type (eq $x))))))`,
        "(component $C (type $t (list u8)) (component (alias outer $C $t (type))))",
      ],
      invalid: [
        [`(component $C {r} (component (alias outer $C $r (type))))`, /refers to resources/],
        [
          `(component $C {r} (type $l (list (own $r))) (component (alias outer $C $l (type))))`,
          /refers to resources/,
        ],
      ],
    },
    {
      rule: "component types alias types and instances only",
      invalid: [
        [
          '(type (component (import "i" (instance $i (export "f" (func)))) (alias export $i "f" (func))))',
          /only refer to types or instances/,
        ],
      ],
    },
  ],
  instantiation: [
    {
      rule: "core imports are supplied by instances that have them",
      valid: [
        `{libc} (core module $m (import "libc" "memory" (memory 1))) (core instance (instantiate $m (with "libc" (instance $libc))))`,
      ],
      invalid: [
        [
          '(core module $m (import "a" "f" (func))) (core instance (instantiate $m))',
          /missing module instantiation argument named `a`/,
        ],
        [
          `{libc} (core module $m (import "libc" "x" (func))) (core instance (instantiate $m (with "libc" (instance $libc))))`,
          /does not export an item named `x`/,
        ],
        [
          `{libc} (core module $m (import "libc" "one" (func))) (core instance (instantiate $m (with "libc" (instance $libc))))`,
          /expected: \(func\), found: \(func \(param i32\)\)/,
        ],
        [
          `{libc} (core module $m (import "libc" "memory" (memory 2))) (core instance (instantiate $m (with "libc" (instance $libc))))`,
          /memory limits/,
        ],
      ],
    },
    {
      rule: "imports are supplied by arguments of a fitting type",
      valid: [
        '(import "i" (instance $i (export "f" (func)) (export "g" (func)))) (component $c (import "x" (instance (export "f" (func))))) (instance (instantiate $c (with "x" (instance $i))))',
        '(import "f" (func $f)) (component $c) (instance (instantiate $c (with "unused" (func $f))))',
      ],
      invalid: [
        ['(component $c (import "x" (func))) (instance (instantiate $c))', /missing import named `x`/],
        [
          '(import "f" (func $f (param "a" u8))) (component $c (import "x" (func (param "b" u8)))) (instance (instantiate $c (with "x" (func $f))))',
          /expected parameter named `b`, found `a`/,
        ],
        [
          '(import "f" (func $f (param "a" (list (tuple u8 char))))) (component $c (import "x" (func (param "a" (list (tuple u8 u32)))))) (instance (instantiate $c (with "x" (func $f))))',
          /import `x`: type mismatch in function parameter `a`: type mismatch in list element: type mismatch in tuple field 1: expected u32, found char/,
        ],
        [
          '(import "i" (instance $i)) (component $c (import "x" (instance (export "f" (func))))) (instance (instantiate $c (with "x" (instance $i))))',
          /missing expected export `f`/,
        ],
      ],
    },
    {
      rule: "types are the same if their structure is",
      valid: [
        '(type $a (list u8)) (component $c (type $b (list u8)) (import "t" (type (eq $b)))) (instance (instantiate $c (with "t" (type $a))))',
      ],
      invalid: [
        [
          '(type $a (list u8)) (component $c (type $b (list s8)) (import "t" (type (eq $b)))) (instance (instantiate $c (with "t" (type $a))))',
          /expected s8, found u8/,
        ],
      ],
    },
    {
      rule: "resource types are the same only if they are one",
      valid: [
        `{r} (import "s" (type $s (eq $r))) {same} (instance (instantiate $same (with "a" (type $r)) (with "b" (type $s))))`,
        `(component $c {r} (export "out" (type $r))) (type $own (resource (rep i32)))
         (instance $i (instantiate $c (with "r" (type $own)))) (alias export $i "out" (type $out))
         {same} (instance (instantiate $same (with "a" (type $own)) (with "b" (type $out))))
         (core func (canon resource.rep $out))`,
      ],
      invalid: [
        [
          `{r and s} {same} (instance (instantiate $same (with "a" (type $r)) (with "b" (type $s))))`,
          /resource types are not the same/,
        ],
        [
          `(component $c (type $x (resource (rep i32))) (export "x" (type $x)))
           (instance $i (instantiate $c)) (instance $j (instantiate $c))
           (alias export $i "x" (type $a)) (alias export $j "x" (type $b))
           {same} (instance (instantiate $same (with "a" (type $a)) (with "b" (type $b))))`,
          /resource types are not the same/,
        ],
        [
          `(type $t u8) (component $c {r}) (instance (instantiate $c (with "r" (type $t))))`,
          /expected resource, found defined type/,
        ],
      ],
    },
    {
      rule: "components are contravariant in imports, covariant in exports",
      valid: [
        `(component $given (import "f" (func $f)) (export "g" (func $f)) (export "h" (func $f)))
         (component $c (import "x" (component (import "f" (func)) (import "more" (func)) (export "g" (func)))))
         (instance (instantiate $c (with "x" (component $given))))`,
      ],
      invalid: [
        [
          `(component $given (import "f" (func)))
           (component $c (import "x" (component))) (instance (instantiate $c (with "x" (component $given))))`,
          /missing expected import `f`/,
        ],
      ],
    },
  ],
  canonical: [
    {
      rule: "the core function has the flattened type",
      valid: [
        `{libc} (func (param "x" u8) (canon lift (core func $libc "one")))`,
        `{libc} (func (result char) (canon lift (core func $libc "give")))`,
      ],
      invalid: [
        [
          `{libc} (func (param "x" u64) (canon lift (core func $libc "one")))`,
          /parameter types `\[i64\]` do not match parameter types `\[i32\]`/,
        ],
        [
          `{libc} (func (canon lift (core func $libc "give")))`,
          /result types `\[\]` do not match result types `\[i32\]`/,
        ],
      ],
    },
    {
      rule: "options are there where values need them",
      valid: [
        `{libc} (func (param "x" string) (canon lift (core func $libc "two") {memory} {realloc}))`,
        `{libc} (import "f" (func $f (param "x" string))) (core func (canon lower (func $f) {memory}))`,
      ],
      invalid: [
        [`{libc} (func (param "x" string) (canon lift (core func $libc "two")))`, /`memory` is required/],
        [
          `{libc} (func (param "x" string) (canon lift (core func $libc "two") {memory}))`,
          /`realloc` is required/,
        ],
        [
          `{libc} (import "f" (func $f (result (list u8)))) (core func (canon lower (func $f) {memory}))`,
          /`realloc` is required/,
        ],
        [
          '(import "f" (func $f (result (tuple u8 u8)))) (core func (canon lower (func $f)))',
          /`memory` is required/,
        ],
      ],
    },
    {
      rule: "options fit, and are given once",
      invalid: [
        [
          '(import "f" (func $f)) (core func (canon lower (func $f) string-encoding=utf8 string-encoding=utf16))',
          /conflicts/,
        ],
        [
          `{libc} (import "f" (func $f)) (core func (canon lower (func $f) {memory} {memory}))`,
          /more than once/,
        ],
        [`{libc} (import "f" (func $f)) (core func (canon lower (func $f) {realloc}))`, /requires `memory`/],
        [
          `{libc} (import "f" (func $f)) (core func (canon lower (func $f) {memory} (realloc (core func $libc "one"))))`,
          /incorrect signature/,
        ],
        [
          `{libc} (func (result u8) (canon lift (core func $libc "give") (post-return (core func $libc "none"))))`,
          /incorrect signature/,
        ],
        [
          `{libc} (import "f" (func $f)) (core func (canon lower (func $f) (post-return (core func $libc "none"))))`,
          /cannot be specified for lowerings/,
        ],
      ],
    },
    {
      rule: "only who defines a resource type makes and opens handles",
      valid: [`{r} (core func (canon resource.drop $r))`],
      invalid: [
        [`{r} (core func (canon resource.new $r))`, /not a local resource/],
        [`{r} (core func (canon resource.rep $r))`, /not a local resource/],
      ],
    },
  ],
  exports: [
    {
      rule: "what an export mentions has a name outside",
      valid: [
        `{libc} (type $t (enum "a")) (export $t' "t" (type $t)) (func (export "f") (result $t') (canon lift (core func $libc "give")))`,
        '(type $t (instance (type $x (enum "a")) (export "x" (type $y (eq $x))) (export "f" (func (result $y))))) (import "i" (instance (type $t)))',
        // A resource that an instance was given has the name under which it was given.
        `(import "i" (instance $i (export "r" (type (sub resource)))))
         (component $c (import "i" (instance $i (export "r" (type (sub resource))))) (alias export $i "r" (type $r))
           {libc} (func (export "f") (result (own $r)) (canon lift (core func $libc "give"))))
         (instance $x (instantiate $c (with "i" (instance $i)))) (export "x" (instance $x))`,
      ],
      invalid: [
        [
          `{libc} (type $t (enum "a")) (func (export "f") (result $t) (canon lift (core func $libc "give")))`,
          /func not valid to be used as export/,
        ],
        [
          `{libc} (type $t (resource (rep i32))) (func (export "f") (result (own $t)) (canon lift (core func $libc "give")))`,
          /not valid to be used as export/,
        ],
        [
          '(type $x (enum "a")) (type $f (func (result $x))) (import "f" (func (type $f)))',
          /func not valid to be used as import/,
        ],
        [
          '(type (component (export "r" (type $r (sub resource))) (import "f" (func (result (own $r))))))',
          /not valid to be used as import/,
        ],
      ],
    },
    {
      rule: "an ascribed type is a supertype",
      valid: ['(import "i" (instance $i (export "f" (func)))) (export "j" (instance $i) (instance))'],
      invalid: [
        [
          '(import "i" (instance $i)) (export "j" (instance $i) (instance (export "f" (func))))',
          /not compatible with item's type/,
        ],
      ],
    },
  ],
};

describe.each(Object.entries(RULES))("%s", (_, rules) => {
  describe.each(rules.map((rule) => [rule.rule, rule] as const))("%s", (_, { valid = [], invalid = [] }) => {
    test.each(valid.map((body) => [body] as const))("valid: %s", async (body) => {
      const bytes = await build(body);
      expect(readComponent(bytes).root.operations).toBeDefined();
    });

    test.each(invalid)("invalid: %s", async (body, message) => {
      const read = async () => readComponent(await build(body));
      await expect(read()).rejects.toThrow(message);
    });
  });
});

test("every refusal is a MalformedComponentError", async () => {
  const bytes = await assemble("(component (type (list 0)))");
  expect(() => readComponent(bytes)).toThrow(MalformedComponentError);
});
