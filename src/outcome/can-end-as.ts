import type { Outcome } from "./outcome.ts";
import { REACHABLE, type Subject } from "./reachable.ts";

/** Whether a probe of this subject can end so: only then do the catalogues have a code for it. */
export function canEndAs(subject: Subject, outcome: Outcome): boolean {
  const reachable: readonly Outcome[] = REACHABLE[subject];
  return reachable.includes(outcome);
}
