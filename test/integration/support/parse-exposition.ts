/** One metric of an answer in the Prometheus text format. */
export interface Family {
  readonly help: string;
  readonly type: string;
  readonly samples: readonly Sample[];
}

export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Reads the text format 0.0.4 as far as exporters of gauges and counters write it. */
export function parseExposition(text: string): ReadonlyMap<string, Family> {
  const families = new Map<string, { help: string; type: string; samples: Sample[] }>();
  const family = (name: string) => {
    const found = families.get(name) ?? { help: "", type: "", samples: [] };
    families.set(name, found);
    return found;
  };
  for (const line of text.split("\n")) {
    const [, kind, name = "", rest = ""] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? [];
    if (kind === "HELP") family(name).help = rest;
    if (kind === "TYPE") family(name).type = rest;
    const [, metric, labels = "", value] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    if (metric !== undefined) family(metric).samples.push({ labels: parseLabels(labels), value: Number(value) });
  }
  return families;
}

function parseLabels(text: string): Readonly<Record<string, string>> {
  const pairs = text.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g);
  return Object.fromEntries(Array.from(pairs, ([, name, value]) => [name, value]));
}
