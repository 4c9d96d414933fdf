/** One line of Prometheus' text format. */
export interface ExportedSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** More samples than the largest server has of the few families that anybody asks for. */
const MOST_SAMPLES = 50_000;

/**
 * The samples of these names in a text of Prometheus' format 0.0.4. Lines that are not understood, and values that are
 * not finite, are passed over: another program's text is no reason to fail as long as what is needed is there.
 */
export function readExposition(text: string, names: ReadonlySet<string>): readonly ExportedSample[] {
  const samples: ExportedSample[] = [];
  for (const [line] of text.matchAll(/^[a-z].*$/gimu)) {
    const name = /^[a-z_:]\w*/iu.exec(line)?.[0] ?? "";
    if (!names.has(name)) continue;
    const sample = readLine(name, line.slice(name.length));
    if (sample !== undefined) samples.push(sample);
    if (samples.length >= MOST_SAMPLES) break;
  }
  return samples;
}

function readLine(name: string, rest: string): ExportedSample | undefined {
  const { labels = "", value = "" } = AFTER_NAME.exec(rest)?.groups ?? {};
  const number = value === "" ? Number.NaN : Number(value);
  if (!Number.isFinite(number)) return undefined;
  const pairs = [...labels.matchAll(LABEL)].map(([, key = "", text = ""]) => [key, unescape(text)] as const);
  return { name, labels: Object.fromEntries(pairs), value: number };
}

/** Labels if there are any, the value, and perhaps a timestamp. */
const AFTER_NAME = /^(?:\{(?<labels>(?:[^"}]|"(?:[^"\\]|\\.)*")*)\})?[ \t]+(?<value>\S+)(?:[ \t]+-?\d+)?[ \t]*$/u;

const LABEL = /([a-z_]\w*)="((?:[^"\\]|\\.)*)"/giu;

function unescape(text: string): string {
  return text.replaceAll(/\\(.)/gu, (_, character: string) => (character === "n" ? "\n" : character));
}
