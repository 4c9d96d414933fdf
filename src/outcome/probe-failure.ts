import type { Failure } from "./outcome.ts";

/** The one way in which a step of a probe says why it failed. The detail is for a person and never holds a secret. */
export class ProbeFailure extends Error {
  override readonly name = "ProbeFailure";
  readonly outcome: Failure;
  readonly detail: string;

  constructor(outcome: Failure, options: { readonly detail: string; readonly cause?: unknown }) {
    super(`${outcome}: ${options.detail}`, { cause: options.cause });
    this.outcome = outcome;
    this.detail = options.detail;
  }
}
