import { availableParallelism } from "node:os";
import { type ParseArgsConfig, parseArgs } from "node:util";
import { LOG_LEVELS } from "../outcome/report.ts";
import { LOG_FORMATS } from "./logger.ts";

interface Flag {
  /** `switch` is on or off (`--name`, `--no-name`), `list` may be given several times. */
  readonly kind: "text" | "list" | "switch" | "number" | "count";
  readonly default: string | boolean;
  readonly help: string;
  readonly choices?: readonly string[];
}

/** The flags of the exporter, with the names that blackbox_exporter and the Prometheus family give them. */
const FLAGS = {
  "config.file": { kind: "text", default: "config/status.yml", help: "Configuration file." },
  "config.check": { kind: "switch", default: false, help: "Check the configuration file, then exit." },
  "config.enable-auto-reload": {
    kind: "switch",
    default: false,
    help: "Reload the configuration file when its content changes.",
  },
  "config.auto-reload-interval": {
    kind: "count",
    default: "30",
    help: "Seconds between looks at the configuration file.",
  },
  "timeout-offset": { kind: "number", default: "0.5", help: "Seconds to take off the scrape's timeout." },
  "history.limit": { kind: "count", default: "100", help: "How many results to keep for the home page." },
  "probe.threads": {
    kind: "count",
    default: String(defaultThreads(availableParallelism())),
    help: "Threads that probe, beside the one that serves; 0 probes in that one. By default one less than there are cores, at most 4, and 0 on two cores.",
  },
  "storage.path": {
    kind: "text",
    default: "data",
    help: "Folder for what must survive a restart, made when first needed; empty to keep it in memory only.",
  },
  "storage.url": {
    kind: "text",
    default: "",
    help: "Redis or Valkey server to keep it in instead, which several exporters may share: redis://user@host:6379/0, rediss:// with TLS. Wins over --storage.path.",
  },
  "storage.password-file": { kind: "text", default: "", help: "File that holds the password for --storage.url." },
  "web.listen-address": {
    kind: "list",
    default: ":9115",
    help: "Address to listen on, [host]:port; may be given several times.",
  },
  "web.config.file": { kind: "text", default: "", help: "File that turns on TLS or basic authentication." },
  "web.external-url": {
    kind: "text",
    default: "",
    help: "URL under which the exporter is reached from outside, for links; its path is the default route prefix.",
  },
  "web.route-prefix": { kind: "text", default: "", help: "Path under which everything is served." },
  "web.systemd-socket": { kind: "switch", default: false, help: "Listen on the sockets that systemd passes." },
  "log.level": { kind: "text", default: "info", help: "Least level to log.", choices: LOG_LEVELS },
  "log.format": { kind: "text", default: "logfmt", help: "Format of log lines.", choices: LOG_FORMATS },
  "log.prober": {
    kind: "text",
    default: "debug",
    help: "Least level of a probe's own lines to keep for debug output and history.",
    choices: [...LOG_LEVELS, "none"],
  },
  service: {
    kind: "text",
    default: "",
    help: "With probe: name of a declared service to probe, in place of MODULE and TARGET.",
  },
  hostname: { kind: "text", default: "", help: "With probe: the name that a scrape gives as hostname=." },
  to: { kind: "text", default: "", help: "With report: URL of the exporter that takes the reports." },
  server: { kind: "text", default: "", help: "With report: name of this server in the exporter's configuration." },
  "token-file": { kind: "text", default: "", help: "With report: file that holds this server's token." },
  interval: { kind: "text", default: "60s", help: "With report: time from one report to the next." },
  once: { kind: "switch", default: false, help: "With report: send one report, then exit." },
  "path.procfs": { kind: "text", default: "/proc", help: "With report: where the system's /proc is mounted." },
  "path.rootfs": { kind: "text", default: "/", help: "With report: where the system's root is mounted." },
  version: { kind: "switch", default: false, help: "Show the version, then exit." },
  help: { kind: "switch", default: false, help: "Show this help, then exit." },
} as const satisfies Record<string, Flag>;

/**
 * One core is left to the thread that serves. Of two cores one is also the targets' and the scraper's, so that a second
 * thread wins a tenth more probes per second for a quarter more memory.
 */
function defaultThreads(cores: number): number {
  return cores <= 2 ? 0 : Math.min(4, cores - 1);
}

type FlagName = keyof typeof FLAGS;

/** The command line, read and checked. */
export interface CommandLine {
  readonly positionals: readonly string[];
  text(name: FlagName): string;
  list(name: FlagName): readonly string[];
  number(name: FlagName): number;
  on(name: FlagName): boolean;
}

/** Reads the arguments after the program's name; a mistake is an `Error` whose message is for the person. */
export function readCommandLine(args: readonly string[]): CommandLine {
  const { values, positionals } = parse(args);
  for (const name of FLAG_NAMES) check(name, values[name]);
  return {
    positionals,
    text: (name) => String(values[name]),
    list: (name) => [values[name]].flat().map(String),
    number: (name) => Number(values[name]),
    on: (name) => values[name] === true,
  };
}

/** What `--help` prints. */
export function helpText(): string {
  const flags = FLAG_NAMES.map((name) => {
    const flag: Flag = FLAGS[name];
    const label = flag.kind === "switch" ? `--[no-]${name}` : `--${name}=${flag.default === "" ? '""' : flag.default}`;
    const choices = flag.choices === undefined ? "" : ` One of: ${flag.choices.join(", ")}.`;
    return `  ${label}\n      ${flag.help}${choices}`;
  });
  return [
    "usage: status-exporter [<flags>]",
    "       status-exporter [<flags>] probe MODULE TARGET",
    "       status-exporter [<flags>] probe --service=NAME",
    "       status-exporter report --to=URL --server=NAME --token-file=FILE [--interval=60s] [--once]",
    "",
    "A Prometheus exporter that probes targets and says why a probe failed, in documented status codes.",
    "",
    ...flags,
    "",
  ].join("\n");
}

const FLAG_NAMES = Object.keys(FLAGS).filter((name): name is FlagName => name in FLAGS);

function parse(args: readonly string[]): {
  readonly values: Readonly<Record<string, unknown>>;
  readonly positionals: readonly string[];
} {
  const options: NonNullable<ParseArgsConfig["options"]> = {};
  for (const name of FLAG_NAMES) {
    const flag: Flag = FLAGS[name];
    options[name] =
      typeof flag.default === "boolean"
        ? { type: "boolean", default: flag.default }
        : flag.kind === "list"
          ? { type: "string", multiple: true, default: [flag.default] }
          : { type: "string", default: flag.default };
  }
  options["help"] = { type: "boolean", default: false, short: "h" };
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, allowNegative: true, strict: true });
  } catch (error) {
    // Node's sentence goes on about positional arguments, which is of no use here.
    const [sentence] = error instanceof Error ? error.message.split(". ") : [String(error)];
    throw new Error(`${sentence}, try --help`, { cause: error });
  }
}

function check(name: FlagName, value: unknown): void {
  const flag: Flag = FLAGS[name];
  const found = JSON.stringify(value);
  if (flag.choices !== undefined && !flag.choices.includes(String(value))) {
    throw new Error(`Cannot read --${name}: expected one of ${flag.choices.join(", ")}, found ${found}`);
  }
  if (flag.kind === "number" && !(String(value).trim() !== "" && Number.isFinite(Number(value)))) {
    throw new Error(`Cannot read --${name}: expected a number, found ${found}`);
  }
  if (flag.kind === "count" && !/^\d{1,9}$/.test(String(value))) {
    throw new Error(`Cannot read --${name}: expected a whole number, found ${found}`);
  }
}
