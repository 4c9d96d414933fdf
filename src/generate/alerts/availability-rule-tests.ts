import type { Outcome } from "../../outcome/outcome.ts";
import { answer, repeated } from "./answer.ts";
import { type RuleTest, seriesText, type TestSeries } from "./rule-test.ts";
import { type Scenario, scenarioTest } from "./scenario.ts";

/** One sample a minute, an hour long. */
const MORE = 59;
const PACE = { interval: "1m", at: "14m" } as const;
const TARGET = { instance: "https://shop.example.com/", job: "shops" } as const;

/** Statuses that Cloud Monitor does not document raise the alert of their class, unless the module accepts them. */
export function httpClassTests(): readonly RuleTest[] {
  const unaccepted = [102, 226, 308, 429, 599].map((status) => ({
    name: `HTTP status ${status} is of a class`,
    series: http(status, "content/status-not-allowed"),
    firing: { [`CloudMonitorHttpCode${Math.floor(status / 100)}xx`]: 1 },
  }));
  const accepted = [308, 429].map((status) => ({
    name: `HTTP status ${status} that the module accepts`,
    series: http(status, "success"),
    firing: {},
  }));
  return [...unaccepted, ...accepted].map((scenario) => scenarioTest(scenario, PACE));
}

/** Availability as a number, failures without a steady reason, and Cloud Monitor's forms. */
export function availabilityTests(): readonly RuleTest[] {
  return [record(), monthlyRecord(), ...[...unsteady(), ...forms()].map((scenario) => scenarioTest(scenario, PACE))];
}

function record(): RuleTest {
  return {
    name: "availability is the share of probes that succeeded",
    interval: "1m",
    input_series: [{ series: seriesText("probe_success", TARGET), values: "1+0x44 0+0x14" }],
    promql_expr_test: ["1h", "1d"].map((span) => ({
      expr: `instance:probe_success:avg_over_time_${span}`,
      eval_time: "59m",
      exp_samples: [{ labels: seriesText(`instance:probe_success:avg_over_time_${span}`, TARGET), value: 0.75 }],
    })),
  };
}

/** Of a month there is an hour: one target was up for all of it, the other down. */
function monthlyRecord(): RuleTest {
  const name = "instance:probe_success:avg_over_time_30d";
  const targets = [0, 1].map((value) => ({ value, labels: { ...TARGET, instance: `https://${value}.example.com/` } }));
  return {
    name: "availability over a month is averaged from that of hours",
    interval: "1m",
    input_series: targets.map(({ value, labels }) => ({
      series: seriesText("probe_success", labels),
      values: repeated(value, MORE),
    })),
    promql_expr_test: [
      {
        expr: name,
        eval_time: "59m",
        exp_samples: targets.map(({ value, labels }) => ({ labels: seriesText(name, labels), value })),
      },
    ],
  };
}

function unsteady(): readonly Scenario[] {
  const success = (values: string): TestSeries => ({ series: seriesText("probe_success", TARGET), values });
  return [
    {
      name: "failures whose reason changes with every probe",
      series: [success(repeated(0, MORE)), refused("1 stale ".repeat(8)), timedOut("_ 1 stale ".repeat(5))],
      firing: { TargetFailing: 1 },
    },
    {
      name: "every third probe succeeds",
      series: [success("0 0 1 ".repeat(5)), refused(repeated(1, MORE))],
      firing: {},
    },
    {
      name: "a fault of ours",
      series: answer({ codes: [], outcome: "deadline/no-time-left", target: TARGET, samples: MORE }),
      firing: {},
    },
  ];
}

function refused(values: string): TestSeries {
  const labels = { ...TARGET, outcome: "connect/refused", phase: "connect", reason: "refused" };
  return { series: seriesText("probe_outcome_info", labels), values: values.trim() };
}

function timedOut(values: string): TestSeries {
  const labels = { ...TARGET, outcome: "connect/timeout", phase: "connect", reason: "timeout" };
  return { series: seriesText("probe_outcome_info", labels), values: values.trim() };
}

function forms(): readonly Scenario[] {
  const any = { CloudMonitorAnyPointUnavailable: 1 };
  const low = { ...any, CloudMonitorAvailabilityLow: 1 };
  const all = { ...low, CloudMonitorAllPointsUnavailable: 1 };
  return [
    { name: "one point of eleven fails", series: points(1), firing: { TargetFailing: 1, ...any } },
    { name: "two points of eleven fail", series: points(2), firing: { TargetFailing: 2, ...low } },
    { name: "every point fails", series: points(11), firing: { TargetFailing: 11, ...all } },
    { name: "a fault of ours is no outage", series: http(703, "policy/internal-address"), firing: {} },
    { name: "an accepted status of an error is no outage", series: http(404, "success"), firing: {} },
    { name: "slow on average", series: [...slow("3"), ...slow("8")], firing: { CloudMonitorResponseTimeHigh: 1 } },
  ];
}

/** Eleven points, of which so many cannot resolve the name. */
function points(failing: number): readonly TestSeries[] {
  return Array.from({ length: 11 }, (_, index) => {
    const point = { point: `point-${index}` };
    return index < failing ? http(613, "resolve/timeout", point) : http(200, "success", point);
  }).flat();
}

function slow(seconds: string): readonly TestSeries[] {
  const point = { point: `point-${seconds}` };
  const duration = seriesText("probe_duration_seconds", { ...TARGET, ...point });
  return http(200, "success", point).concat({ series: duration, values: repeated(Number(seconds), MORE) });
}

function http(code: number, outcome: Outcome, point: Readonly<Record<string, string>> = {}): readonly TestSeries[] {
  const codes = [{ catalogue: "cloudmonitor", list: "http", code }];
  return answer({ codes, outcome, target: { ...TARGET, ...point }, samples: MORE });
}
