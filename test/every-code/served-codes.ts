import type { Sample } from "../support/parse-metrics.ts";

/** What `/probe` says about how a probe ended. */
export interface Served {
  readonly success: number | undefined;
  /** The labels of `probe_outcome_info`, one entry for each series. */
  readonly outcomes: readonly Sample["labels"][];
  /** Each series of `probe_status_code`, written `catalogue list code`. */
  readonly codes: readonly string[];
  /** The same of `probe_status_info`. */
  readonly info: readonly string[];
}

/** Picks out of a scrape what says how the probe ended. */
export function servedBy(samples: readonly Sample[]): Served {
  const named = (name: string): readonly Sample[] => samples.filter((sample) => sample.name === name);
  return {
    success: named("probe_success")[0]?.value,
    outcomes: named("probe_outcome_info").map(({ labels }) => labels),
    codes: named("probe_status_code").map(({ labels, value }) => written(labels, String(value))),
    info: named("probe_status_info").map(({ labels }) => written(labels, labels["code"] ?? "")),
  };
}

function written(labels: Sample["labels"], code: string): string {
  return `${labels["catalogue"]} ${labels["list"]} ${code}`;
}
