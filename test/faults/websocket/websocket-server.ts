import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { Socket } from "node:net";
import type { TlsOptions } from "node:tls";
import { type WebSocket, WebSocketServer } from "ws";
import { type FaultServer, startServer } from "../servers/fault-server.ts";
import { type RequestHead, startHttpServer } from "../servers/http-server.ts";

/** What a server does with an open WebSocket. */
export type OnOpen = (websocket: WebSocket, request: IncomingMessage) => void;

/** A WebSocket server that takes the first subprotocol that it is offered. */
export function startWebSocketServer(onOpen: OnOpen, tls?: TlsOptions): Promise<FaultServer> {
  const server = tls === undefined ? createServer() : createSecureServer(tls);
  const upgrades = new WebSocketServer({ server });
  upgrades.on("connection", (websocket, request) => {
    // The exporter may hang up at any moment.
    websocket.on("error", () => websocket.terminate());
    onOpen(websocket, request);
  });
  return startServer(server);
}

/** A server that agrees to the upgrade and then writes what it likes to the bare socket. */
export function startRawServer(onUpgrade: (socket: Socket) => void): Promise<FaultServer> {
  return startHttpServer((socket, request) => {
    socket.write(agreement(request));
    onUpgrade(socket);
  });
}

/** The answer of a server that agrees to the upgrade (RFC 6455 §4.2.2), with the lines that are to differ. */
export function agreement(request: RequestHead, different: Readonly<Record<string, string>> = {}): string {
  const fields = {
    Upgrade: "websocket",
    Connection: "Upgrade",
    "Sec-WebSocket-Accept": acceptKey(request),
    ...different,
  };
  const lines = Object.entries(fields).map(([name, value]) => (value === "" ? "" : `${name}: ${value}\r\n`));
  return `HTTP/1.1 101 Switching Protocols\r\n${lines.join("")}\r\n`;
}

function acceptKey({ lines }: RequestHead): string {
  const key = lines.find((line) => /^sec-websocket-key:/iu.test(line))?.replace(/^[^:]*:\s*/u, "") ?? "";
  return createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
}

/** A frame of RFC 6455 §5.2 with fewer than 126 bytes; `first` is its first byte: FIN, reserved bits and opcode. */
export function frame(first: number, payload: string | Uint8Array): Buffer {
  const bytes = Buffer.from(payload);
  return Buffer.concat([Buffer.from([first, bytes.length]), bytes]);
}

/** First bytes of frames that are a whole message each. */
export const FINAL = { text: 0x81, binary: 0x82, close: 0x88, ping: 0x89 } as const;
