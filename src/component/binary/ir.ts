/**
 * The component IR: what a binary says, definition by definition, with indices not yet resolved.
 *
 * `decode.ts` produces it, `check.ts` gives it types. Order is that of the binary: a definition can
 * only refer to what stands before it. Every node carries the offset that errors about it point to.
 *
 * Source: component-model `Binary.md`.
 */
import type { CoreExternType, CoreFuncType, CoreImport } from "../../model/extern-type.ts";
import type { PrimitiveKind } from "../../model/value-type.ts";
import type { CoreModule, CustomSection as PlannedSection, StringEncoding } from "../plan.ts";
import type { NameAttributes } from "../types/shapes.ts";

export type CoreSort =
  | "core func"
  | "core table"
  | "core memory"
  | "core global"
  | "core tag"
  | "core type"
  | "core module"
  | "core instance";

/** The index spaces, spelt as in the text format. */
export type Sort = CoreSort | "func" | "value" | "type" | "component" | "instance";

interface Located {
  /** Where it starts, in bytes from the start of the whole input. */
  readonly offset: number;
}

export interface SortIndex extends Located {
  readonly sort: Sort;
  readonly index: number;
}

export interface NamedIndex extends SortIndex {
  readonly name: string;
}

/** The name of an import or export with its attributes. */
export interface ExternName extends Located, NameAttributes {
  readonly name: string;
}

/** A value type in use: a primitive by its name, anything else by its type index. */
export type ValueTypeRef = PrimitiveKind | number;

export interface NamedTypeRef extends Located {
  readonly name: string;
  readonly type: ValueTypeRef;
}

export interface CaseRef extends Located {
  readonly name: string;
  readonly type: ValueTypeRef | undefined;
}

export interface Label extends Located {
  readonly name: string;
}

export type ValueTypeNode =
  | { readonly kind: "primitive"; readonly type: PrimitiveKind }
  | { readonly kind: "record"; readonly fields: readonly NamedTypeRef[] }
  | { readonly kind: "variant"; readonly cases: readonly CaseRef[] }
  | { readonly kind: "list"; readonly element: ValueTypeRef }
  | { readonly kind: "fixed-length-list"; readonly element: ValueTypeRef; readonly length: number }
  | { readonly kind: "map"; readonly key: ValueTypeRef; readonly value: ValueTypeRef }
  | { readonly kind: "tuple"; readonly elements: readonly ValueTypeRef[] }
  | { readonly kind: "flags" | "enum"; readonly labels: readonly Label[] }
  | { readonly kind: "option"; readonly some: ValueTypeRef }
  | { readonly kind: "result"; readonly ok: ValueTypeRef | undefined; readonly err: ValueTypeRef | undefined }
  | { readonly kind: "own" | "borrow"; readonly resource: number }
  | { readonly kind: "stream" | "future"; readonly element: ValueTypeRef | undefined };

export interface FuncTypeNode {
  readonly kind: "func";
  readonly async: boolean;
  readonly params: readonly NamedTypeRef[];
  readonly result: ValueTypeRef | undefined;
}

export type TypeNode =
  | ValueTypeNode
  | FuncTypeNode
  | { readonly kind: "component" | "instance"; readonly declarators: readonly Declarator[] }
  | {
      readonly kind: "resource";
      readonly representation: string;
      readonly destructor: number | undefined;
    };

/** What an import or export is declared to be. */
export type ExternTypeNode =
  | { readonly sort: "core module" | "func" | "component" | "instance"; readonly type: number }
  | { readonly sort: "type"; readonly bound: "sub resource" | number };

export interface TypeDefinition extends Located {
  readonly kind: "type";
  readonly type: TypeNode;
}

/** A core type that a function can have, or one that is only passed on (struct, array, continuation). */
export type CoreSubType =
  | { readonly kind: "func"; readonly type: CoreFuncType }
  | { readonly kind: "aggregate"; readonly text: string };

export type CoreTypeNode =
  | { readonly kind: "rec"; readonly types: readonly CoreSubType[] }
  | { readonly kind: "module"; readonly declarators: readonly CoreModuleDeclarator[] };

export type CoreModuleDeclarator =
  | {
      readonly kind: "import";
      readonly module: string;
      readonly name: string;
      readonly type: CoreExternNode;
      readonly offset: number;
    }
  | { readonly kind: "type"; readonly types: readonly CoreSubType[]; readonly offset: number }
  | { readonly kind: "outer"; readonly count: number; readonly index: number; readonly offset: number }
  | {
      readonly kind: "export";
      readonly name: string;
      readonly type: CoreExternNode;
      readonly offset: number;
    };

