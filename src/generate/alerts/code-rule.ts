import { ADVICE } from "../../catalogue/advice.ts";
import { anchorOf } from "../../catalogue/anchor-of.ts";
import type { DocumentedCode } from "../../catalogue/documented-codes.ts";
import { CATALOGUE_NAMES, type Catalogue } from "../../catalogue/status-code.ts";
import type { Outcome } from "../../outcome/outcome.ts";
import type { CodeAlert } from "./code-alerts.ts";
import { keepFiring } from "./keep-firing.ts";
import type { AlertRule } from "./rule-group.ts";
import { codesLink, HOST_OF_INSTANCE } from "./templates.ts";

/** The rule of one documented code: it fires while a probe ends in one of the alert's outcomes and has this code for it. */
export function codeRule(alert: CodeAlert): AlertRule {
  const { code, handling, outcomes } = alert;
  const { area, severity, lasting } = handling;
  const unprobed = isOfUnprobedService(alert);
  const keeping = keepFiring(code, handling);
  return {
    alert: alertName(code),
    expr: unprobed ? unprobedExpression(code) : expression(alert),
    for: lasting,
    ...(keeping === undefined ? {} : { keep_firing_for: keeping }),
    labels: {
      code: String(code.code),
      ...(unprobed ? { outcome: outcomes.join() } : {}),
      severity,
      area,
      host: unprobed ? "{{ $labels.service }}" : HOST_OF_INSTANCE,
    },
    annotations: {
      summary: `{{ $labels.${unprobed ? "service" : "instance"} }}: ${summaryOf(code)}`,
      description: code.meaning,
      cause: byOutcome(outcomes, (outcome) => causeOf(outcome)),
      action: byOutcome(outcomes, (outcome) => ADVICE[outcome].advice),
      runbook_url: codesLink(anchorOf(code)),
    },
  };
}

/** `HitflowServiceCode412`, `HitflowSslCodeMinus1`. */
export function alertName({ catalogue, list, code }: Pick<DocumentedCode, "catalogue" | "list" | "code">): string {
  const number = code < 0 ? `Minus${-code}` : String(code);
  return `${ALERT_PREFIXES[catalogue]}${capitalised(list)}Code${number}`;
}

/** The catalogues' names as alert names begin with them. */
const ALERT_PREFIXES = { cloudmonitor: "CloudMonitor", hitflow: "Hitflow" } as const satisfies Record<
  Catalogue,
  string
>;

/** A code in a headline: `Required words missing (Hitflow service 412)`. */
export function summaryOf({ catalogue, list, code, message }: DocumentedCode): string {
  return `${message} (${CATALOGUE_NAMES[catalogue]} ${list} ${code})`;
}

export function causeOf(outcome: Outcome): string {
  return `${outcome}: ${ADVICE[outcome].meaning}`;
}

/** A service or certificate check that was never probed answers no probe: only the exporter's own metrics know it. */
export function isOfUnprobedService({ code, outcomes }: CodeAlert): boolean {
  return outcomes[0] === "state/pending" && (code.list === "service" || code.list === "ssl");
}

/**
 * The code with the outcome that led to it, which comes from the same scrape: all other labels are equal, whatever
 * labels a target has.
 */
function expression({ code: { catalogue, list, code }, outcomes }: CodeAlert): string {
  return withOutcome(`(probe_status_code{catalogue="${catalogue}",list="${list}"} == ${code})`, outcomes);
}

export function withOutcome(codes: string, outcomes: readonly Outcome[]): string {
  const matcher = outcomes.length === 1 ? "=" : "=~";
  return [
    codes,
    "* ignoring (catalogue, list, outcome, phase, reason) group_left (outcome)",
    `probe_outcome_info{outcome${matcher}"${outcomes.join("|")}"}`,
  ].join("\n");
}

function unprobedExpression({ catalogue, list, code }: DocumentedCode): string {
  return `status_exporter_service_status_code{catalogue="${catalogue}",list="${list}"} == ${code}`;
}

/** The text of the outcome that the alert has, chosen when it fires. */
function byOutcome(outcomes: readonly Outcome[], textOf: (outcome: Outcome) => string): string {
  const [first = "success", ...rest] = outcomes;
  if (rest.length === 0) return textOf(first);
  const branches = outcomes.map((outcome, index) => {
    return `{{ ${index === 0 ? "if" : "else if"} eq $labels.outcome "${outcome}" }}${textOf(outcome)}`;
  });
  return `${branches.join("")}{{ end }}`;
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
