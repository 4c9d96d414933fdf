import assert from "node:assert/strict";
import type { OutgoingHttpHeaders } from "node:http2";
import { test } from "node:test";
import { loadConfiguration } from "../../../src/config/load-configuration.ts";
import { createNetwork } from "../../../src/network/create-network.ts";
import type { Report } from "../../../src/outcome/report.ts";
import { PROBERS } from "../../../src/probers/all.ts";
import { createLocalRunner } from "../../../src/runner/local-runner.ts";
import type { Settings } from "../../faults/fault.ts";
import {
  type GrpcReply,
  healthAnswer,
  type OnCall,
  type Received,
  reply,
  replyWithStatus,
  startGrpcServer,
} from "../../faults/grpc/grpc-server.ts";
import { startStreamServer } from "../../faults/servers/stream-server.ts";
import { createAuthority } from "../../support/certificates.ts";
import { eventually } from "../../support/eventually.ts";
import { problemsOfModule, runProbe, valueOf } from "../../support/run-probe.ts";

void test("succeeds where the server is serving, and measures as blackbox_exporter does", async () => {
  await using server = await startGrpcServer((stream) => reply(stream));

  const report = await runProbe("grpc", { target: `127.0.0.1:${server.port}` });

  assert.equal(report.outcome, "success", report.detail);
  assert.deepEqual(
    report.phases.map(({ phase }) => phase),
    ["resolve", "connect", "exchange"],
  );
  assert.equal(valueOf(report, "probe_grpc_status_code"), 0);
  assert.equal(valueOf(report, "probe_grpc_ssl"), 0);
  assert.equal(valueOf(report, "probe_ip_protocol"), 4);
  assert.deepEqual(servingOf(report), { UNKNOWN: 0, SERVING: 1, NOT_SERVING: 0, SERVICE_UNKNOWN: 0 });
  assert.deepEqual(durationsOf(report), ["resolve", "check"]);
  await eventually(() => assert.equal(server.connections(), 0));
});

void test("asks for the module's service, with its metadata and the time that is left", async () => {
  const received = await receivedFrom({
    service: "shop.Cart",
    metadata: { Authorization: "Bearer abc", "x-tag": ["1", "2"], "trace-bin": "é" },
  });

  const { headers, body } = received;
  assert.equal(headers[":method"], "POST");
  assert.equal(headers[":path"], "/grpc.health.v1.Health/Check");
  assert.equal(headers[":scheme"], "http");
  assert.equal(headers["content-type"], "application/grpc");
  assert.equal(headers["te"], "trailers");
  assert.equal(headers["authorization"], "Bearer abc");
  assert.equal(headers["x-tag"], "1, 2");
  assert.equal(headers["trace-bin"], "w6k");
  assert.match(String(headers["user-agent"]), /^Status-Exporter\/\d/);
  assert.match(String(headers["grpc-timeout"]), /^\d{1,4}m$/);
  assert.equal(body.toString("hex"), "000000000b0a0973686f702e43617274");
});

void test("calls the target by its own name and port, and by hostname= where the scrape has it", async () => {
  const authorities: (string | undefined)[] = [];
  await using server = await startGrpcServer((stream, { headers }) => {
    authorities.push(headers[":authority"]);
    reply(stream);
  });
  const target = `localhost:${server.port}`;

  await runProbe("grpc", { target, settings: { preferred_ip_protocol: "ip4" } });
  await runProbe("grpc", { target, settings: { preferred_ip_protocol: "ip4" }, hostname: "shop.example" });

  assert.deepEqual(authorities, [`localhost:${server.port}`, `shop.example:${server.port}`]);
});

for (const hostname of ["a b", "a\nb", "shop.example:443", "user@shop.example", "bücher.example", ""]) {
  void test(`reports request/parameter-missing for hostname=${JSON.stringify(hostname)}`, async () => {
    await using server = await startGrpcServer((stream) => reply(stream));

    const report = await runProbe("grpc", { target: `127.0.0.1:${server.port}`, hostname });

    assert.equal(report.outcome, "request/parameter-missing", report.detail);
  });
}

for (const prefix of ["http://", "https://", "HTTP://"]) {
  void test(`takes a target with ${prefix} and a path for one without`, async () => {
    await using server = await startGrpcServer((stream) => reply(stream));

    const report = await runProbe("grpc", { target: `${prefix}127.0.0.1:${server.port}/path` });

    assert.equal(report.outcome, "success", report.detail);
  });
}

