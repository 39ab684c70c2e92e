/** Exit codes, one meaning each. */
export const ExitCode = {
  ok: 0,
  /** `check`: the bindings are stale. `run`: the guest answered with an error. */
  no: 1,
  /** Bad WIT, a bad component, a wrong option, a file that cannot be read or written. */
  error: 2,
  /** `run`: the guest was stopped. What a shell reports for a process that aborted (128 + SIGABRT). */
  trap: 134,
} as const;
