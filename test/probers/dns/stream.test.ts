import assert from "node:assert/strict";
import { createServer, type Socket } from "node:net";
import { test } from "node:test";
import { createServer as createTlsServer } from "node:tls";
import type { Report } from "../../../src/outcome/report.ts";
import { answerTo, framed, onMessage } from "../../faults/dns/name-server.ts";
import type { Settings } from "../../faults/fault.ts";
import { startClosedPort } from "../../faults/servers/closed-port.ts";
import { startServer } from "../../faults/servers/fault-server.ts";
import { createAuthority, expired } from "../../support/certificates.ts";
import { runProbe, valueOf } from "../../support/run-probe.ts";

const ANSWERS = [{ type: "A", name: "example.com", ttl: 300, data: "192.0.2.1" } as const];
const QUESTION = { query_name: "example.com", query_type: "A" } as const;

void test("asks over TCP", async () => {
  const report = await overTcp((socket, query) => socket.write(framed(answerTo(query, { answers: ANSWERS }))));

  assert.equal(report.outcome, "success", report.detail);
  assert.equal(valueOf(report, "probe_dns_answer_rrs"), 1);
});

void test("takes an answer in single bytes", async () => {
  const report = await overTcp((socket, query) =>
    writeByteByByte(socket, framed(answerTo(query, { answers: ANSWERS }))),
  );

  assert.equal(report.outcome, "success", report.detail);
});

void test("takes the first message of several, and looks no further", async () => {
  const report = await overTcp((socket, query) => {
    socket.write(Buffer.concat([framed(answerTo(query, { answers: ANSWERS })), Buffer.alloc(100_000, 0xff)]));
  });

  assert.equal(report.outcome, "success", report.detail);
});

void test("an answer that is cut off at any byte is malformed, and none at all is no reply", async () => {
  const whole = 2 + 12 + 17 + 27;
  for (let length = 0; length < whole; length += 1) {
    const report = await overTcp((socket, query) => {
      const answer = framed(answerTo(query, { answers: ANSWERS }));
      assert.equal(answer.length, whole);
      socket.end(answer.subarray(0, length));
    });

    assert.equal(
      report.outcome,
      length === 0 ? "exchange/no-reply" : "exchange/malformed",
      `${length}: ${report.detail}`,
    );
  }
});

void test("an answer whose length is that of a part of it is malformed", async () => {
  const report = await overTcp((socket, query) => {
    const answer = framed(answerTo(query, { answers: ANSWERS }));
    answer.writeUInt16BE(answer.readUInt16BE() - 1);
    socket.write(answer);
  });

  assert.equal(report.outcome, "exchange/malformed", report.detail);
});

for (const { title, change } of [
  { title: "another id", change: (answer: Buffer) => answer.writeUInt16BE((answer.readUInt16BE() + 1) & 0xffff) },
  { title: "another question", change: (answer: Buffer) => answer.write("f", 13) },
]) {
  void test(`an answer with ${title} is malformed: over a connection it can be of nobody else`, async () => {
    const report = await overTcp((socket, query) => {
      const answer = answerTo(query, { answers: ANSWERS });
      change(answer);
      socket.write(framed(answer));
    });

    assert.equal(report.outcome, "exchange/malformed", report.detail);
  });
}

void test("a server that resets the connection has not replied", async () => {
  const report = await overTcp((socket) => socket.resetAndDestroy());

  assert.equal(report.outcome, "exchange/no-reply", report.detail);
});

void test("a server that takes the query and stays silent has not replied", async () => {
  const report = await overTcp(() => undefined, { module: { timeout: "150ms" } });

  assert.equal(report.outcome, "exchange/no-reply", report.detail);
});

void test("a closed port is connect/refused over TCP", async () => {
  await using server = await startClosedPort();
  const report = await runProbe("dns", {
    target: `${server.host}:${server.port}`,
    settings: { ...QUESTION, transport_protocol: "tcp" },
  });

  assert.equal(report.outcome, "connect/refused", report.detail);
});

void test("asks over TLS, and measures the certificate", async () => {
  const authority = await createAuthority();
  const report = await overTls(await authority.issue(), { ca: authority.certificate });

  assert.equal(report.outcome, "success", report.detail);
  assert.equal(valueOf(report, "probe_dns_answer_rrs"), 1);
  assert.ok(report.measurements.some(({ name }) => name === "probe_ssl_earliest_cert_expiry"));
});

void test("refuses a certificate that is not to be trusted, and says why", async () => {
  const authority = await createAuthority();
  const identity = await authority.issue(expired());
  const strict = await overTls(identity, { ca: authority.certificate });
  const lenient = await overTls(identity, { insecure_skip_verify: true });

  assert.equal(strict.outcome, "tls/certificate-expired", strict.detail);
  assert.ok(strict.measurements.some(({ name }) => name === "probe_ssl_earliest_cert_expiry"));
  assert.equal(lenient.outcome, "success", lenient.detail);
});

type OnQuery = (socket: Socket, query: Buffer) => unknown;

async function overTcp(onQuery: OnQuery, { module = {} }: { readonly module?: Settings } = {}): Promise<Report> {
  await using server = await startServer(
    createServer((socket) => onMessage(socket, (query) => onQuery(socket, query))),
  );
  return await runProbe("dns", {
    target: `${server.host}:${server.port}`,
    settings: { ...QUESTION, transport_protocol: "tcp" },
    module,
  });
}

async function overTls(
  { key, chain }: { readonly key: string; readonly chain: string },
  tls: Settings,
): Promise<Report> {
  const listener = createTlsServer({ key, cert: chain }, (socket) => {
    socket.on("error", () => socket.destroy());
    onMessage(socket, (query) => socket.write(framed(answerTo(query, { answers: ANSWERS }))));
  });
  await using server = await startServer(listener);
  return await runProbe("dns", {
    target: `${server.host}:${server.port}`,
    settings: { ...QUESTION, dns_over_tls: true, tls_config: tls },
  });
}

/** The peer, in the same thread, has turns in between. */
function writeByteByByte(socket: Socket, bytes: Buffer): void {
  if (bytes.length === 0 || socket.destroyed) return;
  socket.setNoDelay();
  socket.write(bytes.subarray(0, 1));
  setImmediate(() => setImmediate(() => writeByteByByte(socket, bytes.subarray(1))));
}
