import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { IncomingHttpHeaders } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { Report } from "../../../src/outcome/report.ts";
import type { Settings } from "../../faults/fault.ts";
import { always } from "../../faults/servers/answers.ts";
import type { FaultServer } from "../../faults/servers/fault-server.ts";
import { type Answer, startHttpServer } from "../../faults/servers/http-server.ts";
import { startStreamServer } from "../../faults/servers/stream-server.ts";
import { agreement, startWebSocketServer } from "../../faults/websocket/websocket-server.ts";
import { createAuthority } from "../../support/certificates.ts";
import { eventually } from "../../support/eventually.ts";
import { problemsOfModule, runProbe, valueOf } from "../../support/run-probe.ts";

void test("succeeds as soon as the WebSocket is open where nothing is expected", async () => {
  await using server = await startWebSocketServer(() => undefined);

  const report = await runProbe("websocket", { target: urlOf(server) });

  assert.equal(report.outcome, "success", report.detail);
  assert.deepEqual(
    report.phases.map(({ phase }) => phase),
    ["resolve", "connect", "upgrade"],
  );
  assert.equal(valueOf(report, "probe_websocket_status_code"), 101);
  assert.equal(valueOf(report, "probe_websocket_connection_upgraded"), 1);
  assert.equal(valueOf(report, "probe_websocket_failed_due_to_regex"), 0);
  assert.equal(valueOf(report, "probe_websocket_ssl"), 0);
  assert.deepEqual(durationsOf(report), ["resolve", "connect", "processing"]);
  await eventually(() => assert.equal(server.connections(), 0));
});

void test("asks for the target's path at the target's name, and for nothing that it could not bear", async () => {
  const requests: (readonly [string | undefined, IncomingHttpHeaders])[] = [];
  await using server = await startWebSocketServer((_, { url, headers }) => requests.push([url, headers]));
  const target = `ws://localhost:${server.port}/chat?room=1`;

  await runProbe("websocket", { target, settings: { preferred_ip_protocol: "ip4" } });
  await runProbe("websocket", { target, settings: { preferred_ip_protocol: "ip4" }, hostname: "shop.example" });

  const [[path, headers] = [], [, other] = []] = requests;
  assert.equal(path, "/chat?room=1");
  assert.equal(headers?.host, `localhost:${server.port}`);
  assert.equal(headers?.["sec-websocket-version"], "13");
  assert.equal(headers?.["sec-websocket-extensions"], undefined);
  assert.equal(headers?.authorization, undefined);
  assert.match(headers?.["user-agent"] ?? "", /^Status-Exporter\/\d/);
  assert.equal(other?.host, "shop.example");
});

void test("refuses a hostname= that cannot stand in a header", async () => {
  await using server = await startWebSocketServer(() => undefined);

  const report = await runProbe("websocket", { target: urlOf(server), hostname: "a\r\nX-Evil: 1" });

  assert.equal(report.outcome, "request/parameter-missing");
});

void test("sends headers from both places, in either spelling, all of their values", async () => {
  await using file = await secretFile("from a file\n");

  const headers = await headersSent({
    headers: {
      "X-Plain": "my_header",
      "X-Many": { values: ["1"], secrets: ["2"], files: [file.path] },
      Origin: "https://shop.example",
      Host: "shop.example",
      "User-Agent": "something else",
    },
    http_config: { http_headers: { "X-Many": { values: ["0"] } } },
  });

  assert.equal(headers["x-plain"], "my_header");
  assert.equal(headers["x-many"], "0, 1, 2, from a file");
  assert.equal(headers.origin, "https://shop.example");
  assert.equal(headers.host, "shop.example");
  assert.equal(headers["user-agent"], "something else");
});

