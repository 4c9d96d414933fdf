import assert from "node:assert/strict";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from "node:http2";
import { createServer } from "node:https";
import { test } from "node:test";
import type { Report } from "../../../src/outcome/report.ts";
import { answerTo } from "../../faults/dns/name-server.ts";
import type { Settings } from "../../faults/fault.ts";
import { startServer } from "../../faults/servers/fault-server.ts";
import { createAuthority } from "../../support/certificates.ts";
import { runProbe, valueOf } from "../../support/run-probe.ts";

const ANSWERS = [{ type: "A", name: "example.com", ttl: 300, data: "192.0.2.1" } as const];

for (const version of ["1.1", "2"] as const) {
  void test(`asks by a POST over HTTP/${version}, with the id 0`, async () => {
    const requests: Asked[] = [];
    const report = await overHttps({
      version,
      requests,
      answer: ({ query }) => ({ body: answerTo(query, { answers: ANSWERS }) }),
    });

    assert.equal(report.outcome, "success", report.detail);
    assert.equal(valueOf(report, "probe_dns_answer_rrs"), 1);
    assert.ok(report.measurements.some(({ name }) => name === "probe_ssl_earliest_cert_expiry"));
    const [request] = requests;
    assert.ok(request && requests.length === 1);
    assert.equal(request.method, "POST");
    assert.equal(request.path, "/dns-query");
    assert.equal(request.type, "application/dns-message");
    assert.equal(request.query.readUInt16BE(), 0);
  });

  void test(`an error of HTTP/${version} is malformed, with its status`, async () => {
    const report = await overHttps({ version, answer: () => ({ status: 404, body: "Not here" }) });

    assert.equal(report.outcome, "exchange/malformed");
    assert.match(report.detail, /HTTP status 404/u);
  });

  void test(`an answer of another type over HTTP/${version} is malformed`, async () => {
    const report = await overHttps({ version, answer: () => ({ type: "text/html", body: "<p>Welcome" }) });

    assert.equal(report.outcome, "exchange/malformed");
    assert.match(report.detail, /text\/html/u);
  });

  void test(`more than a message can be over HTTP/${version} is malformed`, async () => {
    const report = await overHttps({ version, answer: () => ({ body: Buffer.alloc(65_536) }) });

    assert.equal(report.outcome, "exchange/malformed");
    assert.match(report.detail, /65535 bytes/u);
  });

  void test(`informational responses without end over HTTP/${version} are malformed, a few are not`, async () => {
    const few = await overHttps({ version, answer: ({ query }) => ({ body: answerTo(query), informational: 10 }) });
    const many = await overHttps({ version, answer: ({ query }) => ({ body: answerTo(query), informational: 11 }) });

    assert.equal(few.outcome, "success", few.detail);
    assert.equal(many.outcome, "exchange/malformed", many.detail);
    assert.match(many.detail, /no end of HTTP statuses/u);
  });

  void test(`an answer that breaks off over HTTP/${version} is malformed`, async () => {
    const report = await overHttps({ version, answer: ({ query }) => ({ body: answerTo(query), ending: "broken" }) });

    assert.equal(report.outcome, "exchange/malformed", report.detail);
  });

  void test(`a connection that ends without an answer over HTTP/${version} is no reply`, async () => {
    const report = await overHttps({ version, answer: () => "hang up" });

    assert.equal(report.outcome, "exchange/no-reply", report.detail);
  });

  void test(`silence over HTTP/${version} is no reply`, async () => {
    const report = await overHttps({ version, module: { timeout: "300ms" }, answer: () => "silence" });

    assert.equal(report.outcome, "exchange/no-reply", report.detail);
  });

  void test(`an answer with another id over HTTP/${version} is malformed`, async () => {
    const report = await overHttps({
      version,
      answer({ query }) {
        const body = answerTo(query, { answers: ANSWERS });
        body.writeUInt16BE(7);
        return { body };
      },
    });

    assert.equal(report.outcome, "exchange/malformed", report.detail);
  });
}

void test("asks at the path of the target, else at that of the module", async () => {
  const requests: Asked[] = [];
  const order = { version: "1.1", requests, answer: ({ query }: Asked) => ({ body: answerTo(query) }) } as const;
  await overHttps({ ...order, dns: { dns_over_https_path: "/module" } });
  await overHttps({
    ...order,
    dns: { dns_over_https_path: "/module" },
    target: (place) => `https://${place}/target?a=b`,
  });
  await overHttps({ ...order, target: (place) => `https://${place}/` });

  assert.deepEqual(
    requests.map(({ path }) => path),
    ["/module", "/target?a=b", "/dns-query"],
  );
});

interface Asked {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly type: string | undefined;
  readonly query: Buffer;
}

type Answer =
  | {
      readonly status?: number;
      readonly type?: string;
      readonly body: Buffer | string;
      readonly ending?: "whole" | "broken";
      readonly informational?: number;
    }
  | "hang up"
  | "silence";

interface Order {
  readonly version: "1.1" | "2";
  readonly answer: (asked: Asked) => Answer;
  readonly requests?: Asked[];
  readonly dns?: Settings;
  readonly module?: Settings;
  readonly target?: (place: string) => string;
}

type Request = IncomingMessage | Http2ServerRequest;
type Response = ServerResponse | Http2ServerResponse;

async function overHttps({
  version,
  answer,
  requests = [],
  dns = {},
  module = {},
  target = (place) => place,
}: Order): Promise<Report> {
  const authority = await createAuthority();
  const { key, chain } = await authority.issue();
  const onRequest = (request: Request, response: Response): void => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const asked = {
        method: request.method,
        path: request.url,
        type: request.headers["content-type"],
        query: Buffer.concat(chunks),
      };
      requests.push(asked);
      send(response, answer(asked));
    });
  };
  const listener =
    version === "2"
      ? createSecureServer({ key, cert: chain }, onRequest)
      : createServer({ key, cert: chain }, onRequest);
  await using server = await startServer(listener);
  return await runProbe("dns", {
    target: target(`${server.host}:${server.port}`),
    settings: {
      query_name: "example.com",
      query_type: "A",
      dns_over_https: true,
      tls_config: { ca: authority.certificate },
      ...dns,
    },
    module,
  });
}

function send(response: Response, answer: Answer): void {
  if (answer === "silence") return;
  if (answer === "hang up") {
    response.socket?.destroy();
    return;
  }
  const { status = 200, type = "application/dns-message", body, ending = "whole", informational = 0 } = answer;
  for (let count = 0; count < informational; count += 1) response.writeEarlyHints({ link: "</>; rel=preload" });
  const length = Buffer.byteLength(body) + (ending === "broken" ? 10 : 0);
  const headers = { "content-type": type, "content-length": String(length) };
  if ("stream" in response) {
    response.writeHead(status, headers);
    response.stream.write(body, () =>
      ending === "broken" ? response.stream.session?.destroy() : response.stream.end(),
    );
  } else {
    response.writeHead(status, headers);
    response.write(body, () => (ending === "broken" ? response.destroy() : response.end()));
  }
}
