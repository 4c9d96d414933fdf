import type { RequestListener, Server } from "node:http";
import { createServer as createTlsServer, type Server as TlsServer } from "node:https";
import type { TLSSocket } from "node:tls";
import { createServer as createPlainServer } from "../network/node-http.ts";
import { admitsClient } from "./web-config-clients.ts";
import type { WebConfigHolder } from "./web-config-holder.ts";

/** The server that the web configuration asks for: HTTP, or HTTPS with certificates that may change while it serves. */
export function createWebServer(listener: RequestListener, holder: WebConfigHolder): Server | TlsServer {
  const { tls } = holder.current;
  if (tls === undefined) return createPlainServer(listener);
  const { certificate, verified } = tls.clientPolicy;
  const server = createTlsServer(
    {
      ...tls.context,
      requestCert: certificate !== "ignored",
      // Where every client needs a trusted certificate, the handshake itself refuses; the rest is judged right after it.
      rejectUnauthorized: certificate === "required" && verified,
    },
    listener,
  );
  server.prependListener("secureConnection", (socket: TLSSocket) => {
    const now = holder.current.tls;
    if (now !== undefined && !admitsClient(socket, now)) socket.destroy();
  });
  // An expired certificate keeps every request away, so its replacement must be noticed without one.
  server.on("connection", () => void holder.refreshed());
  holder.subscribe(({ tls: changed }) => {
    if (changed !== undefined) server.setSecureContext(changed.context);
  });
  return server;
}
