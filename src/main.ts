#!/usr/bin/env node
import { type CommandLine, helpText, readCommandLine } from "./command-line/flags.ts";
import { createLogger, type Logger } from "./command-line/logger.ts";
import { probeCommand } from "./command-line/probe-command.ts";
import { reportCommand } from "./command-line/report-command.ts";
import { serve, warn } from "./command-line/serve.ts";
import { ConfigurationHolder } from "./config/configuration-holder.ts";
import { loadConfiguration } from "./config/load-configuration.ts";
import { readConfigurationFile } from "./config/read-configuration-file.ts";
import { sleep } from "./network/deadline.ts";
import { LOG_LEVELS } from "./outcome/report.ts";
import { VERSION } from "./probe/version.ts";
import { PROBERS } from "./probers/all.ts";
import { openWebConfig } from "./web/web-config-holder.ts";

process.exitCode = await main(process.argv.slice(2)).catch(fail);

/** The exit code: 0, or 1 after a mistake of whoever started it or a probe that failed. */
async function main(args: readonly string[]): Promise<number> {
  const commandLine = readCommandLine(args);
  if (commandLine.on("help")) return print(helpText());
  if (commandLine.on("version")) return print(`status-exporter ${VERSION} (Node.js ${process.versions.node})\n`);
  const [command, ...operands] = commandLine.positionals;
  if (command !== undefined && command !== "probe" && command !== "report")
    throw new Error(`unexpected ${JSON.stringify(command)}, try --help`);
  const logger = createLogger({
    level: LOG_LEVELS.find((level) => level === commandLine.text("log.level")) ?? "info",
    format: commandLine.text("log.format") === "json" ? "json" : "logfmt",
    write: (line) => process.stderr.write(line),
  });
  if (command === "report") return report(operands, { commandLine, logger });
  const holder = holderOf(commandLine.text("config.file"));
  const loaded = await holder.load();
  if (loaded.kind === "refused") return refuse(loaded.problems);
  if (command === "probe") return probe(holder, operands);
  const web = await openWebConfig(commandLine.text("web.config.file"), {
    onProblems: (problems) => problems.forEach((problem) => logger.log("error", problem)),
    now: () => performance.now(),
  });
  if ("problems" in web) return refuse(web.problems);
  warn(holder, logger);
  if (commandLine.on("config.check")) return print(`${commandLine.text("config.file")} is valid\n`);
  await serveUntilStopped({ commandLine, holder, web, logger });
  return 0;
}

function holderOf(path: string): ConfigurationHolder {
  return new ConfigurationHolder({
    read: () => readConfigurationFile(path),
    parse: (text) => loadConfiguration(text, PROBERS),
    now: () => Date.now(),
    sleep,
  });
}

async function probe(holder: ConfigurationHolder, operands: readonly string[]): Promise<number> {
  const [module, target, ...more] = operands;
  if (module === undefined || target === undefined || more.length > 0) {
    throw new Error("expected probe MODULE TARGET, try --help");
  }
  const interrupted = new AbortController();
  process.once("SIGINT", () => interrupted.abort());
  return probeCommand({
    modules: holder.current.configuration.modules,
    module,
    target,
    signal: interrupted.signal,
    write: (text) => process.stdout.write(text),
  });
}

/** Reports until SIGTERM or SIGINT. */
function report(
  operands: readonly string[],
  options: { readonly commandLine: CommandLine; readonly logger: Logger },
): Promise<number> {
  if (operands.length > 0) throw new Error(`unexpected ${JSON.stringify(operands[0])}, try --help`);
  const stopped = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => stopped.abort());
  return reportCommand({ ...options, signal: stopped.signal });
}

/** Serves until SIGTERM or SIGINT; probes in flight are answered first, a second signal does not wait for them. */
async function serveUntilStopped(options: Parameters<typeof serve>[0]): Promise<void> {
  const { logger } = options;
  const exporter = await serve(options);
  const stopped = Promise.withResolvers<NodeJS.Signals>();
  process.on("SIGHUP", () => void exporter.reload());
  process.once("SIGTERM", stopped.resolve);
  process.once("SIGINT", stopped.resolve);
  for (const url of exporter.urls) logger.log("info", "Listening", { url, version: VERSION });
  const signal = await stopped.promise;
  logger.log("info", "Stopping", { signal });
  await exporter.stop();
}

function print(text: string): 0 {
  process.stdout.write(text);
  return 0;
}

function refuse(problems: readonly string[]): 1 {
  for (const problem of problems) process.stderr.write(`status-exporter: error: ${problem}\n`);
  return 1;
}

/** Whoever started the exporter gets one line; a stack only where the fault is the exporter's own. */
function fail(error: unknown): 1 {
  const message = error instanceof Error ? error.message : String(error);
  const defect = error instanceof TypeError && error.stack !== undefined && !("code" in error);
  return refuse([defect ? (error.stack ?? message) : message]);
}
