import { ADVICE } from "../../catalogue/advice.ts";
import { anchorOf } from "../../catalogue/anchor-of.ts";
import { codesOf } from "../../catalogue/codes-of.ts";
import type { Catalogue } from "../../catalogue/status-code.ts";
import type { Outcome } from "../../outcome/outcome.ts";
import { PROTOCOLS } from "../../outcome/protocol.ts";
import { answer, repeated } from "./answer.ts";
import { type CodeAlert, codeAlerts } from "./code-alerts.ts";
import { alertName, causeOf, isOfUnprobedService, summaryOf } from "./code-rule.ts";
import { FIRING, type RuleTest, seriesText, type TestSeries } from "./rule-test.ts";

/** How often the rules are evaluated and the series have a sample: fine for what fires in minutes, coarse for days. */
export type Pace = "minutes" | "days";

/** Six hours: a day has four samples. */
const STEPS = { minutes: "1m", days: "6h" } as const satisfies Record<Pace, string>;

const STEP_MINUTES = { minutes: 1, days: 360 } as const satisfies Record<Pace, number>;

/** Between two evaluations, in Prometheus' notation. */
export function stepOf(pace: Pace): string {
  return STEPS[pace];
}

/**
 * For every rule of a documented code, that the code with such an outcome raises this alert with these labels and
 * texts, no other alert, and no sooner than it should. Of many outcomes the first and the last are tried. Each is a
 * target of its own; those of one list share a test, because promtool makes a database for each.
 */
export function codeRuleTests(catalogue: Catalogue, pace: Pace): readonly RuleTest[] {
  const cases = codeAlerts(catalogue)
    .filter(({ handling }) => paceOf(handling.lasting) === pace)
    .flatMap((alert) => firstAndLast(alert.outcomes).map((outcome) => ({ alert, outcome })));
  const tests = Map.groupBy(cases, ({ alert }) => `${catalogue} ${alert.code.list}, after ${alert.handling.lasting}`);
  return [...tests].map(([name, together]) => codesTest({ name, pace, cases: together }));
}

/** That whatever a healthy or merely slow target shows raises nothing, in every list of a catalogue. */
export function healthyTest(catalogue: Catalogue): RuleTest {
  const endings = PROTOCOLS.flatMap((subject) =>
    HTTP_STATUSES.map((httpStatus) => ({ subject, outcome: "success" as const, httpStatus })),
  );
  return {
    name: `${catalogue}: healthy values raise nothing`,
    interval: "1m",
    input_series: endings.flatMap((ending) => {
      const codes = codesOf(ending).filter((code) => code.catalogue === catalogue);
      const target = { instance: `${ending.subject}.example.com`, job: `job ${ending.httpStatus ?? "without status"}` };
      return answer({ codes, outcome: ending.outcome, target, samples: 60 });
    }),
    promql_expr_test: [{ expr: FIRING, eval_time: "60m", exp_samples: [] }],
  };
}

/** Where a module accepts them, all of these are healthy. */
const HTTP_STATUSES = [undefined, 200, 204, 301, 404, 503];

interface Case {
  readonly alert: CodeAlert;
  readonly outcome: Outcome;
}

interface CodesTest {
  readonly name: string;
  readonly pace: Pace;
  /** At least one, and all lasting equally long. */
  readonly cases: readonly Case[];
}

function codesTest({ name, pace, cases }: CodesTest): RuleTest {
  const minutes = Math.max(...cases.map(({ alert }) => minutesOf(alert.handling.lasting)));
  const step = STEP_MINUTES[pace];
  const alerts = Map.groupBy(cases, ({ alert }) => alertName(alert.code));
  return {
    name,
    interval: STEPS[pace],
    input_series: cases.flatMap((one) => seriesOf(one, minutes / step)),
    alert_rule_test: [...alerts].map(([alertname, same]) => ({
      eval_time: `${minutes}m`,
      alertname,
      exp_alerts: same.map((one) => ({ exp_labels: labelsOf(one), exp_annotations: annotationsOf(one) })),
    })),
    promql_expr_test: [
      { expr: FIRING, eval_time: `${minutes - step}m`, exp_samples: [] },
      { expr: FIRING, eval_time: `${minutes}m`, exp_samples: cases.map(firing) },
    ],
  };
}

function firing(one: Case): { readonly labels: string; readonly value: number } {
  const alertname = alertName(one.alert.code);
  return { labels: seriesText("ALERTS", { ...labelsOf(one), alertname, alertstate: "firing" }), value: 1 };
}

function seriesOf({ alert, outcome }: Case, samples: number): readonly TestSeries[] {
  const { code } = alert;
  const { catalogue, list } = code;
  const target = originOf({ alert, outcome });
  if (!isOfUnprobedService(alert)) return answer({ codes: [code], outcome, target, samples });
  const series = seriesText("status_exporter_service_status_code", { ...target, catalogue, list });
  return [{ series, values: repeated(code.code, samples) }];
}

/** Labels of the target; written as a URL with a port, so that the label `host` has something to leave out. */
function originOf(one: Case): Readonly<Record<string, string>> {
  if (isOfUnprobedService(one.alert)) return { instance: "exporter:9115", job: "exporter", service: hostOf(one) };
  return { instance: `https://${hostOf(one)}:8443/cart`, job: "shops", team: "checkout" };
}

function hostOf({ alert, outcome }: Case): string {
  return `${anchorOf(alert.code)}.${anchorOf(outcome)}.example.com`;
}

function labelsOf(one: Case): Readonly<Record<string, string>> {
  const { catalogue, list, code } = one.alert.code;
  const { area, severity } = one.alert.handling;
  const { outcome } = one;
  return { ...originOf(one), host: hostOf(one), catalogue, list, code: String(code), outcome, severity, area };
}

function annotationsOf(one: Case): Readonly<Record<string, string>> {
  const { code } = one.alert;
  const { instance = "", service = instance } = originOf(one);
  return {
    summary: `${service}: ${summaryOf(code)}`,
    description: code.meaning,
    cause: causeOf(one.outcome),
    action: ADVICE[one.outcome].advice,
    runbook_url: `docs/codes.md#${anchorOf(code)}`,
  };
}

function firstAndLast(outcomes: readonly Outcome[]): readonly Outcome[] {
  return outcomes.filter((_, index) => index === 0 || index === outcomes.length - 1);
}

function paceOf(lasting: string): Pace {
  return lasting.endsWith("d") ? "days" : "minutes";
}

const UNIT_MINUTES: ReadonlyMap<string, number> = new Map([
  ["m", 1],
  ["h", 60],
  ["d", 1440],
]);

function minutesOf(lasting: string): number {
  return Number(lasting.slice(0, -1)) * (UNIT_MINUTES.get(lasting.slice(-1)) ?? Number.NaN);
}