for (const [title, settings, authorization] of [
  ["basic_auth", { http_config: { basic_auth: { username: "a", password: "b" } } }, "Basic YTpi"],
  ["a user without a password", { http_config: { basic_auth: { username: "a" } } }, "Basic YTo="],
  ["authorization", { http_config: { authorization: { credentials: "abc" } } }, "Bearer abc"],
  ["another type", { http_config: { authorization: { type: "Token", credentials: "abc" } } }, "Token abc"],
  ["bearer_token", { http_config: { bearer_token: "abc" } }, "Bearer abc"],
  [
    "a header, which counts before the rest",
    { headers: { authorization: "Mine" }, http_config: { bearer_token: "abc" } },
    "Mine",
  ],
] as const) {
  void test(`logs in by ${title}`, async () => {
    assert.equal((await headersSent(settings)).authorization, authorization);
  });
}

void test("logs in by the target's user information", async () => {
  const headers = await headersSent(
    { http_config: { bearer_token: "abc" } },
    ({ port }) => `ws://u:p%40@127.0.0.1:${port}`,
  );

  assert.equal(headers.authorization, `Basic ${Buffer.from("u:p@").toString("base64")}`);
});

void test("reports request/parameter-missing where a secret's file is missing or unfit for a header", async () => {
  await using file = await secretFile("two\nlines");
  await using server = await startWebSocketServer(() => undefined);

  for (const path of [`${file.path}-missing`, file.path]) {
    const settings = { headers: { "X-Token": { files: [path] } } };
    const report = await runProbe("websocket", { target: urlOf(server), settings });

    assert.equal(report.outcome, "request/parameter-missing", report.detail);
    assert.doesNotMatch(report.detail, /two/);
  }
});

void test("offers subprotocols and takes the server's choice", async () => {
  const headers = await headersSent({ subprotocols: ["chat.v2", "chat.v1"] });

  assert.equal(headers["sec-websocket-protocol"], "chat.v2,chat.v1");
});

void test("offers the subprotocols of a header, too", async () => {
  const headers = await headersSent({
    subprotocols: ["chat.v2"],
    headers: { "Sec-WebSocket-Protocol": { values: ["chat.v1, chat.v2"], secrets: ["token.abc"] } },
  });

  assert.equal(headers["sec-websocket-protocol"], "chat.v2,chat.v1,token.abc");
});

const CHAT: Settings = { subprotocols: ["chat"] };

for (const [title, answer, settings, detail] of [
  ["the wrong accept key", agreeing({ "Sec-WebSocket-Accept": "x" }), {}, /wrong Sec-WebSocket-Accept/],
  ["no accept key", agreeing({ "Sec-WebSocket-Accept": "" }), {}, /wrong Sec-WebSocket-Accept/],
  ["an upgrade to something else", agreeing({ Upgrade: "h2c" }), {}, /not to a WebSocket/],
  ["no Upgrade", agreeing({ Upgrade: "" }), {}, /without the header Upgrade/],
  ["no Connection", agreeing({ Connection: "" }), {}, /without the header Upgrade or Connection/],
  ["a subprotocol out of nowhere", agreeing({ "Sec-WebSocket-Protocol": "x" }), {}, /although none was offered/],
  ["a subprotocol that was not offered", agreeing({ "Sec-WebSocket-Protocol": "x" }), CHAT, /not offered/],
  ["no subprotocol", agreeing({}), CHAT, /none of the subprotocols/],
  ["an extension", agreeing({ "Sec-WebSocket-Extensions": "permessage-deflate" }), {}, /an extension/],
  ["a status line that is none", (socket) => socket.write("HTTP/1.1 banana\r\n\r\n"), {}, /not HTTP/],
  ["headers beyond all bounds", (socket) => socket.write(`HTTP/1.1 101 X\r\nX: ${"x".repeat(20_000)}\r\n`), {}, /HTTP/],
  [
    "statuses without end",
    (socket) => socket.write("HTTP/1.1 103 Early Hints\r\n\r\n".repeat(20)),
    {},
    /no end of HTTP statuses/,
  ],
  ["a connection that is closed without an answer", (socket) => socket.end(), {}, /without an answer/],
  ["a connection that is closed within the answer", (socket) => socket.end("HTTP/1.1 101 Sw"), {}, /./],
  ["a connection that is reset", (socket) => socket.resetAndDestroy(), {}, /ECONNRESET/],
] satisfies readonly (readonly [string, Answer, Settings, RegExp])[]) {
  void test(`reports upgrade/malformed for ${title}`, async () => {
    await using server = await startHttpServer(answer);

    const report = await runProbe("websocket", { target: urlOf(server), settings });

    assert.equal(report.outcome, "upgrade/malformed", report.detail);
    assert.match(report.detail, detail);
    assert.equal(valueOf(report, "probe_websocket_connection_upgraded"), 0);
    await eventually(() => assert.equal(server.connections(), 0));
  });
}

