import type { Runner } from "../runner/runner.ts";
import type { Logger } from "./logger.ts";

/** The same runner, which also writes each probe's own lines to the log where that is at `debug`. */
export function loggedRunner(runner: Runner, logger: Logger): Runner {
  if (!logger.enabled("debug")) return runner;
  return {
    async run(request, signal) {
      const report = await runner.run(request, signal);
      for (const { level, message, fields } of report.log) {
        logger.log(level, message, { module: report.module, target: report.target, ...fields });
      }
      return report;
    },
  };
}
