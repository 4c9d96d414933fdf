import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";

/** An exporter under measurement, running as its users run it. */
export interface Contender extends AsyncDisposable {
  readonly name: string;
  readonly version: string;
  readonly port: number;
  readonly pid: number;
}

const MODULES = fileURLToPath(new URL("./modules.yml", import.meta.url));
/** What `npm run build` made: the exporter as it is released. */
const MAIN = fileURLToPath(new URL("../dist/main.js", import.meta.url));
const BLACKBOX = "prometheus-blackbox-exporter";

/** How long an exporter may take to listen: many times what it needs on a slow machine. */
const START_MILLISECONDS = 20_000;
const POLL_MILLISECONDS = 50;

export function startStatusExporter(): Promise<Contender> {
  return start("status-exporter", {
    command: process.execPath,
    args: [...engineFlags(), MAIN],
    version: process.version,
  });
}

/** The flags for the JavaScript engine in the first line of the program, which applies where it is run by its name. */
function engineFlags(): readonly string[] {
  const [firstLine = ""] = readFileSync(MAIN, "utf8").split("\n", 1);
  return firstLine.split(" ").filter((word) => word.startsWith("--"));
}

/** Undefined where blackbox_exporter is not installed. */
export async function startBlackboxExporter(): Promise<Contender | undefined> {
  const { stdout, stderr, error } = spawnSync(BLACKBOX, ["--version"], { encoding: "utf8" });
  if (error !== undefined) return undefined;
  const version = /version (\S+?),? /.exec(stdout + stderr)?.[1] ?? "unknown";
  return start("blackbox_exporter", { command: BLACKBOX, args: [], version });
}

async function start(
  name: string,
  program: { readonly command: string; readonly args: readonly string[]; readonly version: string },
): Promise<Contender> {
  const port = await freePort();
  const flags = [`--config.file=${MODULES}`, `--web.listen-address=127.0.0.1:${port}`, "--log.level=error"];
  const child = spawn(program.command, [...program.args, ...flags], { stdio: ["ignore", "inherit", "inherit"] });
  await untilHealthy(child, { name, port });
  if (child.pid === undefined) throw new Error(`${name} has no process`);
  return { name, version: program.version, port, pid: child.pid, [Symbol.asyncDispose]: () => end(child) };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (address === null || typeof address === "string") throw new Error("Cannot find a free port");
  return address.port;
}

async function untilHealthy(child: ChildProcess, { name, port }: { readonly name: string; readonly port: number }) {
  const giveUpAt = Date.now() + START_MILLISECONDS;
  while (!(await isHealthy(port))) {
    if (child.exitCode !== null) throw new Error(`${name} ended at its start with exit code ${child.exitCode}`);
    if (Date.now() > giveUpAt) throw new Error(`${name} does not answer on port ${port}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MILLISECONDS));
  }
}

async function isHealthy(port: number): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${port}/-/healthy`).catch(() => undefined);
  await answer?.body?.cancel();
  return answer?.ok === true;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  await once(child, "exit");
}
