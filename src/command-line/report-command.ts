import { collectReport } from "../agent/collect-report.ts";
import { runAgent } from "../agent/run-agent.ts";
import { sendReport } from "../agent/send-report.ts";
import { sleep } from "../network/deadline.ts";
import { duration } from "../settings/duration.ts";
import { SecretFile } from "../settings/secret-source.ts";
import type { CommandLine } from "./flags.ts";
import type { Logger } from "./logger.ts";

/** Sends this server's reports to an exporter; the exit code is 0 where the last of them was taken, and 1 otherwise. */
export function reportCommand(options: {
  readonly commandLine: CommandLine;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}): Promise<0 | 1> {
  const { commandLine, logger, signal } = options;
  const destination = {
    url: readUrl(commandLine.text("to")),
    server: required(commandLine, "server"),
    token: new SecretFile(required(commandLine, "token-file")),
  };
  const paths = { proc: commandLine.text("path.procfs"), root: commandLine.text("path.rootfs") };
  const onRenamed = tellOnce(logger);
  return runAgent({
    collect: () => collectReport(paths, { onRenamed }),
    send: (report) => sendReport(report, { destination, signal }),
    intervalSeconds: readInterval(commandLine.text("interval")),
    mode: commandLine.on("once") ? "once" : "always",
    signal,
    now: () => performance.now() / 1000,
    sleep,
    random: () => Math.random(),
    log: (level, message, fields) => logger.log(level, message, fields),
  });
}

/** A name stays as it is from report to report: once is enough. */
function tellOnce(logger: Logger): (name: string, reported: string) => void {
  const told = new Set<string>();
  return (name, reported) => {
    if (told.has(name)) return;
    told.add(name);
    logger.log("warn", "A name is reported in another form, for it is too long or has control characters", {
      reported,
    });
  };
}

function required(commandLine: CommandLine, name: "server" | "token-file"): string {
  const value = commandLine.text(name);
  if (value === "") throw new Error(`report needs --${name}, try --help`);
  return value;
}

function readUrl(text: string): URL {
  const url = URL.parse(text);
  if (url !== null && (url.protocol === "http:" || url.protocol === "https:") && url.username === "") return url;
  throw new Error(
    `Cannot read --to: expected a URL such as "https://status.example.com", found ${JSON.stringify(text)}`,
  );
}

/** An exporter takes one report in five seconds. */
const LEAST_INTERVAL_SECONDS = 5;

function readInterval(text: string): number {
  const read = duration.safeParse(text);
  if (read.success && read.data >= LEAST_INTERVAL_SECONDS) return read.data;
  throw new Error(
    `Cannot read --interval: expected a duration of at least ${LEAST_INTERVAL_SECONDS}s, found ${JSON.stringify(text)}`,
  );
}
