import type { Approach } from "../approach.ts";
import { startServer } from "../servers/fault-server.ts";

/** How a module of the `http` prober is pointed at a place. */
export const HTTP_APPROACH: Approach = {
  subject: "http",
  listen: startServer,
  target: ({ host, port }, channel) => `${channel === "tls" ? "https" : "http"}://${host}:${port}/`,
  settings: ({ tls, sourceAddress }) => ({
    http: {
      ...(tls === undefined ? {} : { tls_config: tls }),
      ...(sourceAddress === undefined ? {} : { source_ip_address: sourceAddress }),
    },
  }),
};
