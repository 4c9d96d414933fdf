import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { freePort } from "./free-port.ts";
import { type ServerProcess, startServer } from "./server-process.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

/** A series of an instant query's result. */
export interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: string;
}

/** A rule with how its last evaluation went: `ok`, `err` or, before the first, `unknown`. */
export interface EvaluatedRule {
  readonly name: string;
  readonly type: "alerting" | "recording";
  readonly health: string;
  readonly lastError?: string;
}

export interface EvaluatedGroup {
  readonly name: string;
  readonly rules: readonly EvaluatedRule[];
}

/** What can be asked of a Prometheus. */
export interface PrometheusApi {
  query(expression: string): Promise<readonly Series[]>;
  /** The same over the last so many seconds: of each series the newest value that is a number. */
  queryRange(
    expression: string,
    options: { readonly seconds: number; readonly step: number },
  ): Promise<readonly Series[]>;
  /** The values of a label among the series of a selector, or among all where that is absent. */
  labelValues(label: string, selector?: string): Promise<readonly string[]>;
  rules(): Promise<readonly EvaluatedGroup[]>;
}

export type Prometheus = ServerProcess & PrometheusApi;

/** Debian's Prometheus with this configuration and a store of its own; on a free port if none is given. */
export async function startPrometheus(
  stack: AsyncDisposableStack,
  configuration: string,
  given: { readonly port?: number; readonly logFile?: string } = {},
): Promise<Prometheus> {
  const directory = await temporaryDirectory(stack);
  const port = given.port ?? (await freePort());
  const file = join(directory, "prometheus.yml");
  await writeFile(file, configuration);
  const args = [
    `--config.file=${file}`,
    `--storage.tsdb.path=${join(directory, "data")}`,
    `--web.listen-address=127.0.0.1:${port}`,
    `--web.external-url=http://localhost:${port}`,
  ];
  const server = await startServer(stack, { command: "prometheus", args, port, logFile: given.logFile });
  return { ...server, ...prometheusApi(server.origin) };
}

/** Asks a Prometheus that runs already. */
export function prometheusApi(origin: string): PrometheusApi {
  const ask = (path: string, form: Form) => askApi(`${origin}/api/v1/${path}`, form);
  return {
    query: async (expression) => seriesOf(await ask("query", { query: expression })),
    async queryRange(expression, { seconds, step }) {
      const end = Date.now() / 1000;
      const range = { start: String(end - seconds), end: String(end), step: String(step) };
      return seriesOf(await ask("query_range", { query: expression, ...range }));
    },
    labelValues: async (label, selector) => {
      const form = selector === undefined ? "" : `?${new URLSearchParams({ "match[]": selector }).toString()}`;
      return namesOf(await askApi(`${origin}/api/v1/label/${label}/values${form}`));
    },
    rules: async () => groupsOf(await askApi(`${origin}/api/v1/rules`)),
  };
}

type Form = Readonly<Record<string, string>>;

/** What the API answers, or undefined while Prometheus says 503: it listens before it has read its store. */
async function askApi(url: string, form?: Form): Promise<ApiData | undefined> {
  const answer = await fetch(url, form === undefined ? {} : { method: "POST", body: new URLSearchParams(form) });
  if (answer.status === 503) return undefined;
  const { data, error }: ApiAnswer = JSON.parse(await answer.text());
  if (data === undefined) throw new Error(`Prometheus does not take ${form?.["query"] ?? url}: ${error}`);
  return data;
}

interface ApiAnswer {
  readonly error?: string;
  readonly data?: ApiData;
}

/** Of every question that is asked here, all in one. */
type ApiData =
  | readonly string[]
  | { readonly result: readonly ApiSeries[] }
  | { readonly groups: readonly EvaluatedGroup[] };

interface ApiSeries {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: Sample;
  readonly values?: readonly Sample[];
}

type Sample = readonly [seconds: number, value: string];

function seriesOf(data: ApiData | undefined): readonly Series[] {
  if (data === undefined || !("result" in data)) return [];
  return data.result.map(({ metric, value, values = [] }) => {
    const newest = value ?? values.findLast(([, number]) => number !== "NaN") ?? values.at(-1);
    return { metric, value: newest?.[1] ?? "NaN" };
  });
}

function namesOf(data: ApiData | undefined): readonly string[] {
  return data !== undefined && "at" in data ? data : [];
}

function groupsOf(data: ApiData | undefined): readonly EvaluatedGroup[] {
  return data !== undefined && "groups" in data ? data.groups : [];
}
