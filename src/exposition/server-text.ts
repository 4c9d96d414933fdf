import { codesOf } from "../catalogue/codes-of.ts";
import type { ServerStatus } from "../outcome/server-status.ts";
import { type StatusFamily, statusText } from "./status-text.ts";
import type { TextFormat } from "./text-format.ts";

/** How the servers stand that send reports, as text to be put before other families. */
export function serverText(statuses: readonly ServerStatus[], format: TextFormat): string {
  return statusText(statuses, { families: FAMILIES, label: "server", nameOf: ({ server }) => server, format });
}

const FAMILIES: readonly StatusFamily<ServerStatus>[] = [
  {
    name: "status_exporter_server_last_report_timestamp_seconds",
    help: "When the last report of a server came in, in Unix seconds; absent before the first",
    samples: ({ reportedAt }) => (reportedAt === undefined ? [] : [["", reportedAt / 1000]]),
  },
  {
    name: "status_exporter_server_status_code",
    help: "The documented status code of a server by its last report",
    samples: ({ outcome }) =>
      codesOf({ subject: "server", outcome, httpStatus: undefined }).map(({ catalogue, list, code }) => [
        `catalogue="${catalogue}",list="${list}",`,
        code,
      ]),
  },
];
