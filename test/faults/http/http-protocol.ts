import type { StreamProtocol } from "../stream-protocol.ts";

/** How a module of the `http` prober is pointed at a place. */
export const HTTP_PROTOCOL: StreamProtocol = {
  subject: "http",
  target: ({ host, port }, channel) => `${channel === "tls" ? "https" : "http"}://${host}:${port}/`,
  settings: ({ tls, sourceAddress }) => ({
    http: {
      ...(tls === undefined ? {} : { tls_config: tls }),
      ...(sourceAddress === undefined ? {} : { source_ip_address: sourceAddress }),
    },
  }),
};
