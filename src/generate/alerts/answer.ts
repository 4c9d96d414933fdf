import { isSuccess, type Outcome, splitOutcome } from "../../outcome/outcome.ts";
import { seriesText, type TestSeries } from "./rule-test.ts";

interface Answer {
  readonly codes: readonly { readonly catalogue: string; readonly list: string; readonly code: number }[];
  readonly outcome: Outcome;
  readonly target: Readonly<Record<string, string>>;
  /** After the first. */
  readonly samples: number;
}

/** What the answers of a probe say about its outcome, again and again. */
export function answer({ codes, outcome, target, samples }: Answer): readonly TestSeries[] {
  return [
    ...codes.map(({ catalogue, list, code }) => ({
      series: seriesText("probe_status_code", { ...target, catalogue, list }),
      values: repeated(code, samples),
    })),
    {
      series: seriesText("probe_outcome_info", { ...target, outcome, ...splitOutcome(outcome) }),
      values: repeated(1, samples),
    },
    { series: seriesText("probe_success", target), values: repeated(isSuccess(outcome) ? 1 : 0, samples) },
  ];
}

/** One sample and so many more, all alike. */
export function repeated(value: number, more: number): string {
  return `${value}+0x${more}`;
}
