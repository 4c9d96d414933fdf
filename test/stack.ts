import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startDemoExporter, startDemoFleet } from "./demo-exporter.ts";
import { startAlertmanager } from "./integration/support/alertmanager.ts";
import { findProgram } from "./integration/support/find-program.ts";
import { hurriedRoutes } from "./integration/support/hurried-routes.ts";
import { hurriedRules } from "./integration/support/hurried-rules.ts";
import { hurriedScrapes } from "./integration/support/hurried-scrapes.ts";
import { startPrometheus } from "./integration/support/prometheus.ts";
import type { ServerProcess } from "./integration/support/server-process.ts";
import { temporaryDirectory } from "./integration/support/temporary-directory.ts";
import { type Delivery, startWebhookReceiver } from "./integration/support/webhook-receiver.ts";
import { grafanaIn, startGrafana } from "./stack-grafana.ts";

/**
 * The whole stack without containers: the demonstration's exporter with everything that can be wrong with a target,
 * Prometheus and Alertmanager with the configuration of config/ in a hurry, and Grafana if it is asked for. Everything
 * listens on the loopback, and ends with a signal.
 */
const FLAGS = {
  "exporter-port": { type: "string", default: "9115" },
  "prometheus-port": { type: "string", default: "9090" },
  "alertmanager-port": { type: "string", default: "9093" },
  "grafana-port": { type: "string", default: "3000" },
  /** Seconds from one scrape to the next; 60 is what the rules are made for, less makes them as much faster. */
  interval: { type: "string", default: "15" },
  /** The folder of a Grafana that is to be started as well, with `bin/grafana` in it. */
  grafana: { type: "string", default: "" },
} as const;

/** Where a program that is missing comes from. */
const PROGRAMS = [
  { names: ["prometheus"], from: "apt-get install prometheus, or https://prometheus.io/download/" },
  {
    names: ["prometheus-alertmanager", "alertmanager"],
    from: "apt-get install prometheus-alertmanager, or https://prometheus.io/download/",
  },
] as const;

/** From one scrape to the next, in config/prometheus/prometheus.yml. */
const SECONDS_OF_THE_RULES = 60;

/** Until Prometheus has found its targets. */
const STARTING_SECONDS = 10;

type Ports = Readonly<Record<"exporter" | "prometheus" | "alertmanager" | "grafana", number>>;

