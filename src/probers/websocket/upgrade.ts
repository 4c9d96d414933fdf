import type { Socket } from "node:net";
import { WebSocket } from "ws";
import { ProbeFailure } from "../../outcome/probe-failure.ts";
import { Connection } from "./connection.ts";

export interface UpgradeOptions {
  /** Where to; its user information is not looked at. */
  readonly url: URL;
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly subprotocols: readonly string[];
  readonly largestMessageBytes: number;
  /** How many messages will be read. */
  readonly mostMessages: number;
  /** Makes what the server says fit to be shown. */
  readonly show: (text: string) => string;
  /** Told the status of the answer before anything else of it is looked at. */
  readonly onStatus: (status: number) => void;
}

/** What became of the request: an open WebSocket, or any other answer in HTTP. */
export type Upgraded =
  | { readonly kind: "open"; readonly connection: Connection }
  | { readonly kind: "answered"; readonly status: number; readonly location: string | undefined };

/**
 * Asks for a WebSocket over a connected socket (RFC 6455 §4.1), which stays the caller's. Rejects with a `ProbeFailure`
 * `upgrade/malformed` where the server agrees in a way that a client must not accept, or with the socket's error.
 */
export async function upgrade(socket: Socket, options: UpgradeOptions): Promise<Upgraded> {
  const { promise, resolve, reject } = Promise.withResolvers<Upgraded>();
  const websocket = new WebSocket(withoutUserinfo(options.url), [...options.subprotocols], {
    ...PATIENCE,
    createConnection: () => socket,
    followRedirects: false,
    // Nothing that a probe says or reads is worth it, and what is not unpacked cannot be a bomb.
    perMessageDeflate: false,
    maxPayload: options.largestMessageBytes,
    finishRequest(request) {
      let informational = 0;
      request.on("information", () => {
        informational += 1;
        if (informational > MOST_INFORMATIONAL_RESPONSES) reject(malformed("The server sends no end of HTTP statuses"));
      });
      for (const [name, values] of options.headers) request.setHeader(name, [...values]);
      request.end();
    },
  });
  const connection = new Connection(websocket, { most: options.mostMessages, show: options.show });
  websocket.on("upgrade", ({ statusCode = 0 }) => options.onStatus(statusCode));
  websocket.on("unexpected-response", (_, { statusCode = 0, headers }) => {
    options.onStatus(statusCode);
    // The HTTP client sees an upgrade only where both headers are there.
    if (statusCode === 101) reject(malformed(`${AGREES} without the header Upgrade or Connection`));
    else resolve({ kind: "answered", status: statusCode, location: headers.location });
  });
  websocket.on("open", () => resolve({ kind: "open", connection }));
  websocket.on("error", (error) => reject(explain(error)));
  try {
    return await promise;
  } catch (error) {
    websocket.terminate();
    throw error;
  }
}

/**
 * The library tells of the server's close only when the connection is gone too, and gives the server 30 s for that. The
 * option is so new that the library's types lack it. In milliseconds: a round trip, also a long one.
 */
const PATIENCE = { closeTimeout: 500 } as const;

/** One or the other may come from something in between. */
const MOST_INFORMATIONAL_RESPONSES = 10;

function withoutUserinfo(url: URL): URL {
  const bare = new URL(url);
  bare.username = "";
  bare.password = "";
  return bare;
}

const AGREES = "The server agrees to the upgrade";

/** The library's complaints about an answer with the status 101. */
const COMPLAINTS: ReadonlyMap<string, string> = new Map([
  ["Invalid Upgrade header", `${AGREES}, but not to a WebSocket`],
  [
    "Invalid Sec-WebSocket-Accept header",
    `${AGREES} with a wrong Sec-WebSocket-Accept, so it did not read the request`,
  ],
  ["Server sent a subprotocol but none was requested", `${AGREES} with a subprotocol, although none was offered`],
  ["Server sent an invalid subprotocol", `${AGREES} with a subprotocol that was not offered`],
  ["Server sent no subprotocol", `${AGREES} with none of the subprotocols that were offered`],
  [
    "Server sent a Sec-WebSocket-Extensions header but no extension was requested",
    `${AGREES} with an extension, although none was offered`,
  ],
]);

/** The system's and the HTTP client's errors have codes, by which they are classified; the library's have none. */
function explain(error: Error): unknown {
  const code = "code" in error ? error.code : undefined;
  if (code === "ECONNRESET" && error.message === "socket hang up") {
    return malformed("The server closed the connection without an answer to the upgrade");
  }
  if (code !== undefined) return error;
  return malformed(COMPLAINTS.get(error.message) ?? `${AGREES} in a way that cannot be accepted: ${error.message}`);
}

function malformed(detail: string): ProbeFailure {
  return new ProbeFailure("upgrade/malformed", { detail });
}
