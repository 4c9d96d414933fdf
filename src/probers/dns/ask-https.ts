import { isIPv6 } from "node:net";
import { ProbeFailure } from "../../outcome/probe-failure.ts";
import { printable } from "../../probe/printable.ts";
import { VERSION } from "../../probe/version.ts";
import { malformed } from "./malformed.ts";
import { LARGEST_MESSAGE_BYTES } from "./message.ts";
import { openStream } from "./open-stream.ts";
import { type HttpsAnswer, type HttpsRequest, postOverHttp1 } from "./post-http1.ts";
import { postOverHttp2 } from "./post-http2.ts";
import type { ServerAddress } from "./target.ts";
import type { Inquiry } from "./transport.ts";

/** Asks over HTTPS by a POST (RFC 8484 §4.1), in the version that the server prefers. */
export async function askOverHttps(inquiry: Inquiry): Promise<Uint8Array> {
  const { server, settings, query, context } = inquiry;
  using stream = await openStream(inquiry, { security: "tls", protocols: ["h2", "http/1.1"] });
  const request: HttpsRequest = {
    authority: authorityOf(server),
    path: server.path ?? settings.httpsPath,
    headers: {
      accept: MEDIA_TYPE,
      "content-type": MEDIA_TYPE,
      "content-length": String(query.bytes.length),
      "user-agent": `status-exporter/${VERSION}`,
    },
    body: query.bytes,
    mostBytes: LARGEST_MESSAGE_BYTES,
    signal: context.signal,
  };
  const post = stream.protocol === "h2" ? postOverHttp2 : postOverHttp1;
  return await inquiry.during("exchange", async () => messageIn(await post(stream.socket, request)));
}

const MEDIA_TYPE = "application/dns-message";

function authorityOf({ host, port }: ServerAddress): string {
  const name = isIPv6(host) ? `[${host}]` : host;
  return port === 443 ? name : `${name}:${port}`;
}

function messageIn({ status, contentType, body }: HttpsAnswer): Uint8Array {
  if (status !== 200) {
    throw new ProbeFailure("exchange/malformed", { detail: `The server answered with HTTP status ${status}` });
  }
  const type = contentType.split(";", 1)[0]?.trim().toLowerCase();
  if (type !== MEDIA_TYPE) throw malformed(`its type is ${JSON.stringify(printable(contentType))}, not ${MEDIA_TYPE}`);
  return body;
}
