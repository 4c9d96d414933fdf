import { connect } from "node:net";
import { type ProcessUsage, processUsage } from "./process-usage.ts";
import { readAnswer } from "./read-answer.ts";

/** What the generator is told, as JSON in its first argument. */
export interface LoadOrder {
  readonly port: number;
  readonly path: string;
  /** Scrapes in flight at any time, each over a connection that is kept. */
  readonly concurrency: number;
  readonly warmUpSeconds: number;
  readonly seconds: number;
  /** The process whose use of CPU and memory is measured between warm-up and end. */
  readonly pid: number;
}

/** What it answers, as JSON on standard output. */
export interface LoadResult {
  readonly probes: number;
  readonly seconds: number;
  /** Answers that were not "probe_success 1", warm-up included, and the first of them. */
  readonly wrong: number;
  readonly firstWrong: string;
  /** Milliseconds per scrape as the generator saw them, in no order. */
  readonly latencies: readonly number[];
  readonly before: ProcessUsage;
  readonly after: ProcessUsage;
  /** The generator's own use of CPU, in cores: near 1, it is the generator that was measured. */
  readonly generatorCores: number;
}

const order: LoadOrder = JSON.parse(process.argv[2] ?? "{}");
const REQUEST = `GET ${order.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Prometheus-Scrape-Timeout-Seconds: 10\r\n\r\n`;

let latencies: number[] = [];
let wrong = 0;
let firstWrong = "";
let startedAt = 0;
let before: ProcessUsage | undefined;

for (let index = 0; index < order.concurrency; index++) scrapeForever();
setTimeout(startMeasuring, order.warmUpSeconds * 1000);

function startMeasuring(): void {
  const generator = process.cpuUsage();
  latencies = [];
  before = processUsage(order.pid);
  startedAt = performance.now();
  setTimeout(() => finish(process.cpuUsage(generator)), order.seconds * 1000);
}

function finish(generator: NodeJS.CpuUsage): void {
  if (before === undefined) throw new Error("The measurement ended before it started");
  const seconds = (performance.now() - startedAt) / 1000;
  const result: LoadResult = {
    probes: latencies.length,
    seconds,
    wrong,
    firstWrong,
    latencies: latencies.map((latency) => Math.round(latency * 1000) / 1000),
    before,
    after: processUsage(order.pid),
    generatorCores: (generator.user + generator.system) / 1e6 / seconds,
  };
  process.stdout.write(JSON.stringify(result), () => process.exit());
}

/** One scrape after the other over one connection, and over a new one where the exporter closes it. */
function scrapeForever(): void {
  const socket = connect({ port: order.port, host: "127.0.0.1", noDelay: true });
  let text = "";
  let sentAt = 0;
  const send = (): void => {
    sentAt = performance.now();
    socket.write(REQUEST);
  };
  socket.setEncoding("latin1");
  socket.on("connect", send);
  socket.on("data", (chunk: string) => {
    text += chunk;
    const answer = readAnswer(text);
    if (answer === undefined) return;
    latencies.push(performance.now() - sentAt);
    if (answer.status !== 200 || !answer.body.includes("\nprobe_success 1\n")) noteWrong(text);
    text = text.slice(answer.end);
    if (answer.keepAlive) send();
    else socket.end();
  });
  socket.on("error", (error) => noteWrong(error.message));
  socket.on("close", scrapeForever);
}

function noteWrong(what: string): void {
  wrong++;
  if (firstWrong === "") firstWrong = what;
}
