import { once } from "node:events";
import type { Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { startAlarm } from "../network/deadline.ts";
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
  const pairs = options.addresses.map((address) => ({ visited: new VisitedServer(options.createServer()), address }));
  await Promise.all(pairs.map(({ visited, address }) => once(visited.server.listen(address), "listening")));
  return {
    urls: pairs.map(({ visited }) => urlOf(visited.server, options.scheme)),
    close: async () => {
      await Promise.all(pairs.map(({ visited }) => visited.close()));
    },
  };
}

/** The longest probe without a limit of its own; after it, who still waits has stopped reading or never sent the rest. */
const LONGEST_GOODBYE_SECONDS = 120;

/**
 * A server that knows who is connected and who waits for an answer: Node's own waits while stopping for every client
 * that has connected and says nothing.
 */
class VisitedServer {
  readonly server: Server;
  readonly #connections = new Set<Socket>();
  readonly #answers = new Set<ServerResponse>();
  #stopping = false;

  constructor(server: Server) {
    this.server = server;
    server.on("connection", (connection: Socket) => {
      this.#connections.add(connection);
      connection.once("close", () => this.#connections.delete(connection));
    });
    // Before the application, which may have answered when its listener returns.
    server.prependListener("request", (_request, response) => {
      this.#answers.add(response);
      response.once("close", () => this.#answers.delete(response));
      if (this.#stopping) announceEnd(response);
    });
  }

  /** Answers in flight still leave; then every connection ends, whatever its client was about to say. */
  async close(): Promise<void> {
    const closed = once(this.server, "close");
    this.#stopping = true;
    this.#answers.forEach(announceEnd);
    this.server.close();
    const limit = startAlarm({
      seconds: LONGEST_GOODBYE_SECONDS,
      onTime: () => this.#disconnect(),
      purpose: "idle",
    });
    while (this.#answers.size > 0) await Promise.all(Array.from(this.#answers, left));
    limit[Symbol.dispose]();
    this.#disconnect();
    await closed;
  }

  #disconnect(): void {
    for (const connection of this.#connections) connection.destroy();
  }
}

/** Tells a client that keeps its connection not to ask again on it. */
function announceEnd(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader("Connection", "close");
}

function left(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => void response.once("close", resolve));
}

function urlOf(server: Server, scheme: string): string {
  const address = server.address();
  if (address === null || typeof address === "string") return `unix:${address ?? ""}`;
  const host = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return `${scheme}://${host}:${address.port}`;
}
