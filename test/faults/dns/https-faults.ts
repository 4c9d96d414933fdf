import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from "node:http2";
import type { Outcome } from "../../../src/outcome/outcome.ts";
import { createAuthority } from "../../support/certificates.ts";
import type { Fault, Settings } from "../fault.ts";
import { startServer } from "../servers/fault-server.ts";
import { answerTo } from "./name-server.ts";

/** What may go wrong between an HTTPS server and the DNS behind it; and one with which nothing does. */
export const HTTPS_FAULTS: readonly Fault[] = [
  httpsFault("a healthy name server over HTTPS", {
    outcome: "success",
    onQuery: (query, response) => send(response, { status: 200, body: answerTo(query) }),
  }),
  httpsFault("a web server that knows nothing of DNS", {
    outcome: "exchange/malformed",
    onQuery: (_, response) => send(response, { status: 404, body: Buffer.from("Not here") }),
  }),
  httpsFault("a name server over HTTPS that stays silent", {
    outcome: "exchange/no-reply",
    module: { timeout: "1500ms" },
    onQuery: () => undefined,
  }),
];

function httpsFault(
  name: string,
  fault: {
    readonly outcome: Outcome;
    readonly module?: Settings;
    readonly onQuery: (query: Buffer, response: Http2ServerResponse) => void;
  },
): Fault {
  return {
    subject: "dns",
    name,
    outcome: fault.outcome,
    async start() {
      const authority = await createAuthority();
      const { key, chain } = await authority.issue();
      const listener = createSecureServer({ key, cert: chain });
      listener.on("request", (request: Http2ServerRequest, response: Http2ServerResponse) => {
        const chunks: Buffer[] = [];
        request.on("data", (chunk: Buffer) => chunks.push(chunk));
        request.on("end", () => fault.onQuery(Buffer.concat(chunks), response));
      });
      const server = await startServer(listener);
      const tls = { dns_over_https: true, tls_config: { ca: authority.certificate } };
      return {
        target: `https://${server.host}:${server.port}/dns-query`,
        module: { prober: "dns", timeout: "5s", ...fault.module, dns: { query_name: "shop.example", ...tls } },
        server,
      };
    },
  };
}

function send(
  response: Http2ServerResponse,
  { status, body }: { readonly status: number; readonly body: Buffer },
): void {
  response.writeHead(status, { "content-type": "application/dns-message" });
  response.end(body);
}
