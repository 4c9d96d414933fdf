import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { documentedCodes } from "../../src/catalogue/documented-codes.ts";
import type { Configuration } from "../../src/config/configuration.ts";
import { loadConfiguration } from "../../src/config/load-configuration.ts";
import { createOwnMetrics } from "../../src/exposition/own-metrics.ts";
import { createNetwork } from "../../src/network/create-network.ts";
import type { Prober } from "../../src/probe/prober.ts";
import { PROBERS } from "../../src/probers/all.ts";
import { createLocalRunner } from "../../src/runner/local-runner.ts";
import { createApplication } from "../../src/web/application.ts";
import { History } from "../../src/web/history.ts";
import { parseMetrics, type Sample } from "./parse-metrics.ts";

/** What a scrape asks. */
export interface Scrape {
  readonly module: string;
  readonly target: string;
  /** `X-Prometheus-Scrape-Timeout-Seconds`; Prometheus always sends it. */
  readonly timeout?: string;
}

/** A whole exporter, asked over HTTP as Prometheus asks it. */
export interface TestExporter extends AsyncDisposable {
  readonly url: string;
  /** The samples of `/probe`, which must answer 200. */
  readonly probe: (scrape: Scrape) => Promise<readonly Sample[]>;
  /** The same for a person: what `/probe` answers with `debug=true`. */
  readonly explain: (scrape: Scrape) => Promise<string>;
}

export interface TestExporterOptions {
  /** The configuration file's text. */
  readonly configuration: string;
  /** The table of probers, if not the exporter's own. */
  readonly probers?: readonly Prober[];
  /** 0, a free one, if absent. */
  readonly port?: number;
}

/** Starts an exporter that probes in this thread and listens on the loopback. */
export async function startTestExporter(options: TestExporterOptions): Promise<TestExporter> {
  const server = createServer(createApplication(dependencies(readConfiguration(options))));
  server.listen(options.port ?? 0, "127.0.0.1");
  await once(server, "listening");
  const url = urlOf(server);
  return {
    url,
    probe: async (scrape) => parseMetrics(await ask(url, scrape)),
    explain: (scrape) => ask(url, { ...scrape, debug: "true" }),
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function readConfiguration({ configuration, probers = PROBERS }: TestExporterOptions): Configuration {
  const loaded = loadConfiguration(configuration, probers);
  if ("problems" in loaded) throw new Error(`Cannot use the configuration: ${loaded.problems.join("\n")}`);
  return loaded;
}

function dependencies(configuration: Configuration): Parameters<typeof createApplication>[0] {
  return {
    version: "test",
    paths: { prefix: "", home: "/" },
    guards: [],
    runner: createLocalRunner({ modules: () => configuration.modules, network: createNetwork() }),
    metrics: createOwnMetrics({
      version: "test",
      nodeVersion: process.versions.node,
      codes: documentedCodes(),
      lastReload: () => ({ successful: true, succeededAt: 0 }),
    }),
    history: new History(HISTORY_LIMIT),
    configuration: () => configuration,
    reload: () => Promise.resolve([]),
    ready: () => true,
    timeoutOffsetSeconds: 0.5,
    probeLogLevel: "debug",
    log: () => undefined,
  };
}

/** The default of the command line. */
const HISTORY_LIMIT = 100;

function urlOf(server: Server): string {
  const address = server.address();
  assert(address !== null && typeof address === "object");
  return `http://127.0.0.1:${address.port}`;
}

async function ask(url: string, { timeout = "10", ...query }: Scrape & { readonly debug?: string }): Promise<string> {
  const response = await fetch(`${url}/probe?${new URLSearchParams(query).toString()}`, {
    headers: { "X-Prometheus-Scrape-Timeout-Seconds": timeout },
  });
  const text = await response.text();
  assert.equal(response.status, 200, text);
  return text;
}
