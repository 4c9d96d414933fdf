import type { Outcome } from "../outcome/outcome.ts";
import type { Subject } from "../outcome/reachable.ts";
import type { Report } from "../outcome/report.ts";
import { concealUrlPassword } from "../probe/conceal-url-password.ts";

/** The report of something that was not probed at all, for the reason given. */
export function unprobedReport(given: {
  readonly module: string;
  readonly subject: Subject;
  readonly target: string;
  readonly outcome: Outcome;
  readonly detail: string;
}): Report {
  const { outcome, detail } = given;
  const startedAt = Date.now();
  return {
    ...given,
    target: concealUrlPassword(given.target),
    httpStatus: undefined,
    startedAt,
    durationSeconds: 0,
    timeoutSeconds: 0,
    phases: [],
    measurements: [],
    log: [{ time: startedAt, level: "info", message: "Nothing was probed", fields: { outcome, detail } }],
    cancelled: false,
  };
}
