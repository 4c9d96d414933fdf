import { escapeLabelValue } from "./escape-label-value.ts";

/**
 * Labels that a module names itself, braces included, sorted so that one set of labels is one series; empty where there
 * are none. A name that the text cannot hold, or that Prometheus keeps for itself (`__…`), is left out: it would cost
 * the whole scrape.
 */
export function freeLabelsText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels)
    .filter(([name]) => LABEL_NAME.test(name))
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, value]) => `${name}="${escapeLabelValue(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

const LABEL_NAME = /^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/;
