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

export interface Prometheus extends ServerProcess {
  query(expression: string): Promise<readonly Series[]>;
}

/** Debian's Prometheus with this configuration and a store of its own. */
export async function startPrometheus(stack: AsyncDisposableStack, configuration: string): Promise<Prometheus> {
  const directory = await temporaryDirectory(stack);
  const port = await freePort();
  const file = join(directory, "prometheus.yml");
  await writeFile(file, configuration);
  const args = [
    `--config.file=${file}`,
    `--storage.tsdb.path=${join(directory, "data")}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ];
  const server = await startServer(stack, { command: "prometheus", args, port });
  return { ...server, query: (expression) => query(server.origin, expression) };
}

async function query(origin: string, expression: string): Promise<readonly Series[]> {
  const answer = await fetch(`${origin}/api/v1/query?${new URLSearchParams({ query: expression }).toString()}`);
  // It listens before it has read its store, and says 503 until then.
  if (answer.status === 503) return [];
  const { data, error }: QueryAnswer = JSON.parse(await answer.text());
  if (data === undefined) throw new Error(`Prometheus does not take ${expression}: ${error}`);
  return data.result.map(({ metric, value: [, value] }) => ({ metric, value }));
}

interface QueryAnswer {
  readonly error?: string;
  readonly data?: {
    readonly result: readonly {
      readonly metric: Readonly<Record<string, string>>;
      readonly value: readonly [number, string];
    }[];
  };
}
