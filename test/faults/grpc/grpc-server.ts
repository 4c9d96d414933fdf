import {
  createSecureServer,
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type ServerHttp2Stream,
} from "node:http2";
import type { TlsOptions } from "node:tls";
import { type FaultServer, startServer } from "../servers/fault-server.ts";

/** What a server got with a call. */
export interface Received {
  readonly headers: IncomingHttpHeaders;
  /** Names and values by turns, as they came. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

/** What a server does with a call. */
export type OnCall = (stream: ServerHttp2Stream, received: Received) => void;

/** An HTTP/2 server that does with each call whatever it is told, as soon as the call has come whole. */
export function startGrpcServer(onCall: OnCall, tls?: TlsOptions): Promise<FaultServer> {
  const server: Http2Server = tls === undefined ? createServer() : createSecureServer(tls);
  server.on("stream", (stream, headers, _, rawHeaders) => {
    const chunks: Buffer[] = [];
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("end", () => onCall(stream, { headers, rawHeaders, body: Buffer.concat(chunks) }));
    // The exporter may hang up at any moment.
    stream.on("error", () => stream.close());
  });
  return startServer(server);
}

/** An answer to a call; what is left out is as a healthy server has it. */
export interface GrpcReply {
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: Uint8Array;
  /** Undefined for an answer that ends without any. */
  readonly trailers?: OutgoingHttpHeaders | undefined;
}

/** Answers a call in whole. */
export function reply(stream: ServerHttp2Stream, given: GrpcReply = {}): void {
  const { headers = {}, body = HEALTHY } = given;
  const trailers = "trailers" in given ? given.trailers : { "grpc-status": "0" };
  const head = { ":status": 200, "content-type": "application/grpc", ...headers };
  if (trailers === undefined) {
    stream.respond(head);
  } else {
    stream.respond(head, { waitForTrailers: true });
    stream.on("wantTrailers", () => stream.sendTrailers(trailers));
  }
  stream.end(body);
}

/** Answers a call with headers alone, as servers do that have nothing but a status to tell. */
export function replyWithStatus(stream: ServerHttp2Stream, headers: OutgoingHttpHeaders): void {
  stream.respond({ ":status": 200, "content-type": "application/grpc", ...headers }, { endStream: true });
}

/** A framed `HealthCheckResponse` with this status. */
export function healthAnswer(status: number): Buffer {
  return Buffer.from([0, 0, 0, 0, 2, 0x08, status]);
}

const HEALTHY = healthAnswer(1);
