import { createServer, type Socket } from "node:net";
import { createServer as createTlsServer, type TlsOptions } from "node:tls";
import { type FaultServer, startServer } from "./fault-server.ts";

/** The head of a request, as far as a fault may need it. */
export interface RequestHead {
  readonly method: string;
  readonly path: string;
  /** The header lines as they came. */
  readonly lines: readonly string[];
}

export type Answer = (socket: Socket, request: RequestHead) => void;

/** An HTTP/1.1 server over a bare socket, plain or with TLS, so that an answer may be as wrong as it likes. */
export function startHttpServer(answer: Answer, tls?: TlsOptions): Promise<FaultServer> {
  const converse = (socket: Socket): void => {
    // The peer may hang up at any moment, also within TLS; the end of the connection says all there is to say.
    socket.on("error", () => socket.destroy());
    answerEach(socket, answer);
  };
  return startServer(tls === undefined ? createServer(converse) : createTlsServer(tls, converse));
}

/** Bodies of requests are read past: what matters is the blank line that ends each head. */
function answerEach(socket: Socket, answer: Answer): void {
  let text = "";
  socket.setEncoding("latin1");
  socket.on("data", (chunk: string) => {
    text += chunk;
    for (let end = text.indexOf(HEAD_END); end >= 0; end = text.indexOf(HEAD_END)) {
      const head = text.slice(0, end);
      text = text.slice(end + HEAD_END.length);
      answer(socket, parseHead(head));
    }
  });
}

const HEAD_END = "\r\n\r\n";

function parseHead(head: string): RequestHead {
  const [requestLine = "", ...lines] = head.split("\r\n");
  const [method = "", path = ""] = requestLine.split(" ");
  return { method, path, lines };
}
