/** Formatting of WIT, of texts and of folders. */
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { formatFiles, formatWit, parseWit, printWit, WitError } from "../../src/wit/index.ts";
import { tokenize } from "../../src/wit/lexer.ts";
import { Source } from "../../src/wit/source.ts";
import { legalPackage } from "./arbitrary.ts";

test("everything has its place", () => {
  const text = `// top
package   a:b@0.2.0-rc.1+x ;
/// iface docs
interface i{ use wasi : io/streams@0.2.0 . { a , b as c };
 record r { a : u32 , // trailing a
   /// docs of b
   b : list< u8 , 4 > }


   enum e{ x,y /* z */ }   // after e
 @since( version=0.2.0 ) @deprecated(version = 0.3.0)
 f:func( a : u32,/* in */ b : result<_,string> )->tuple<u8,u16>;

 long-function-name: async func(first-parameter: list<string>, second-parameter: option<u32>, third: string) -> result<string>;
 with-comment: func(a: u32, // about a
    // about b
    b: u32
    // end
    ) -> u8;
 resource q { constructor(a:u32); m : static func(); }
 resource z; variant v { a(u32), b }
 flags g {

 }
}
use a:c/d as e;
world w { import f : func ( ) ; import wasi:io/poll@0.2.0; export x : interface { y: func(); }
  import lab: wasi:io/poll; import l2: i; include foo with { a as b, c as d } include a:b/foo; }
package x:y { interface k {} }`;
  expect(formatWit(text)).toBe(`// top
package a:b@0.2.0-rc.1+x;

/// iface docs
interface i {
  use wasi:io/streams@0.2.0.{a, b as c};
  record r {
    a: u32, // trailing a
    /// docs of b
    b: list<u8, 4>,
  }

  enum e {
    x,
    y, /* z */
  } // after e
  @since(version = 0.2.0)
  @deprecated(version = 0.3.0)
  f: func(a: u32, /* in */ b: result<_, string>) -> tuple<u8, u16>;

  long-function-name: async func(
    first-parameter: list<string>,
    second-parameter: option<u32>,
    third: string,
  ) -> result<string>;
  with-comment: func(
    a: u32, // about a
    // about b
    b: u32,
    // end
  ) -> u8;
  resource q {
    constructor(a: u32);
    m: static func();
  }
  resource z;
  variant v {
    a(u32),
    b,
  }
  flags g {}
}

use a:c/d as e;

world w {
  import f: func();
  import wasi:io/poll@0.2.0;
  export x: interface {
    y: func();
  }
  import lab: wasi:io/poll;
  import l2: i;
  include foo with { a as b, c as d }
  include a:b/foo;
}

package x:y {
  interface k {}
}
`);
});

test("what does not parse is not formatted", () => {
  expect(() => formatWit("package a:b; interface i { f: fun(); }")).toThrow(WitError);
});

/** A legal package whose white space, and the comments in it, are not what anybody would write. */
const messyPackage = fc
  .tuple(
    legalPackage,
    fc.infiniteStream(
      fc.constantFrom("", "", "", " ", "\n", "\n\n\n", "  // c\n", "\n/// d\n", "/* e */", "/** f\n  g */"),
    ),
  )
  .map(([text, gaps]) => {
    const { kinds, starts, ends } = tokenize(new Source("", text));
    let messy = "";
    kinds.forEach((kind, index) => {
      const start = starts[index] ?? 0;
      const original = text.slice(index === 0 ? 0 : ends[index - 1], start);
      // A version is one thing to the parser, whatever it is to the lexer.
      const isGlued = index === 0 || /[\d.@+-]$/.test(messy) || /[\d.+-]/.test(text[start] ?? "");
      messy += isGlued ? original : original + gaps.next().value + (kind === "end of file" ? "" : " ");
      messy += text.slice(start, ends[index]);
    });
    return messy;
  });

