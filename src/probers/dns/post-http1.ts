import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { request as open } from "../../network/node-http.ts";
import { closedByServer } from "./closed-by-server.ts";
import { collectBody } from "./collect-body.ts";
import { malformed } from "./malformed.ts";

/** A POST over a TLS channel. */
export interface HttpsRequest {
  /** The server's name, with the port where it is not 443. */
  readonly authority: string;
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** The largest answer that is taken. */
  readonly mostBytes: number;
  readonly signal: AbortSignal;
}

export interface HttpsAnswer {
  readonly status: number;
  /** Empty where the server does not say. */
  readonly contentType: string;
  readonly body: Uint8Array;
}

/** One or the other may come from something in between. */
export const MOST_INFORMATIONAL_RESPONSES = 10;

/** One request over HTTP/1.1. Rejects with the library's error, or a `ProbeFailure` for an answer that is no answer. */
export async function postOverHttp1(socket: Socket, message: HttpsRequest): Promise<HttpsAnswer> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const request = open({
      method: "POST",
      path: message.path,
      headers: { host: message.authority, ...message.headers },
      createConnection: () => socket,
      signal: message.signal,
    });
    let informational = 0;
    request.on("information", () => {
      informational += 1;
      if (informational > MOST_INFORMATIONAL_RESPONSES) reject(malformed("it has no end of HTTP statuses"));
    });
    request.on("response", resolve);
    request.on("error", reject);
    request.on("close", () => reject(closedByServer()));
    request.end(message.body);
  });
  return {
    status: response.statusCode ?? 0,
    contentType: response.headers["content-type"] ?? "",
    body: await collectBody(response, { mostBytes: message.mostBytes }),
  };
}