void test("bears one informational response before the upgrade", async () => {
  await using server = await startHttpServer((socket, request) => {
    socket.write("HTTP/1.1 103 Early Hints\r\n\r\n");
    socket.write(agreement(request));
  });

  const report = await runProbe("websocket", { target: urlOf(server), module: { timeout: "2s" } });

  assert.equal(report.outcome, "success", report.detail);
});

for (const [status, settings, outcome] of [
  [200, {}, "upgrade/rejected"],
  [401, {}, "upgrade/rejected"],
  [401, { http_config: { bearer_token: "abc" } }, "login/rejected"],
  [407, { headers: { Cookie: "session=abc" } }, "login/rejected"],
  [401, { headers: { "X-Api-Key": { secrets: ["abc"] } } }, "login/rejected"],
  [403, { http_config: { bearer_token: "abc" } }, "upgrade/rejected"],
  [503, {}, "upgrade/rejected"],
] satisfies readonly (readonly [number, Settings, string])[]) {
  void test(`reports ${outcome} for status ${status} with ${JSON.stringify(settings)}`, async () => {
    await using server = await startHttpServer(always({ status, body: "no" }));

    const report = await runProbe("websocket", { target: urlOf(server), settings });

    assert.equal(report.outcome, outcome, report.detail);
    assert.match(report.detail, new RegExp(`found ${status}`, "u"));
    assert.equal(report.httpStatus, status);
    assert.equal(valueOf(report, "probe_websocket_status_code"), status);
  });
}

void test("takes an answer of 200 for no upgrade, whatever its headers say", async () => {
  const fields = { Upgrade: "websocket", Connection: "Upgrade", "Content-Length": "0" };
  await using server = await startHttpServer(always({ status: 200, headers: fields }));

  const report = await runProbe("websocket", { target: urlOf(server) });

  assert.equal(report.outcome, "upgrade/rejected", report.detail);
});

void test("does not wait for the end of a page in place of the upgrade", async () => {
  await using server = await startHttpServer((socket) => {
    socket.write("HTTP/1.1 404 Not Found\r\nContent-Length: 1000000\r\n\r\nN");
  });

  const report = await runProbe("websocket", { target: urlOf(server) });

  assert.equal(report.outcome, "upgrade/rejected", report.detail);
  await eventually(() => assert.equal(server.connections(), 0));
});

void test("follows no redirect unless the module says so", async () => {
  await using server = await startHttpServer(always({ status: 302, headers: { Location: "/" } }));

  const report = await runProbe("websocket", { target: urlOf(server) });

  assert.equal(report.outcome, "upgrade/rejected");
  assert.match(report.detail, /a redirect, which the module does not follow/);
  assert.equal(server.arrivals(), 1);
});

void test("follows a redirect, also one to http, and keeps secrets from other hosts", async () => {
  const requests: IncomingHttpHeaders[] = [];
  await using end = await startWebSocketServer((_, { headers }) => requests.push(headers));
  await using server = await startHttpServer(
    always({ status: 307, headers: { Location: `http://localhost:${end.port}/chat` } }),
  );
  const settings = {
    preferred_ip_protocol: "ip4",
    http_config: { follow_redirects: true, bearer_token: "abc" },
    headers: { "X-Plain": "1", Cookie: "a=b", Host: "shop.example", "X-Key": { secrets: ["s3cret"] } },
  };

  const report = await runProbe("websocket", { target: urlOf(server), settings });

  assert.equal(report.outcome, "success", report.detail);
  const [headers] = requests;
  assert.equal(headers?.["x-plain"], "1");
  assert.equal(headers?.authorization, undefined);
  assert.equal(headers?.cookie, undefined);
  assert.equal(headers?.["x-key"], undefined);
  assert.equal(headers?.host, `localhost:${end.port}`);
  await eventually(() => assert.equal(server.connections() + end.connections(), 0));
});

