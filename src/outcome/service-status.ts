import type { Outcome } from "./outcome.ts";
import type { Subject } from "./reachable.ts";

/** How a declared service stands: what its last probe found, or the state in which it is while none has run. */
export interface ServiceStatus {
  readonly service: string;
  readonly module: string;
  /** As declared, with the password of a URL replaced. */
  readonly target: string;
  readonly subject: Subject;
  readonly outcome: Outcome;
  readonly httpStatus: number | undefined;
  /** Unix milliseconds at which the last probe started; undefined where there was none. */
  readonly probedAt: number | undefined;
}
