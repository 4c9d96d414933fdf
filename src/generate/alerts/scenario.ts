import { type RuleTest, seriesText, type TestSeries } from "./rule-test.ts";

/** A situation, and the names of the alerts that fire in it, each with how often. */
export interface Scenario {
  readonly name: string;
  readonly series: readonly TestSeries[];
  readonly firing: Readonly<Record<string, number>>;
}

/** A scenario with samples every `interval`, looked at once. */
export function scenarioTest(
  { name, series, firing }: Scenario,
  { interval, at }: { readonly interval: string; readonly at: string },
): RuleTest {
  return {
    name,
    interval,
    input_series: series,
    promql_expr_test: [
      {
        expr: 'count by (alertname) (ALERTS{alertstate="firing"})',
        eval_time: at,
        exp_samples: Object.entries(firing).map(([alertname, value]) => ({
          labels: seriesText("", { alertname }),
          value,
        })),
      },
    ],
  };
}