void test("keeps its credentials on a redirect within the host", async () => {
  const requests: IncomingHttpHeaders[] = [];
  await using end = await startWebSocketServer((_, { headers }) => requests.push(headers));
  await using server = await startHttpServer(always({ status: 308, headers: { Location: urlOf(end) } }));

  const report = await runProbe("websocket", {
    target: urlOf(server),
    settings: { http_config: { follow_redirects: true, bearer_token: "abc" } },
  });

  assert.equal(report.outcome, "success", report.detail);
  assert.equal(requests[0]?.authorization, "Bearer abc");
});

void test("reports redirect/too-many after ten redirects", async () => {
  await using server = await startHttpServer(always({ status: 301, headers: { Location: "/" } }));

  const report = await runProbe("websocket", {
    target: urlOf(server),
    settings: { http_config: { follow_redirects: true } },
  });

  assert.equal(report.outcome, "redirect/too-many");
  assert.equal(server.arrivals(), 11);
});

void test("does not follow a redirect to an internal address where those are forbidden", async () => {
  const report = await runProbe("websocket", { target: "ws://127.0.0.1:1/", module: { internal_addresses: "forbid" } });

  assert.equal(report.outcome, "policy/internal-address");
});

void test("speaks TLS for wss, and measures the certificate", async () => {
  const authority = await createAuthority();
  const { key, chain } = await authority.issue({ names: ["shop.example"], addresses: [] });
  await using server = await startWebSocketServer(() => undefined, { key, cert: chain });
  const target = `wss://127.0.0.1:${server.port}/`;
  const ca = authority.certificate;

  const named = await runProbe("websocket", {
    target,
    settings: { http_config: { tls_config: { ca, server_name: "shop.example" } } },
  });
  const virtual = await runProbe("websocket", {
    target,
    hostname: "shop.example",
    settings: { http_config: { tls_config: { ca } } },
  });
  const other = await runProbe("websocket", { target, settings: { http_config: { tls_config: { ca } } } });

  assert.equal(named.outcome, "success", named.detail);
  assert.equal(valueOf(named, "probe_websocket_ssl"), 1);
  assert.ok((valueOf(named, "probe_ssl_earliest_cert_expiry") ?? 0) > Date.now() / 1000);
  assert.equal(virtual.outcome, "success", virtual.detail);
  assert.equal(other.outcome, "tls/name-mismatch", other.detail);
  await eventually(() => assert.equal(server.connections(), 0));
});

void test("connects from the source address", async () => {
  const peers: (string | undefined)[] = [];
  await using server = await startWebSocketServer((_, { socket }) => peers.push(socket.remoteAddress));

  await runProbe("websocket", { target: urlOf(server), settings: { source_ip_address: "127.0.0.77" } });

  assert.deepEqual(peers, ["127.0.0.77"]);
});

void test("takes an upgrade that comes byte by byte, and none that is cut at any byte", async () => {
  let length = Number.POSITIVE_INFINITY;
  await using server = await startHttpServer((socket, request) => {
    const answer = agreement(request);
    if (length < answer.length) {
      socket.end(answer.slice(0, length));
      return;
    }
    for (const byte of answer) socket.write(byte);
  });
  const whole = await runProbe("websocket", { target: urlOf(server) });

  assert.equal(whole.outcome, "success", whole.detail);
  for (length = 0; length < WHOLE_AGREEMENT; length += 1) {
    const report = await runProbe("websocket", { target: urlOf(server) });

    assert.equal(report.outcome, "upgrade/malformed", `after ${length} bytes: ${report.detail}`);
  }
});

/** The key in it is always of the same length. */
const WHOLE_AGREEMENT = agreement({ method: "GET", path: "/", lines: [] }).length;

