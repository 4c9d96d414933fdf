/** One metric of an answer in the Prometheus text format. */
export interface Family {
  readonly help: string;
  readonly type: string;
  /** Labels as written (`{phase="tls"}` or empty) → value as written. */
  readonly samples: ReadonlyMap<string, string>;
}

/** Reads the text format 0.0.4 as far as exporters of gauges and counters write it. */
export function parseExposition(text: string): ReadonlyMap<string, Family> {
  const families = new Map<string, { help: string; type: string; samples: Map<string, string> }>();
  const family = (name: string) => {
    const found = families.get(name) ?? { help: "", type: "", samples: new Map<string, string>() };
    families.set(name, found);
    return found;
  };
  for (const line of text.split("\n")) {
    const [, kind, name = "", rest = ""] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? [];
    if (kind === "HELP") family(name).help = rest;
    if (kind === "TYPE") family(name).type = rest;
    const [, metric, labels = "", value = ""] = /^([a-zA-Z_:][\w:]*)(\{.*\})? (\S+)$/.exec(line) ?? [];
    if (metric !== undefined) family(metric).samples.set(labels, value);
  }
  return families;
}
