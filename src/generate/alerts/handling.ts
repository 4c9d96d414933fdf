import { type Outcome, type Phase, splitOutcome } from "../../outcome/outcome.ts";

/** Whom an alert concerns: Alertmanager's routes choose by it. */
export const AREAS = [
  "connectivity",
  "name",
  "certificate",
  "content",
  "login",
  "performance",
  "registry",
  "server",
  "setup",
] as const;

export type Area = (typeof AREAS)[number];

/** How urgent an alert is: somebody is called, somebody is told, or it is written down. */
export const SEVERITIES = ["critical", "warning", "info"] as const;

type Severity = (typeof SEVERITIES)[number];

/** What is done about an outcome: who is told, how urgently, and how long it has to last (Prometheus' notation). */
export interface Handling {
  readonly area: Area;
  readonly severity: Severity;
  readonly lasting: string;
}

/**
 * It depends on the outcome alone, never on the code: so the codes of both catalogues for one outcome are alike in area,
 * severity and time, and one of the two can stand for both.
 */
export function handlingOf(outcome: Outcome): Handling {
  return EXCEPTIONS[outcome] ?? PHASES[splitOutcome(outcome).phase || "state"];
}

/** Three failures in a row, which both vendors ask for in their ways, when a target is probed once a minute. */
const THREE_IN_A_ROW = "2m";

/** Two reports in a row over the threshold, Hitflow's double check, where a server reports once a minute. */
const TWO_REPORTS = "1m";

/** A registry that answers nobody today mostly answers tomorrow, and a registration does not change by the hour. */
const A_DAY = "1d";

/** Long enough that whoever declared it has forgotten it. */
const A_WEEK = "7d";

const PHASES = {
  request: { area: "setup", severity: "warning", lasting: THREE_IN_A_ROW },
  deadline: { area: "setup", severity: "warning", lasting: THREE_IN_A_ROW },
  policy: { area: "setup", severity: "warning", lasting: THREE_IN_A_ROW },
  local: { area: "setup", severity: "warning", lasting: THREE_IN_A_ROW },
  resolve: { area: "name", severity: "critical", lasting: THREE_IN_A_ROW },
  connect: { area: "connectivity", severity: "critical", lasting: THREE_IN_A_ROW },
  tls: { area: "certificate", severity: "critical", lasting: THREE_IN_A_ROW },
  upgrade: { area: "content", severity: "critical", lasting: THREE_IN_A_ROW },
  login: { area: "login", severity: "critical", lasting: THREE_IN_A_ROW },
  exchange: { area: "connectivity", severity: "critical", lasting: THREE_IN_A_ROW },
  redirect: { area: "content", severity: "critical", lasting: THREE_IN_A_ROW },
  content: { area: "content", severity: "critical", lasting: THREE_IN_A_ROW },
  timing: { area: "performance", severity: "warning", lasting: THREE_IN_A_ROW },
  registry: { area: "registry", severity: "warning", lasting: A_DAY },
  domain: { area: "registry", severity: "critical", lasting: THREE_IN_A_ROW },
  server: { area: "server", severity: "warning", lasting: TWO_REPORTS },
  state: { area: "setup", severity: "info", lasting: A_WEEK },
} as const satisfies Record<Phase, Handling>;

/** Outcomes that are unlike the rest of their phase. */
const EXCEPTIONS: Partial<Record<Outcome, Handling>> = {
  "tls/timeout": PHASES.connect,
  "upgrade/timeout": PHASES.connect,
  "exchange/error-rcode": PHASES.resolve,
  "exchange/empty-answer": PHASES.resolve,
  "exchange/command-failed": PHASES.content,
  "exchange/transfer-failed": PHASES.content,
  "exchange/error-status": PHASES.content,
  "exchange/packet-loss": { area: "performance", severity: "warning", lasting: THREE_IN_A_ROW },
  "exchange/packet-loss-tolerated": { area: "performance", severity: "info", lasting: "10m" },
  "domain/transfer-unprotected": { area: "registry", severity: "info", lasting: A_DAY },
  // A report that is overdue has been waited for already.
  "server/report-missing": { area: "server", severity: "critical", lasting: TWO_REPORTS },
  "state/pending": { area: "setup", severity: "info", lasting: "5m" },
};
