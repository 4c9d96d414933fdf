import { once } from "node:events";
import type { Server } from "node:http";
import type { ListenPlace } from "./listen-address.ts";

/** One server for each address, all with the same application. */
export interface WebServer {
  /** Where it listens, e.g. `http://[::]:9115`; with the port that the system chose where 0 was asked for. */
  readonly urls: readonly string[];
  /** Takes no more connections and resolves when the last answer has left. */
  close(): Promise<void>;
}

/** Listens on every address before it resolves; rejects with the system's error where one is taken or forbidden. */
export async function startWebServer(options: {
  readonly createServer: () => Server;
  readonly addresses: readonly ListenPlace[];
  readonly scheme: "http" | "https";
}): Promise<WebServer> {
  const pairs = options.addresses.map((address) => ({ server: options.createServer(), address }));
  await Promise.all(pairs.map(({ server, address }) => once(server.listen(address), "listening")));
  return {
    urls: pairs.map(({ server }) => urlOf(server, options.scheme)),
    close: async () => {
      await Promise.all(pairs.map(({ server }) => closeGently(server)));
    },
  };
}

/** Answers in flight still leave; a connection that is kept alive ends as soon as it has nothing more to say. */
async function closeGently(server: Server): Promise<void> {
  const closed = once(server, "close");
  // Before the application, which may have answered when its listener returns.
  server.prependListener("request", (_request, response) => response.setHeader("Connection", "close"));
  server.close();
  const reap = setInterval(() => server.closeIdleConnections(), REAP_MILLISECONDS);
  await closed;
  clearInterval(reap);
}

/** How soon after its last answer a kept-alive connection is noticed while stopping. */
const REAP_MILLISECONDS = 50;

function urlOf(server: Server, scheme: string): string {
  const address = server.address();
  if (address === null || typeof address === "string") return `unix:${address ?? ""}`;
  const host = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return `${scheme}://${host}:${address.port}`;
}
