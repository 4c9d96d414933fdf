import { LOG_LEVELS, type LogLevel, type LogLine } from "../outcome/report.ts";
import { formatLogfmt } from "../web/log-line.ts";

/** Writes the exporter's own events, one line each, in the Prometheus family's formats. */
export interface Logger {
  log(level: LogLevel, message: string, fields?: LogLine["fields"]): void;
  /** Whether lines of this level are written at all. */
  enabled(level: LogLevel): boolean;
}

export const LOG_FORMATS = ["logfmt", "json"] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

export function createLogger(options: {
  readonly level: LogLevel;
  readonly format: LogFormat;
  readonly write: (line: string) => void;
}): Logger {
  const least = LOG_LEVELS.indexOf(options.level);
  const format = options.format === "json" ? formatJson : formatLogfmt;
  const enabled = (level: LogLevel): boolean => LOG_LEVELS.indexOf(level) >= least;
  return {
    enabled,
    log(level, message, fields = {}) {
      if (enabled(level)) options.write(`${format({ time: Date.now(), level, message, fields })}\n`);
    },
  };
}

function formatJson({ time, level, message, fields }: LogLine): string {
  return JSON.stringify({ time: new Date(time).toISOString(), level: level.toUpperCase(), msg: message, ...fields });
}