void test("holds the deadline within TLS as well, and leaves nothing open", async () => {
  const authority = await createAuthority();
  const { key, chain } = await authority.issue();
  await using server = await startWebSocketServer(() => undefined, { key, cert: chain });

  const report = await runProbe("websocket", {
    target: `wss://127.0.0.1:${server.port}/`,
    module: { timeout: "300ms" },
    settings: { http_config: { tls_config: { ca: authority.certificate } }, query_response: [{ expect: "never" }] },
  });

  assert.equal(report.outcome, "exchange/timeout");
  assert.ok(report.durationSeconds < 0.6);
  await eventually(() => assert.equal(server.connections(), 0));
});

void test("reports upgrade/timeout for a server that stays silent", async () => {
  await using server = await startStreamServer(() => undefined);

  const report = await runProbe("websocket", { target: urlOf(server), module: { timeout: "200ms" } });

  assert.equal(report.outcome, "upgrade/timeout");
  const processing = report.measurements.find(({ labels }) => labels["phase"] === "processing");
  assert.ok(processing !== undefined && processing.value > 0.1, `processing took ${processing?.value} s`);
});

for (const [title, settings, problem] of [
  ["an unknown key", { subprotocol: ["a"] }, /unknown key, did you mean "subprotocols"/],
  ["an unknown key of the client", { http_config: { basic: {} } }, /http_config\.basic: unknown key/],
  [
    "contradicting credentials",
    { http_config: { basic_auth: { username: "a" }, bearer_token: "b" } },
    /at most one of/,
  ],
  ["a header of the handshake", { headers: { "Sec-WebSocket-Key": "a" } }, /the handshake's own/],
  [
    "such a header of the client",
    { http_config: { http_headers: { Upgrade: { values: ["h2c"] } } } },
    /http_headers\.Upgrade: .*the handshake's own/,
  ],
  ["a header's name with a blank", { headers: { "a b": "c" } }, /the name of a header/],
  ["a header's value with a line break", { headers: { a: "b\nc" } }, /without line breaks/],
  ["a subprotocol with a blank", { subprotocols: ["a b"] }, /the name of a subprotocol/],
  ["a subprotocol twice", { subprotocols: ["a", "a"] }, /must differ/],
  ["a limit of nothing", { max_message_size: 0 }, /from 1B to 64MB/],
  ["a limit beyond all bounds", { max_message_size: "65MB" }, /from 1B to 64MB/],
  ["a type of messages that does not exist", { message_type: "json" }, /expected "text", "binary" or "any"/],
  ["STARTTLS", { query_response: [{ starttls: true }] }, /query_response\[0\]: starttls has no place/],
] satisfies readonly (readonly [string, Settings, RegExp])[]) {
  void test(`refuses ${title} when the configuration is read`, () => {
    assert.match(problemsOfModule("websocket", settings).join("\n"), problem);
  });
}

function agreeing(different: Readonly<Record<string, string>>): Answer {
  return (socket, request) => {
    socket.write(agreement(request, different));
  };
}

function urlOf({ host, port }: FaultServer): string {
  return `ws://${host}:${port}/`;
}

async function headersSent(
  settings: Settings,
  target: (server: FaultServer) => string = urlOf,
): Promise<IncomingHttpHeaders> {
  const requests: IncomingHttpHeaders[] = [];
  await using server = await startWebSocketServer((_, { headers }) => requests.push(headers));
  const report = await runProbe("websocket", { target: target(server), settings });
  assert.equal(report.outcome, "success", report.detail);
  const [headers] = requests;
  assert.ok(headers);
  return headers;
}

function durationsOf(report: Report): readonly (string | undefined)[] {
  return report.measurements
    .filter(({ name }) => name === "probe_websocket_duration_seconds")
    .map(({ labels }) => labels["phase"]);
}

async function secretFile(content: string): Promise<AsyncDisposable & { readonly path: string }> {
  const directory = await mkdtemp(join(tmpdir(), "secret-"));
  const path = join(directory, "secret");
  await writeFile(path, content);
  return { path, [Symbol.asyncDispose]: () => rm(directory, { recursive: true }) };
}
