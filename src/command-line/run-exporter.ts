import { ConfigurationHolder } from "../config/configuration-holder.ts";
import { loadConfiguration } from "../config/load-configuration.ts";
import { readConfigurationFile } from "../config/read-configuration-file.ts";
import { sleep } from "../network/deadline.ts";
import { VERSION } from "../probe/version.ts";
import { PROBERS } from "../probers/all.ts";
import { openWebConfig } from "../web/web-config-holder.ts";
import type { CommandLine } from "./flags.ts";
import type { Logger } from "./logger.ts";
import { probeCommand } from "./probe-command.ts";
import { serve, warn } from "./serve.ts";

/** Serves, checks the configuration or runs one probe, as the command line says; yields the exit code. */
export async function runExporter({
  commandLine,
  logger,
  refuse,
}: {
  readonly commandLine: CommandLine;
  readonly logger: Logger;
  /** Tells whoever started the exporter what is wrong. */
  readonly refuse: (problems: readonly string[]) => 1;
}): Promise<number> {
  const [command, ...operands] = commandLine.positionals;
  const holder = holderOf(commandLine.text("config.file"));
  const loaded = await holder.load();
  if (loaded.kind === "refused") return refuse(loaded.problems);
  if (command === "probe") return probe({ commandLine, operands, configuration: holder.current.configuration });
  const web = await openWebConfig(commandLine.text("web.config.file"), {
    onProblems: (problems) => problems.forEach((problem) => logger.log("error", problem)),
    now: () => performance.now(),
  });
  if ("problems" in web) return refuse(web.problems);
  warn(holder, logger);
  if (commandLine.on("config.check")) {
    process.stdout.write(`${commandLine.text("config.file")} is valid\n`);
    return 0;
  }
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

/** Interrupting cancels the probe. */
function probe(given: Omit<Parameters<typeof probeCommand>[0], "signal" | "write">): Promise<number> {
  const interrupted = new AbortController();
  process.once("SIGINT", () => interrupted.abort());
  return probeCommand({ ...given, signal: interrupted.signal, write: (text) => process.stdout.write(text) });
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
