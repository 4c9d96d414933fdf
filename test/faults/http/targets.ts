import type { Fault } from "../fault.ts";
import { startStreamServer } from "../servers/stream-server.ts";
import { httpFault } from "./http-fault.ts";

/** What may be wrong with a target that should be a URL; a server stands by to show that nothing reaches it. */
export const TARGET_FAULTS: readonly Fault[] = [
  httpFault({
    name: "a URL without a host",
    outcome: "request/parameter-missing",
    start: () => startStreamServer(() => undefined),
    target: () => "http://",
  }),
  httpFault({
    name: "a URL whose port is out of range",
    outcome: "request/parameter-missing",
    start: () => startStreamServer(() => undefined),
    target: () => "http://127.0.0.1:65536/",
  }),
  httpFault({
    name: "a target that is no URL",
    outcome: "request/parameter-missing",
    start: () => startStreamServer(() => undefined),
    target: () => "not a url",
  }),
  httpFault({
    name: "a URL of another protocol",
    outcome: "request/unsupported-scheme",
    start: () => startStreamServer(() => undefined),
    target: ({ host, port }) => `ftp://${host}:${port}/`,
  }),
];