/** Tokens without the commas that may trail, comments without the space at their ends. */
function essence(text: string): string[] {
  const { kinds, starts, ends } = tokenize(new Source("", text));
  const words: string[] = [];
  kinds.forEach((kind, index) => {
    if (kind !== ",") words.push(text.slice(starts[index], ends[index]).trimEnd());
  });
  return words;
}

test("formatting moves nothing, keeps what is meant with all docs, and is its own fixed point", () => {
  fc.assert(
    fc.property(messyPackage, (text) => {
      const formatted = formatWit(text);
      expect(essence(formatted)).toEqual(essence(text));
      expect(JSON.stringify(parseWit(formatted))).toBe(JSON.stringify(parseWit(text)));
      expect(formatWit(formatted)).toBe(formatted);
      expect(formatted).not.toMatch(/\n\n\n| \n/);
    }),
    { numRuns: 200 },
  );
});

test("what `printWit` prints is formatted already, but for what is too wide", () => {
  fc.assert(
    fc.property(legalPackage, (text) => {
      const printed = printWit(parseWit(text));
      fc.pre(printed.split("\n").every((line) => line.length <= 100));
      expect(formatWit(printed)).toBe(printed);
    }),
    { numRuns: 100 },
  );
});

function folder(files: Record<string, string>): string {
  const path = mkdtempSync(join(tmpdir(), "hostwright-format-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(path, name, ".."), { recursive: true });
    writeFileSync(join(path, name), text);
  }
  return path;
}

test("the files of a folder are formatted, others' are not", () => {
  const messy = "package a:b;interface i{}";
  const tidy = "package a:b;\n\ninterface j {}\n";
  const path = folder({ "a.wit": messy, "b.wit": tidy, "deps/c.wit": messy, "notes.txt": messy });
  const report = [
    { path: join(path, "a.wit"), changed: true },
    { path: join(path, "b.wit"), changed: false },
  ];
  expect(formatFiles(path, { check: true })).toEqual(report);
  expect(readFileSync(join(path, "a.wit"), "utf8")).toBe(messy);
  expect(formatFiles(path)).toEqual(report);
  expect(readFileSync(join(path, "a.wit"), "utf8")).toBe("package a:b;\n\ninterface i {}\n");
  expect(readFileSync(join(path, "deps/c.wit"), "utf8")).toBe(messy);
  expect(readFileSync(join(path, "notes.txt"), "utf8")).toBe(messy);
});

test("one bad file, and none is written", () => {
  const messy = "package a:b;interface i{}";
  const path = folder({ "a.wit": messy, "b.wit": "interface {" });
  expect(() => formatFiles(path)).toThrow(WitError);
  expect(readFileSync(join(path, "a.wit"), "utf8")).toBe(messy);
});

test("what cannot be read says so, as it does where WIT is loaded", () => {
  const path = folder({ "folder/notes.txt": "" });
  const failure = (name: string) => () => formatFiles(join(path, name));
  expect(failure("nothing.wit")).toThrow("there is no file or folder");
  expect(failure("folder")).toThrow("there is no `.wit` file in");
});

test.skipIf(process.platform === "win32")("a pipe does not hang the formatter", () => {
  const path = folder({});
  execFileSync("mkfifo", [join(path, "a.wit")]);
  expect(() => formatFiles(join(path, "a.wit"))).toThrow("not a regular file");
});

test.skipIf(process.platform === "win32")("a link stays a link", () => {
  const path = folder({ "a.wit": "package a:b;interface i{}" });
  const link = join(path, "link.wit");
  symlinkSync(join(path, "a.wit"), link);
  expect(formatFiles(link)).toEqual([{ path: link, changed: true }]);
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  expect(readFileSync(join(path, "a.wit"), "utf8")).toBe("package a:b;\n\ninterface i {}\n");
});

test.skipIf(process.platform === "win32")("who may read a file stays as it was", () => {
  const path = join(folder({ "a.wit": "package a:b;interface i{}" }), "a.wit");
  chmodSync(path, 0o600);
  expect(formatFiles(path)).toEqual([{ path, changed: true }]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});
