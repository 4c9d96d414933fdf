import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Client } from "undici";
import { probePath, type Scrape } from "./exporter.ts";
import { parseMetrics, type Sample } from "./parse-metrics.ts";

/** An exporter that has no file descriptor left to open a socket with. */
export interface ExhaustedExporter extends AsyncDisposable {
  /** The samples of `/probe`, which must answer 200. */
  readonly probe: (scrape: Scrape) => Promise<readonly Sample[]>;
  /** The same for a person: what `/probe` answers with `debug=true`. */
  readonly explain: (scrape: Scrape) => Promise<string>;
}

/** Twice what Node.js itself needs, so that the exporter starts. */
const MOST_DESCRIPTORS = 64;

/**
 * Starts an exporter as a process of its own that may open few files, asks it for the scrapes once, so that whatever
 * it loads when first needed is loaded, and takes all descriptors that it has left: idle connections hold them.
 */
export async function startExhaustedExporter(options: {
  readonly configuration: string;
  readonly scrapes: readonly Scrape[];
}): Promise<ExhaustedExporter> {
  await using starting = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), "exporter-"));
  starting.defer(() => rm(directory, { recursive: true }));
  const configurationFile = join(directory, "status.yml");
  await writeFile(configurationFile, options.configuration);
  const child = starting.adopt(startProcess(configurationFile), endProcess);
  const url = await urlOf(child);
  // One connection for all that is asked: there will be no descriptor for another.
  const client = starting.adopt(new Client(url), (one) => one.destroy());
  for (const scrape of options.scrapes) await ask(client, scrape);
  starting.defer(await takeDescriptors(Number(new URL(url).port)));
  const running = starting.move();
  return {
    probe: async (scrape) => parseMetrics(await ask(client, scrape)),
    explain: (scrape) => ask(client, { ...scrape, debug: "true" }),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

function startProcess(configurationFile: string): ChildProcess {
  const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
  const flags = [
    "--probe.threads=0",
    "--storage.path=",
    "--web.listen-address=127.0.0.1:0",
    `--config.file=${configurationFile}`,
  ];
  const limited = ["-c", `ulimit -n ${MOST_DESCRIPTORS} && exec "$0" "$@"`, process.execPath, main, ...flags];
  return spawn("sh", limited, { stdio: ["ignore", "ignore", "pipe"] });
}

async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

/** From the line that says where the exporter listens; what it logs afterwards is read past. */
async function urlOf(child: ChildProcess): Promise<string> {
  assert(child.stderr);
  const log: string[] = [];
  const lines = createInterface(child.stderr);
  for await (const line of lines) {
    log.push(line);
    const url = /http:\/\/127\.0\.0\.1:\d+/u.exec(line)?.[0];
    if (url === undefined) continue;
    child.stderr.resume();
    return url;
  }
  throw new Error(`The exporter did not start:\n${log.join("\n")}`);
}

async function ask(client: Client, scrape: Scrape & { readonly debug?: string }): Promise<string> {
  const { statusCode, body } = await client.request({
    method: "GET",
    path: probePath(scrape),
    headers: { "X-Prometheus-Scrape-Timeout-Seconds": scrape.timeout },
  });
  const text = await body.text();
  assert.equal(statusCode, 200, text);
  return text;
}

/** Connects until the exporter must turn a connection away, which shows that it has no descriptor for it. */
async function takeDescriptors(port: number): Promise<() => void> {
  const turnedAway = Promise.withResolvers<void>();
  const sockets = Array.from({ length: 2 * MOST_DESCRIPTORS }, () => {
    const socket = connect({ host: "127.0.0.1", port });
    socket.on("close", () => turnedAway.resolve());
    // A connection that is turned away may end by a reset.
    socket.on("error", () => socket.destroy());
    return socket.resume();
  });
  await turnedAway.promise;
  return () => {
    for (const socket of sockets) socket.destroy();
  };
}
