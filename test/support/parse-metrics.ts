/** One line of the text format: name, labels, value. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The samples of a text in Prometheus' format 0.0.4; throws at a line that is none. */
export function parseMetrics(text: string): readonly Sample[] {
  return text
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map(parseLine);
}

function parseLine(line: string): Sample {
  const { name, labels = "", value } = LINE.exec(line)?.groups ?? {};
  if (name === undefined || value === undefined) throw new Error(`Cannot read the metric: ${JSON.stringify(line)}`);
  return { name, labels: parseLabels(labels), value: parseValue(value) };
}

const LINE = /^(?<name>[a-zA-Z_:][\w:]*)(?:\{(?<labels>.*)\})? (?<value>\S+)$/u;

function parseLabels(text: string): Sample["labels"] {
  const pairs = [...text.matchAll(LABEL)].map(([, name = "", value = ""]) => [name, unescape(value)] as const);
  return Object.fromEntries(pairs);
}

const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/gu;

function unescape(value: string): string {
  return value.replace(/\\(.)/gu, (_, character: string) => (character === "n" ? "\n" : character));
}

function parseValue(text: string): number {
  return text.endsWith("Inf") ? (text.startsWith("-") ? -Infinity : Infinity) : Number(text);
}
