import { ProbeFailure } from "../../outcome/probe-failure.ts";

/** The failure of a reply that cannot be read; `what` completes the sentence "The reply is malformed: …". */
export function malformed(what: string): ProbeFailure {
  return new ProbeFailure("exchange/malformed", { detail: `The reply is malformed: ${what}` });
}
