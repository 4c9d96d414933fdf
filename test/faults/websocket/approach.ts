import type { Approach } from "../approach.ts";
import type { Settings } from "../fault.ts";
import { startServer } from "../servers/fault-server.ts";

/** How a module of the `websocket` prober is pointed at a place. */
export const WEBSOCKET_APPROACH: Approach = {
  subject: "websocket",
  listen: startServer,
  target: ({ host, port }, channel) => `${channel === "tls" ? "wss" : "ws"}://${host}:${port}/`,
  settings: ({ tls, sourceAddress, steps }): Settings => ({
    websocket: {
      ...(tls === undefined ? {} : { http_config: { tls_config: tls } }),
      ...(sourceAddress === undefined ? {} : { source_ip_address: sourceAddress }),
      ...(steps === undefined ? {} : { query_response: steps }),
    },
  }),
};
