import { connect, type IncomingHttpHeaders, type IncomingHttpStatusHeader } from "node:http2";
import type { Socket } from "node:net";
import { closedByServer } from "./closed-by-server.ts";
import { collectBody } from "./collect-body.ts";
import { malformed } from "./malformed.ts";
import { type HttpsAnswer, type HttpsRequest, MOST_INFORMATIONAL_RESPONSES } from "./post-http1.ts";

/** One request over HTTP/2; the session is gone afterwards. Rejects as `postOverHttp1` does. */
export async function postOverHttp2(socket: Socket, message: HttpsRequest): Promise<HttpsAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingHttpHeaders & IncomingHttpStatusHeader>();
  const session = connect(`https://${message.authority}`, { ...OPTIONS, createConnection: () => socket });
  session.on("error", reject);
  try {
    const stream = session.request(
      { ":method": "POST", ":path": message.path, ":authority": message.authority, ...message.headers },
      { signal: message.signal },
    );
    let informational = 0;
    stream.on("headers", () => {
      informational += 1;
      if (informational > MOST_INFORMATIONAL_RESPONSES) reject(malformed("it has no end of HTTP statuses"));
    });
    stream.on("response", resolve);
    stream.on("error", reject);
    stream.on("close", () => reject(closedByServer()));
    stream.end(message.body);
    const headers = await promise;
    const body = await collectBody(stream, { mostBytes: message.mostBytes });
    // A stream that was given up ends as if it were whole.
    if (stream.aborted || stream.rstCode !== 0) throw malformed("the server broke off the HTTP/2 stream");
    return { status: headers[":status"] ?? 0, contentType: headers["content-type"] ?? "", body };
  } finally {
    session.destroy();
  }
}

/** Nothing is pushed, and the header section of an answer to a query is small. */
const OPTIONS = { settings: { enablePush: false, maxHeaderListSize: 16_384 }, maxReservedRemoteStreams: 0 };
