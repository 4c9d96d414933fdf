import type { Socket } from "node:net";
import type { Answer } from "./http-server.ts";

/** A whole response, after which the server hangs up. */
export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** Answers every request with the same response. */
export function always(reply: Reply): Answer {
  return (socket) => respond(socket, reply);
}

/** Writes the whole response and hangs up. */
export function respond(socket: Socket, { status = 200, headers = {}, body = "" }: Reply): void {
  const content = typeof body === "string" ? Buffer.from(body) : body;
  const fields = { ...headers, "Content-Length": String(content.length), Connection: "close" };
  socket.end(Buffer.concat([Buffer.from(head(status, fields)), content]));
}

/** A status line and header lines with the blank line after them. */
export function head(status: number, fields: Readonly<Record<string, string>>): string {
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} Status\r\n${lines.join("")}\r\n`;
}

/** Writes the piece again and again until the peer hangs up; at a pace that leaves the machine time for other probes. */
export function writeForever(socket: Socket, piece: string): void {
  const writing = setInterval(() => {
    if (!socket.writableNeedDrain) socket.write(piece);
  }, 1);
  socket.on("close", () => clearInterval(writing));
}
