import type { Outcome } from "../../src/outcome/outcome.ts";
import type { Subject } from "../../src/outcome/reachable.ts";

/**
 * Outcomes that no target on this machine can cause, each with the reason. That their errors are told apart is shown
 * by the tests of the classification, their codes by those of the catalogues.
 */
export const UNPROVOKED: readonly { readonly subject: Subject; readonly outcome: Outcome; readonly why: string }[] = [
  {
    subject: "unix",
    outcome: "connect/timeout",
    why: "Linux never lets a non-blocking connection to a Unix socket wait: a full queue refuses it at once",
  },
  {
    subject: "udp",
    outcome: "exchange/send-failed",
    why: "over the loopback, whatever can be wrong with a datagram's way is found when its socket is connected",
  },
  {
    subject: "dns",
    outcome: "exchange/send-failed",
    why: "a query is so small that it always fits into what the system keeps for sending, and a datagram's way is judged when its socket is connected",
  },
];
