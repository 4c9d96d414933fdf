import type { Fault } from "../fault.ts";
import { staticFault } from "../static-fault.ts";

const MODULE = { prober: "http", timeout: "5s" };

/** What may be wrong with a target that should be a URL. */
export const TARGET_FAULTS: readonly Fault[] = [
  staticFault("http", {
    name: "a URL without a host",
    outcome: "request/parameter-missing",
    target: "http://",
    module: MODULE,
  }),
  staticFault("http", {
    name: "a URL whose port is out of range",
    outcome: "request/parameter-missing",
    target: "http://127.0.0.1:65536/",
    module: MODULE,
  }),
  staticFault("http", {
    name: "a target that is no URL",
    outcome: "request/parameter-missing",
    target: "not a url",
    module: MODULE,
  }),
  staticFault("http", {
    name: "a URL of another protocol",
    outcome: "request/unsupported-scheme",
    target: "ftp://127.0.0.1/",
    module: MODULE,
  }),
];
