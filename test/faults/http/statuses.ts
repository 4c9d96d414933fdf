import type { Fault } from "../fault.ts";
import { respond } from "../servers/answers.ts";
import { startHttpServer } from "../servers/http-server.ts";
import { httpFault } from "./http-fault.ts";

/** The statuses that Cloud Monitor lists as common, each of which stands as its code. */
const COMMON_STATUSES = [
  200, 300, 301, 302, 303, 304, 305, 400, 401, 403, 404, 405, 406, 407, 408, 409, 411, 412, 413, 414, 415, 416, 417,
  499, 500, 501, 502, 503, 504, 505,
];

/** A status that is in no list: its code is the status all the same. */
const UNCOMMON_STATUS = 418;

/** Each final status that a response may have; no redirection among them names a place to go to. */
export const STATUS_FAULTS: readonly Fault[] = [...COMMON_STATUSES, UNCOMMON_STATUS].map((status) =>
  httpFault({
    name: status === 200 ? "a healthy site" : `a response of status ${status}`,
    outcome: status === 200 ? "success" : "content/status-not-allowed",
    httpStatus: status,
    start: () =>
      startHttpServer((socket, { path }) => respond(socket, { status: Number(path.slice("/status/".length)) })),
    target: ({ host, port }) => `http://${host}:${port}/status/${status}`,
  }),
);