/** A core extern type whose function type is still an index. */
export type CoreExternNode =
  | { readonly kind: "func"; readonly type: number }
  | { readonly kind: "tag"; readonly type: number }
  | Exclude<CoreExternType, { readonly kind: "func" | "tag" }>;

export interface CoreTypeDefinition extends Located {
  readonly kind: "core type";
  readonly type: CoreTypeNode;
}

export type AliasDefinition = Located & {
  readonly kind: "alias";
  readonly sort: Sort;
} & (
    | { readonly target: "export" | "core export"; readonly instance: number; readonly name: string }
    | { readonly target: "outer"; readonly count: number; readonly index: number }
  );

export interface ImportDefinition extends Located {
  readonly kind: "import";
  readonly name: ExternName;
  readonly type: ExternTypeNode;
}

/** An export of a component or instance type. */
export interface ExportDeclarator extends Located {
  readonly kind: "export declarator";
  readonly name: ExternName;
  readonly type: ExternTypeNode;
}

export type Declarator =
  | CoreTypeDefinition
  | TypeDefinition
  | AliasDefinition
  | ImportDefinition
  | ExportDeclarator;

export interface CoreModuleDefinition extends Located {
  readonly kind: "core module";
  /** An index into `ComponentFile.modules`. */
  readonly module: number;
}

export interface CoreInstanceDefinition extends Located {
  readonly kind: "core instance";
  readonly expression:
    | {
        readonly kind: "instantiate";
        readonly module: number;
        readonly args: readonly {
          readonly name: string;
          readonly instance: number;
          readonly offset: number;
        }[];
      }
    | { readonly kind: "exports"; readonly exports: readonly NamedIndex[] };
}

export interface ComponentDefinition extends Located {
  readonly kind: "component";
  readonly component: ComponentNode;
}

export interface InstanceDefinition extends Located {
  readonly kind: "instance";
  readonly expression:
    | { readonly kind: "instantiate"; readonly component: number; readonly args: readonly NamedIndex[] }
    | {
        readonly kind: "exports";
        readonly exports: readonly { readonly name: ExternName; readonly item: SortIndex }[];
      };
}

export interface ExportDefinition extends Located {
  readonly kind: "export";
  readonly name: ExternName;
  readonly item: SortIndex;
  readonly type: ExternTypeNode | undefined;
}

export type CanonOption =
  | { readonly kind: "string-encoding"; readonly encoding: StringEncoding; readonly offset: number }
  | {
      readonly kind: "memory" | "realloc" | "post-return" | "callback";
      readonly index: number;
      readonly offset: number;
    }
  | { readonly kind: "async"; readonly offset: number };

/** The canonical built-ins outside the synchronous component model. */
export interface BuiltinNode {
  /** As in the text format: "task.return", "stream.read". */
  readonly name: string;
  readonly type?: number;
  readonly result?: ValueTypeRef | undefined;
  readonly options?: readonly CanonOption[];
  readonly async?: boolean;
  readonly memory?: number;
  readonly table?: number;
  readonly coreType?: number;
  readonly valueType?: string;
  readonly slot?: number;
}

export type CanonNode =
  | {
      readonly kind: "lift";
      readonly func: number;
      readonly options: readonly CanonOption[];
      readonly type: number;
    }
  | { readonly kind: "lower"; readonly func: number; readonly options: readonly CanonOption[] }
  | { readonly kind: "resource.new" | "resource.drop" | "resource.rep"; readonly type: number }
  | { readonly kind: "builtin"; readonly builtin: BuiltinNode };

export interface CanonDefinition extends Located {
  readonly kind: "canon";
  readonly canon: CanonNode;
}

export type Definition =
  | CoreModuleDefinition
  | CoreInstanceDefinition
  | CoreTypeDefinition
  | ComponentDefinition
  | InstanceDefinition
  | AliasDefinition
  | TypeDefinition
  | CanonDefinition
  | ImportDefinition
  | ExportDefinition;

export interface ComponentNode extends Located {
  readonly definitions: readonly Definition[];
  /** Where it ends, in bytes from the start of the whole input. */
  readonly end: number;
}

export interface CustomSection extends Located, PlannedSection {}

/** A whole binary: the root component, and what is counted over all components in it. */
export interface ComponentFile {
  readonly root: ComponentNode;
  readonly modules: readonly CoreModule[];
  /** The custom sections of the root component. */
  readonly customSections: readonly CustomSection[];
}

export type { CoreImport };
