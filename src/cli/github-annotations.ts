/**
 * Annotations, which GitHub shows beside the lines of a pull request.
 *
 * Source: GitHub's "Workflow commands for GitHub Actions"; how they are escaped is in `actions/toolkit`,
 * `packages/core/src/command.ts`.
 */
import { randomUUID } from "node:crypto";
import { relative, resolve } from "node:path";
import type { Output } from "./terminal.ts";

export interface Annotation {
  readonly level: "error" | "warning" | "notice";
  readonly title: string;
  readonly message: string;
  /** As the process sees it. */
  readonly file: string | undefined;
  /** From 1. */
  readonly line: number | undefined;
}

/**
 * `::error file=wit/obs.wit,line=3,title=...::message`
 *
 * @param workspace the folder of the checkout: GitHub knows files by their path below it
 */
export function annotationCommand(annotation: Annotation, workspace: string): string {
  const { level, title, message, file, line } = annotation;
  const properties = [
    ...(file === undefined ? [] : [`file=${escapeProperty(pathInWorkspace(file, workspace))}`]),
    ...(file === undefined || line === undefined ? [] : [`line=${line}`]),
    `title=${escapeProperty(title)}`,
  ];
  return `::${level} ${properties.join(",")}::${escapeData(message)}`;
}

/** Writes text in which the runner must find no commands, such as a diff of what somebody wrote. */
export function withoutCommands(output: Output, write: () => void): void {
  // Text that does not know the token cannot switch them on again.
  const token = randomUUID();
  output.line(`::stop-commands::${token}`);
  write();
  output.line(`::${token}::`);
}

function pathInWorkspace(file: string, workspace: string): string {
  const path = relative(workspace, resolve(file)).replaceAll("\\", "/");
  return path.startsWith("../") ? file : path;
}

function escapeData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