for (const [target, tls, address] of [
  ["127.0.0.1", false, /127\.0\.0\.1:80\b/],
  ["127.0.0.1", true, /127\.0\.0\.1:443\b/],
  ["[::1]", true, /::1\]?:443\b|EADDRNOTAVAIL|EAFNOSUPPORT/],
] as const) {
  void test(`dials the usual port of ${target} with tls: ${tls}`, async () => {
    const report = await runProbe("grpc", { target, settings: { tls }, module: { timeout: "1s" } });

    assert.match(report.outcome, /^(?:connect|local)\//);
    assert.match(report.detail, address);
  });
}

for (const [target, detail] of [
  [":50051", /a host before the port/],
  ["127.0.0.1:0", /from 1 to 65535, found "0"/],
  ["127.0.0.1:70000", /from 1 to 65535, found "70000"/],
  ["2001:db8::1", /in brackets/],
  ["https://", /a host before the port/],
] as const) {
  void test(`reports request/parameter-missing for ${target}`, async () => {
    const report = await runProbe("grpc", { target });

    assert.equal(report.outcome, "request/parameter-missing");
    assert.match(report.detail, detail);
  });
}

void test("speaks TLS as the settings say, and measures the certificate", async () => {
  const authority = await createAuthority();
  const { key, chain } = await authority.issue({ names: ["shop.example"], addresses: [] });
  const names: (string | undefined)[] = [];
  await using server = await startGrpcServer(
    (stream, { headers }) => {
      names.push(headers[":authority"], headers[":scheme"]);
      reply(stream);
    },
    { key, cert: chain },
  );

  const report = await runProbe("grpc", {
    target: `127.0.0.1:${server.port}`,
    settings: { tls: true, tls_config: { ca: authority.certificate, server_name: "shop.example" } },
  });

  assert.equal(report.outcome, "success", report.detail);
  assert.deepEqual(names, ["shop.example", "https"]);
  assert.equal(valueOf(report, "probe_grpc_ssl"), 1);
  assert.ok((valueOf(report, "probe_ssl_earliest_cert_expiry") ?? 0) > Date.now() / 1000);
  await eventually(() => assert.equal(server.connections(), 0));
});

for (const [status, name] of [
  [0, "UNKNOWN"],
  [2, "NOT_SERVING"],
  [3, "SERVICE_UNKNOWN"],
] as const) {
  void test(`reports content/status-not-allowed for ${name}`, async () => {
    const report = await probeReply({ body: healthAnswer(status) });

    assert.equal(report.outcome, "content/status-not-allowed");
    assert.match(report.detail, new RegExp(`found ${name}$`, "u"));
    assert.equal(valueOf(report, "probe_grpc_status_code"), 0);
    assert.equal(servingOf(report)[name], 1);
    assert.equal(servingOf(report)["SERVING"], 0);
  });
}

void test("takes a message without a field for UNKNOWN, and a number that nobody knows for none", async () => {
  const empty = await probeReply({ body: Buffer.alloc(5) });
  const strange = await probeReply({ body: healthAnswer(9) });

  assert.match(empty.detail, /found UNKNOWN/);
  assert.match(strange.detail, /found status 9/);
  assert.deepEqual(servingOf(strange), { UNKNOWN: 0, SERVING: 0, NOT_SERVING: 0, SERVICE_UNKNOWN: 0 });
});

for (const [code, outcome, name] of [
  [1, "exchange/error-status", "CANCELLED"],
  [4, "exchange/timeout", "DEADLINE_EXCEEDED"],
  [5, "exchange/error-status", "NOT_FOUND"],
  [7, "login/rejected", "PERMISSION_DENIED"],
  [12, "exchange/error-status", "UNIMPLEMENTED"],
  [14, "exchange/error-status", "UNAVAILABLE"],
  [16, "login/rejected", "UNAUTHENTICATED"],
  [99, "exchange/error-status", "code 99"],
] as const) {
  void test(`reports ${outcome} for the status ${name}, after an answer and without one`, async () => {
    const alone = await probeCall((stream) => replyWithStatus(stream, { "grpc-status": String(code) }));
    const after = await probeReply({ trailers: { "grpc-status": String(code) } });

    for (const report of [alone, after]) {
      assert.equal(report.outcome, outcome, report.detail);
      assert.match(report.detail, new RegExp(`status ${name}$`, "u"));
      assert.equal(valueOf(report, "probe_grpc_status_code"), code);
    }
  });
}

void test("shows what the server says of its status, without what it was sent", async () => {
  const message = `wrong%20token%20s3cret-token%0a${"x".repeat(1000)}`;
  await using server = await startGrpcServer((stream) =>
    replyWithStatus(stream, { "grpc-status": "16", "grpc-message": message }),
  );

  const report = await runProbe("grpc", {
    target: `127.0.0.1:${server.port}`,
    settings: { metadata: { authorization: "Bearer s3cret-token" } },
  });

  assert.equal(report.outcome, "login/rejected");
  assert.match(report.detail, /wrong token <sent>\.x+…"$/);
  assert.ok(report.detail.length < 250);
});

void test("does not show metadata in base64 as the server reads it", async () => {
  const message = `wrong token ${btoa("s3cret-token")}, that is s3cret-token`;
  await using server = await startGrpcServer((stream) =>
    replyWithStatus(stream, { "grpc-status": "16", "grpc-message": message }),
  );

  const report = await runProbe("grpc", {
    target: `127.0.0.1:${server.port}`,
    settings: { metadata: { "x-token-bin": "s3cret-token" } },
  });

  assert.match(report.detail, /wrong token <sent>, that is <sent>"$/);
});

const MALFORMED: readonly (readonly [title: string, given: GrpcReply, detail: RegExp])[] = [
  ["another HTTP status", { headers: { ":status": 503 } }, /found 503/],
  ["a web page", { headers: { "content-type": "text/html" } }, /found "text\/html"/],
  ["an answer of grpc-web", { headers: { "content-type": "application/grpc-web" } }, /grpc-web/],
  ["an answer without trailers", { trailers: undefined }, /without grpc-status/],
  ["trailers without a status", { trailers: { "x-tag": "1" } }, /without grpc-status/],
  ["a status that is no number", { trailers: { "grpc-status": "OK" } }, /found "OK"/],
  ["OK without a message", { body: Buffer.alloc(0) }, /without an answer/],
  ["two messages", { body: Buffer.concat([healthAnswer(1), healthAnswer(1)]) }, /7 bytes more/],
  ["a compressed message", { body: Buffer.from([1, 0, 0, 0, 2, 8, 1]) }, /compressed/],
  ["a message that is cut off", { body: healthAnswer(1).subarray(0, 6) }, /of 2 bytes, found 1/],
  ["a message that is none", { body: Buffer.from([0, 0, 0, 0, 1, 8]) }, /HealthCheckResponse/],
  ["a body beyond all bounds", { body: Buffer.alloc(64 * 1024 + 1) }, /more data/],
];

for (const [title, given, detail] of MALFORMED) {
  void test(`reports exchange/malformed for ${title}`, async () => {
    const report = await probeReply(given);

    assert.equal(report.outcome, "exchange/malformed", report.detail);
    assert.match(report.detail, detail);
    assert.equal(servingOf(report)["SERVING"], 0);
  });
}

void test("takes a content type with a suffix and parameters", async () => {
  for (const type of ["application/grpc+proto", "application/grpc;charset=utf-8", "Application/gRPC"]) {
    const report = await probeReply({ headers: { "content-type": type } });

    assert.equal(report.outcome, "success", `${type}: ${report.detail}`);
  }
});

void test("names the code with which the server ends the call", async () => {
  const reset = await probeCall((stream) => stream.close(2));
  const refused = await probeCall((stream) => stream.close(7));
  const goAway = await probeCall((stream) => stream.session?.goaway(11));

  assert.equal(reset.outcome, "exchange/closed");
  assert.match(reset.detail, /INTERNAL_ERROR/);
  assert.equal(refused.outcome, "exchange/closed");
  assert.match(refused.detail, /REFUSED_STREAM/);
  assert.equal(goAway.outcome, "exchange/closed", goAway.detail);
  assert.match(goAway.detail, /ENHANCE_YOUR_CALM/);
});

void test("takes the answer that still comes after a polite GOAWAY", async () => {
  const report = await probeCall((stream) => {
    const { session } = stream;
    session?.goaway(0);
    // Node's server reads no more after its own GOAWAY, and so would not notice that the exporter hangs up.
    stream.on("close", () => session?.destroy());
    reply(stream);
  });

  assert.equal(report.outcome, "success", report.detail);
});

void test("reports exchange/malformed for informational responses without end", async () => {
  const report = await probeCall((stream) => {
    for (let count = 0; count < 11; count += 1) stream.additionalHeaders({ ":status": 103 });
    reply(stream);
  });

  assert.equal(report.outcome, "exchange/malformed", report.detail);
  assert.match(report.detail, /informational/);
});

void test("reports exchange/malformed for headers beyond all bounds", async () => {
  const many: OutgoingHttpHeaders = Object.fromEntries(
    Array.from({ length: 200 }, (_, index) => [`x-${index}`, "x".repeat(1000)]),
  );
  const report = await probeReply({ headers: many });

  assert.match(report.outcome, /^exchange\/(?:malformed|closed)$/, report.detail);
});

for (const [title, said] of [
  ["an answer in HTTP/1.1", "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"],
  ["the banner of another protocol", "220 mail.example ESMTP\r\n"],
  ["a frame before the settings", "\0\0\0\u0001\u0004\0\0\0\u0001"],
  ["a frame beyond all bounds", "\u00ff\u00ff\u00ff\u0004\0\0\0\0\0"],
  ["noise", "\u00e9".repeat(100)],
] as const) {
  void test(`reports exchange/malformed for ${title}`, async () => {
    await using server = await startStreamServer((socket) => socket.write(Buffer.from(said, "latin1")));

    const report = await runProbe("grpc", { target: `127.0.0.1:${server.port}` });

    assert.equal(report.outcome, "exchange/malformed", report.detail);
    await eventually(() => assert.equal(server.connections(), 0));
  });
}

void test("reports exchange/closed where the connection is reset", async () => {
  await using server = await startStreamServer((socket) => socket.once("data", () => socket.resetAndDestroy()));

  const report = await runProbe("grpc", { target: `127.0.0.1:${server.port}` });

  assert.equal(report.outcome, "exchange/closed", report.detail);
});

void test("does not say that the server cancelled where it closed the connection", async () => {
  await using server = await startStreamServer((socket) => socket.once("data", () => socket.end()));

  const report = await runProbe("grpc", { target: `127.0.0.1:${server.port}` });

  assert.equal(report.outcome, "exchange/closed", report.detail);
  assert.doesNotMatch(report.detail, /CANCEL/);
});

void test("measures how long the check took also where the deadline ended it", async () => {
  await using server = await startGrpcServer(() => undefined);

  const report = await runProbe("grpc", { target: `127.0.0.1:${server.port}`, module: { timeout: "200ms" } });

  assert.equal(report.outcome, "exchange/timeout", report.detail);
  const check = report.measurements.find(({ labels }) => labels["phase"] === "check");
  assert.ok(check !== undefined && check.value > 0.1 && check.value < 1, `the check took ${check?.value} s`);
});

void test("connects from the source address", async () => {
  const peers: (string | undefined)[] = [];
  await using server = await startGrpcServer((stream) => {
    peers.push(stream.session?.socket.remoteAddress);
    reply(stream);
  });

  const report = await runProbe("grpc", {
    target: `127.0.0.1:${server.port}`,
    settings: { source_ip_address: "127.0.0.77" },
  });

  assert.equal(report.outcome, "success", report.detail);
  assert.deepEqual(peers, ["127.0.0.77"]);
});

void test("needs no block of its own", async () => {
  await using server = await startGrpcServer((stream) => reply(stream));

  const loaded = loadConfiguration("modules: { bare: { prober: grpc } }", PROBERS);
  assert.ok("modules" in loaded);
  const runner = createLocalRunner({ modules: () => loaded.modules, network: createNetwork() });
  const target = `127.0.0.1:${server.port}`;
  const report = await runner.run(
    { module: "bare", target, timeoutSeconds: 5, receivedAt: Date.now() },
    new AbortController().signal,
  );

  assert.equal(report.outcome, "success", report.detail);
});

for (const [title, settings, problem] of [
  ["an unknown key", { services: "a" }, /unknown key, did you mean "service"/],
  ["metadata of the protocol's own", { metadata: { "grpc-timeout": "1S" } }, /metadata\.grpc-timeout: .*protocol/],
  ["metadata that is not ASCII", { metadata: { "x-tag": ["ä"] } }, /printable ASCII/],
  ["a service's name beyond all bounds", { service: "a".repeat(1001) }, /a shorter name/],
] as const) {
  void test(`refuses ${title} when the configuration is read`, () => {
    assert.match(problemsOfModule("grpc", settings).join("\n"), problem);
  });
}

async function probeCall(onCall: OnCall): Promise<Report> {
  await using server = await startGrpcServer(onCall);
  const report = await runProbe("grpc", { target: `127.0.0.1:${server.port}` });
  await eventually(() => assert.equal(server.connections(), 0));
  return report;
}

function probeReply(given: GrpcReply): Promise<Report> {
  return probeCall((stream) => reply(stream, given));
}

async function receivedFrom(settings: Settings): Promise<Received> {
  const calls: Received[] = [];
  await using server = await startGrpcServer((stream, received) => {
    calls.push(received);
    reply(stream);
  });
  const report = await runProbe("grpc", { target: `127.0.0.1:${server.port}`, settings });
  assert.equal(report.outcome, "success", report.detail);
  const [call] = calls;
  assert.ok(call);
  return call;
}

function servingOf(report: Report): Readonly<Record<string, number>> {
  const series = report.measurements.filter(({ name }) => name === "probe_grpc_healthcheck_response");
  return Object.fromEntries(series.map(({ labels, value }) => [labels["serving_status"], value]));
}

function durationsOf(report: Report): readonly (string | undefined)[] {
  return report.measurements
    .filter(({ name }) => name === "probe_grpc_duration_seconds")
    .map(({ labels }) => labels["phase"]);
}
