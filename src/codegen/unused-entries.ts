/** What of the options is good for nothing in one world: a mistake, unless it was written for several. */
import { ConfigError } from "../model/errors.ts";
import type { DiagnosticCode, GenerateDiagnostic } from "./diagnostics.ts";
import type { SharedTable } from "./options.ts";

/** An entry of `rules`, `with` or `features`, or a part of one, that changes nothing in a world. */
export type UnusedEntry = {
  readonly table: SharedTable;
  /** `rules["amal:obs/*"]`, or a part of it: `rules["amal:obs/*"].results`. */
  readonly entry: string;
  readonly message: string;
} & (
  | { readonly severity: "error" }
  | { readonly severity: "warning" | "note"; readonly code: DiagnosticCode }
);

export interface JudgedEntries {
  readonly diagnostics: readonly GenerateDiagnostic[];
  /** Those of tables that several worlds share: only all of these worlds together can tell. */
  readonly unused: readonly UnusedEntry[];
}

/** @throws ConfigError if an entry of a table that is not shared matches nothing */
export function judgeUnused(found: readonly UnusedEntry[], shared: readonly SharedTable[]): JudgedEntries {
  const own = found.filter(({ table }) => !shared.includes(table));
  return {
    diagnostics: diagnosticsOf(own),
    unused: found.filter(({ table }) => shared.includes(table)),
  };
}

/** @throws ConfigError if there are errors among them */
export function diagnosticsOf(found: readonly UnusedEntry[]): GenerateDiagnostic[] {
  const errors = found.filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw new ConfigError(errors.map(({ message }) => message).join("\n"));
  return found.flatMap((entry) => {
    if (entry.severity === "error") return [];
    const { severity, code, message } = entry;
    return [{ severity, code, message }];
  });
}
