import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer, type ServerOptions } from "node:https";
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
  readonly application: RequestListener;
  readonly addresses: readonly ListenPlace[];
  readonly tls: ServerOptions | undefined;
}): Promise<WebServer> {
  const servers = options.addresses.map(() => createOne(options));
  await Promise.all(servers.map((server, index) => once(server.listen(options.addresses[index]), "listening")));
  return {
    urls: servers.map((server) => urlOf(server, options.tls === undefined ? "http" : "https")),
    close: async () => {
      await Promise.all(servers.map(closeGently));
    },
  };
}

function createOne({
  application,
  tls,
}: {
  readonly application: RequestListener;
  readonly tls: ServerOptions | undefined;
}): Server {
  return tls === undefined ? createServer(application) : createTlsServer(tls, application);
}

/** Answers in flight still leave; a connection that is kept alive ends as soon as it has nothing more to say. */
async function closeGently(server: Server): Promise<void> {
  const closed = once(server, "close");
  server.on("request", (_request, response) => response.setHeader("Connection", "close"));
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