const stop = new AbortController();
try {
  await runStack(stop.signal);
} catch (error) {
  // With Ctrl-C the terminal tells all of them, so that one may end while it starts.
  if (!stop.signal.aborted)
    process.stderr.write(`Cannot run the stack: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = stop.signal.aborted ? 0 : 1;
}

async function runStack(signal: AbortSignal): Promise<void> {
  const options = readOptions();
  PROGRAMS.forEach(assertInstalled);
  if (options.grafana !== "") assertInstalled(grafanaIn(options.grafana));
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, () => stop.abort());
  await using stack = new AsyncDisposableStack();
  const logs = await temporaryDirectory(stack);
  const parts = await start(stack, { ...options, release: await holdPorts(stack, options) }, logs);
  if (!signal.aborted) process.stdout.write(welcome(options, logs));
  await untilStopped(parts, signal);
  process.stdout.write("\nEnding all of it\n");
}

interface Options {
  readonly ports: Ports;
  readonly intervalSeconds: number;
  /** Empty for none. */
  readonly grafana: string;
}

function readOptions(): Options {
  const { values } = parseArgs({ options: FLAGS });
  const number = (name: Exclude<keyof typeof FLAGS, "grafana">, most: number): number => {
    const value = Number(values[name]);
    if (Number.isInteger(value) && value >= 1 && value <= most) return value;
    throw new Error(`--${name} expects a number from 1 to ${most}, found ${JSON.stringify(values[name])}`);
  };
  return {
    ports: {
      exporter: number("exporter-port", 65_535),
      prometheus: number("prometheus-port", 65_535),
      alertmanager: number("alertmanager-port", 65_535),
      grafana: number("grafana-port", 65_535),
    },
    intervalSeconds: number("interval", 60),
    grafana: values.grafana,
  };
}

function assertInstalled({ names, from }: { readonly names: readonly string[]; readonly from: string }): void {
  if (names.every((name) => findProgram(name) === undefined)) {
    throw new Error(`${names.join(" or ")} is not installed (${from})`);
  }
}

type Part = keyof Ports;

/** Lets go of the port of a part, and yields it. */
type Release = (name: Part) => Promise<number>;

/**
 * Takes every port that will be needed, for the servers with faults take several hundred, any that are free. Whoever
 * is about to listen on one has it released.
 */
async function holdPorts(stack: AsyncDisposableStack, { ports, grafana }: Options): Promise<Release> {
  const parts: readonly Part[] = [
    "exporter",
    "prometheus",
    "alertmanager",
    ...(grafana === "" ? [] : (["grafana"] as const)),
  ];
  const held = new Map<Part, Server>();
  for (const name of parts) {
    const server = await listen(name, ports[name]);
    stack.defer(() => close(server));
    held.set(name, server);
  }
  return async (name) => {
    const server = held.get(name);
    if (server !== undefined) await close(server);
    return ports[name];
  };
}

async function listen(name: Part, port: number): Promise<Server> {
  const server = createServer().listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
    return server;
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? error.code : error;
    const what = reason === "EADDRINUSE" ? "is in use" : `cannot be listened on (${String(reason)})`;
    throw new Error(`port ${port} ${what}: choose another with -- --${name}-port=PORT`, { cause: error });
  }
}

async function close(server: Server): Promise<void> {
  if (!server.listening) return;
  server.close();
  await once(server, "close");
}

/** What runs until the end. */
interface Parts {
  readonly children: readonly { readonly name: string; readonly server: ServerProcess }[];
  /** Rejects when a server's report is not taken. */
  readonly reporting: Promise<void>;
}

async function start(
  stack: AsyncDisposableStack,
  { ports, intervalSeconds: seconds, grafana: home, release }: Options & { readonly release: Release },
  logs: string,
): Promise<Parts> {
  const logFile = (name: string): string => join(logs, `${name}.log`);
  const { reporting } = await startExporter(stack, release);
  const webhooks = await startWebhookReceiver(stack, writeTo(stack, logFile("notifications")));
  const alertmanager = await startAlertmanager(stack, await hurriedRoutes({ webhooks: webhooks.origin, seconds }), {
    port: await release("alertmanager"),
    logFile: logFile("alertmanager"),
  });
  const rules = await hurriedRules(stack, SECONDS_OF_THE_RULES / seconds);
  const places = { exporterPort: ports.exporter, alertmanagerPort: ports.alertmanager };
  const prometheus = await startPrometheus(stack, await hurriedScrapes({ ...places, rules, seconds }), {
    port: await release("prometheus"),
    logFile: logFile("prometheus"),
  });
  const children = [
    { name: "Alertmanager", server: alertmanager },
    { name: "Prometheus", server: prometheus },
  ];
  if (home === "") return { children, reporting };
  const place = { home, port: await release("grafana"), logFile: logFile("grafana") };
  const grafana = await startGrafana(stack, { ...place, prometheus: prometheus.origin });
  return { children: [...children, { name: "Grafana", server: grafana }], reporting };
}

async function startExporter(stack: AsyncDisposableStack, release: Release): Promise<Pick<Parts, "reporting">> {
  const fleet = stack.use(await startDemoFleet(["created", "disabled"]));
  const exporter = stack.use(await startDemoExporter(fleet, { host: "127.0.0.1", port: await release("exporter") }));
  const end = new AbortController();
  stack.defer(() => end.abort());
  return { reporting: exporter.keepReporting(end.signal) };
}

/** What would be sent, and to whom, is written to a file. */
function writeTo(stack: AsyncDisposableStack, file: string): (delivery: Delivery) => void {
  const stream = createWriteStream(file, { flags: "a" });
  stack.defer(async () => {
    stream.end();
    await once(stream, "close");
  });
  return ({ status, receiver, annotations }) => void stream.write(`${status} ${receiver}: ${annotations["summary"]}\n`);
}

function welcome({ ports, intervalSeconds, grafana }: Options, logs: string): string {
  return `The stack is up. Alerts fire after about ${3 * intervalSeconds + STARTING_SECONDS} seconds. Ctrl-C ends all of it.

  http://localhost:${ports.exporter}/codes    the exporter, and what each code means
  http://localhost:${ports.prometheus}/alerts   Prometheus; try probe_outcome_info{outcome!="success"} in its graph
  http://localhost:${ports.alertmanager}/         Alertmanager: what fires now, put together by whom it concerns
${grafana !== "" ? `  http://localhost:${ports.grafana}/dashboards   Grafana\n` : ""}
Targets are probed every ${intervalSeconds} s, and alerts wait less than by the rules as they are committed, to match.
Logs, and what would be sent to whom (notifications.log), are in ${logs} until the end.
`;
}

/** Resolves when the signal aborts; rejects when something that should run does not. */
async function untilStopped({ children, reporting }: Parts, signal: AbortSignal): Promise<void> {
  const ends = children.map(async ({ name, server }) => {
    const reason = await server.ended();
    if (!signal.aborted) throw new Error(`${name} ended by itself (${reason}):\n${lastLines(server.output())}`);
  });
  const stopped = signal.aborted ? Promise.resolve() : once(signal, "abort");
  await Promise.race([stopped, Promise.all([...ends, reporting])]);
}

function lastLines(text: string): string {
  return text.trimEnd().split("\n").slice(-10).join("\n");
}
