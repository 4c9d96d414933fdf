import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { request as open } from "../network/node-http.ts";

/** Asks for a URL over a connection to its host (HTTP/1.1). Rejects with the system's error, or where no answer comes. */
export function getOver(
  socket: Socket,
  given: { readonly url: URL; readonly headers: Readonly<Record<string, string>>; readonly signal: AbortSignal },
): Promise<IncomingMessage> {
  const { url, headers, signal } = given;
  return new Promise((resolve, reject) => {
    const path = `${url.pathname}${url.search}`;
    const request = open({ method: "GET", path, headers, createConnection: () => socket, signal });
    request.on("response", resolve);
    request.on("error", reject);
    request.on("close", () => reject(closedByServer()));
    request.end();
  });
}

function closedByServer(): Error {
  return Object.assign(new Error("The server closed the connection without an answer"), { code: "ECONNRESET" });
}
