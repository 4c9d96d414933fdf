import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from "node:http2";
import { createServer as createTlsServer } from "node:https";
import { text } from "node:stream/consumers";
import type { TlsOptions } from "node:tls";
import { type FaultServer, startServer } from "../../faults/servers/fault-server.ts";

/** What a server got. */
export interface Received {
  readonly method: string;
  readonly url: string;
  readonly version: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

type Request = IncomingMessage | Http2ServerRequest;
type Response = ServerResponse | Http2ServerResponse;

export interface WebServer extends FaultServer {
  readonly url: string;
  readonly received: readonly Received[];
}

export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Buffer;
}

/** Node's own server over HTTP/1.1, HTTPS or HTTP/2, which answers what it is told and remembers what it got. */
export async function startWebServer(
  answer: Answer | ((received: Received) => Answer),
  tls?: TlsOptions & { readonly http2?: boolean },
): Promise<WebServer> {
  const received: Received[] = [];
  const serve = async (request: Request, response: Response): Promise<void> => {
    const body = await text(request);
    const { method = "", url = "", httpVersion: version, headers } = request;
    received.push({ method, url, version, headers, body });
    const reply = typeof answer === "function" ? answer({ method, url, version, headers, body }) : answer;
    response.statusCode = reply.status ?? 200;
    for (const [name, value] of Object.entries(reply.headers ?? {})) response.setHeader(name, value);
    response.end(reply.body ?? "");
  };
  const listener = (request: Request, response: Response): void => void serve(request, response);
  const server =
    tls === undefined
      ? createServer(listener)
      : tls.http2 === true
        ? createSecureServer({ ...tls, allowHTTP1: true }, listener)
        : createTlsServer(tls, listener);
  const fault = await startServer(server);
  return {
    ...fault,
    url: `${tls === undefined ? "http" : "https"}://${fault.host}:${fault.port}`,
    received,
    [Symbol.asyncDispose]: () => fault[Symbol.asyncDispose](),
  };
}
