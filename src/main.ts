#!/usr/bin/env -S node --max-semi-space-size=8 --heap-growing-percent=20
import { type CommandLine, helpText, readCommandLine } from "./command-line/flags.ts";
import { createLogger, type Logger } from "./command-line/logger.ts";
import { reportCommand } from "./command-line/report-command.ts";
import { returnFreedMemory } from "./command-line/return-freed-memory.ts";
import { LOG_LEVELS } from "./outcome/report.ts";
import { VERSION } from "./probe/version.ts";

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
  // A probe at the terminal ends before there is much to give back.
  if (command === undefined) await returnFreedMemory(logger);
  // An agent on a server needs none of what an exporter is made of, which is most of the memory.
  const { runExporter } = await import("./command-line/run-exporter.ts");
  return runExporter({ commandLine, logger, refuse });
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
