/** A series as promtool makes it: `values` is its notation, such as `412x3` for four times 412. */
export interface TestSeries {
  readonly series: string;
  readonly values: string;
}

/** One test of `promtool test rules`. */
export interface RuleTest {
  readonly name: string;
  /** Between two samples of the series. */
  readonly interval: string;
  readonly input_series: readonly TestSeries[];
  readonly alert_rule_test?: readonly {
    readonly eval_time: string;
    readonly alertname: string;
    readonly exp_alerts: readonly {
      readonly exp_labels: Readonly<Record<string, string>>;
      readonly exp_annotations: Readonly<Record<string, string>>;
    }[];
  }[];
  readonly promql_expr_test: readonly {
    readonly expr: string;
    readonly eval_time: string;
    readonly exp_samples: readonly { readonly labels: string; readonly value: number }[];
  }[];
}

/** A file for `promtool test rules`. */
export interface RuleTestFile {
  readonly name: string;
  /** Names of files of rules. */
  readonly rules: readonly string[];
  readonly step: string;
  readonly tests: readonly RuleTest[];
}

/** A metric with labels as PromQL writes it, labels by name. */
export function seriesText(name: string, labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels)
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return `${name}{${pairs.join(",")}}`;
}

/** Every alert that fires, with all of its labels. */
export const FIRING = 'ALERTS{alertstate="firing"}';
