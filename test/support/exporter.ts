import assert from "node:assert/strict";
import { readCommandLine } from "../../src/command-line/flags.ts";
import { createLogger } from "../../src/command-line/logger.ts";
import { serve } from "../../src/command-line/serve.ts";
import { ConfigurationHolder } from "../../src/config/configuration-holder.ts";
import { loadConfiguration } from "../../src/config/load-configuration.ts";
import { sleep } from "../../src/network/deadline.ts";
import type { Prober } from "../../src/probe/prober.ts";
import { PROBERS } from "../../src/probers/all.ts";
import { openWebConfig, type WebConfigHolder } from "../../src/web/web-config-holder.ts";
import { parseMetrics, type Sample } from "./parse-metrics.ts";

/** What a scrape asks. */
export interface Scrape {
  readonly module: string;
  readonly target: string;
  /** `X-Prometheus-Scrape-Timeout-Seconds`, which Prometheus always sends. */
  readonly timeout: string;
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
  /** A free one if absent. */
  readonly port?: number;
  /** The loopback if absent. */
  readonly host?: string;
  /** Where what must survive is kept; in memory if absent. */
  readonly storagePath?: string;
}

/** Starts an exporter as the command line does, with its probes in this thread. */
export async function startTestExporter({
  configuration,
  probers,
  port = 0,
  host = "127.0.0.1",
  storagePath = "",
}: TestExporterOptions): Promise<TestExporter> {
  const exporter = await serve({
    commandLine: readCommandLine([
      "--probe.threads=0",
      `--storage.path=${storagePath}`,
      `--web.listen-address=${host}:${port}`,
    ]),
    holder: await hold(configuration, probers ?? PROBERS),
    web: await openToAll(),
    logger: createLogger({ level: "warn", format: "logfmt", write: (line) => process.stderr.write(line) }),
  });
  const [url = ""] = exporter.urls;
  return {
    url,
    probe: async (scrape) => parseMetrics(await ask(url, scrape)),
    explain: (scrape) => ask(url, { ...scrape, debug: "true" }),
    [Symbol.asyncDispose]: () => exporter.stop(),
  };
}

async function hold(text: string, probers: readonly Prober[]): Promise<ConfigurationHolder> {
  const holder = new ConfigurationHolder({
    read: () => Promise.resolve(text),
    parse: (source) => loadConfiguration(source, probers),
    now: Date.now,
    sleep,
  });
  const result = await holder.load();
  if (result.kind === "refused") throw new Error(`Cannot use the configuration:\n${result.problems.join("\n")}`);
  return holder;
}

async function openToAll(): Promise<WebConfigHolder> {
  const web = await openWebConfig("", { onProblems: () => undefined, now: () => performance.now() });
  if ("problems" in web) throw new Error(web.problems.join("\n"));
  return web;
}

async function ask(url: string, scrape: Scrape & { readonly debug?: string }): Promise<string> {
  const response = await fetch(`${url}${probePath(scrape)}`, {
    headers: { "X-Prometheus-Scrape-Timeout-Seconds": scrape.timeout },
  });
  const text = await response.text();
  assert.equal(response.status, 200, text);
  return text;
}

/** The path and query of `/probe` for a scrape. */
export function probePath({ module, target, debug }: Scrape & { readonly debug?: string }): string {
  const query = new URLSearchParams({ module, target, ...(debug === undefined ? {} : { debug }) });
  return `/probe?${query.toString()}`;
}
