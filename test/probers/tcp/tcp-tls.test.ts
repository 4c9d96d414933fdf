import assert from "node:assert/strict";
import type { Socket } from "node:net";
import { before, test } from "node:test";
import { createSecureContext, createServer, TLSSocket, type TlsOptions } from "node:tls";
import type { Settings } from "../../faults/fault.ts";
import { type FaultServer, startServer } from "../../faults/servers/fault-server.ts";
import { startStreamServer } from "../../faults/servers/stream-server.ts";
import { createAuthority, type Identity } from "../../support/certificates.ts";
import { eventually } from "../../support/eventually.ts";
import { runProbe, valueOf } from "../../support/run-probe.ts";

let trust: Settings = {};
let local: Identity;
let named: Identity;

before(async () => {
  const authority = await createAuthority();
  trust = { ca: authority.certificate };
  local = await authority.issue();
  named = await authority.issue({ names: ["mail.example"], addresses: [] });
});

const STARTTLS: Settings = {
  query_response: [
    { expect: "^220 " },
    { send: "STARTTLS" },
    { expect: "^220 go" },
    { starttls: true },
    { send: "EHLO" },
    { expect: "^250 secure$" },
  ],
};

void test("speaks TLS from the first byte, then converses", async () => {
  await using server = await startSecure(local, (socket) => socket.write("hello\n"));

  const report = await runProbe("tcp", {
    target: `127.0.0.1:${server.port}`,
    settings: { tls: true, tls_config: trust, query_response: [{ expect: "^hello$" }] },
  });

  assert.equal(report.outcome, "success", report.detail);
  assert.deepEqual(
    report.phases.map(({ phase }) => phase),
    ["resolve", "connect", "tls", "exchange"],
  );
  assert.ok(valueOf(report, "probe_ssl_earliest_cert_expiry"));
  await eventually(() => assert.equal(server.connections(), 0));
});

void test("starts TLS in the middle of a conversation and goes on with it", async () => {
  await using server = await startUpgradable(local);

  const report = await runProbe("tcp", {
    target: `127.0.0.1:${server.port}`,
    settings: { ...STARTTLS, tls_config: trust },
  });

  assert.equal(report.outcome, "success", report.detail);
  assert.ok(valueOf(report, "probe_ssl_earliest_cert_expiry"));
  await eventually(() => assert.equal(server.connections(), 0));
});

void test("keeps what it learned of a certificate that it does not trust after starttls", async () => {
  await using server = await startUpgradable(local);

  const report = await runProbe("tcp", { target: `127.0.0.1:${server.port}`, settings: STARTTLS });

  assert.equal(report.outcome, "tls/unknown-authority", report.detail);
  assert.ok(valueOf(report, "probe_ssl_earliest_cert_expiry"));
  await eventually(() => assert.equal(server.connections(), 0));
});

for (const [title, hostname, serverName, outcome] of [
  ["the target's host", undefined, undefined, "tls/name-mismatch"],
  ["hostname=", "mail.example", undefined, "success"],
  ["the module's server_name before hostname=", "other.example", "mail.example", "success"],
  ["the module's server_name, even where it is wrong", "mail.example", "other.example", "tls/name-mismatch"],
] as const) {
  void test(`verifies ${title}`, async () => {
    await using server = await startSecure(named, () => undefined);

    const report = await runProbe("tcp", {
      target: `127.0.0.1:${server.port}`,
      settings: {
        tls: true,
        tls_config: { ...trust, ...(serverName === undefined ? {} : { server_name: serverName }) },
      },
      ...(hostname === undefined ? {} : { hostname }),
    });

    assert.equal(report.outcome, outcome, report.detail);
  });
}

void test("takes bytes that were put in before the handshake for an attack", async () => {
  await using server = await startStreamServer((socket) => socket.write("220 go\r\n250 injected\r\n"));

  const report = await runProbe("tcp", {
    target: `127.0.0.1:${server.port}`,
    settings: { query_response: [{ expect: "^220 go" }, { starttls: true }, { expect: "^250 " }], tls_config: trust },
  });

  assert.equal(report.outcome, "exchange/malformed");
  assert.match(report.detail, /found 14 bytes/);
  assert.equal(valueOf(report, "probe_ssl_earliest_cert_expiry"), undefined);
});

void test("reports tls/not-offered where starttls is answered in the clear", async () => {
  await using server = await startStreamServer((socket) => {
    socket.once("data", () => socket.write("500 What?\r\n"));
  });

  const report = await runProbe("tcp", {
    target: `127.0.0.1:${server.port}`,
    settings: { query_response: [{ starttls: true }] },
  });

  assert.equal(report.outcome, "tls/not-offered", report.detail);
});

void test("reports tls/timeout where the handshake after starttls is not answered", async () => {
  await using server = await startStreamServer(() => undefined);

  const report = await runProbe("tcp", {
    target: `127.0.0.1:${server.port}`,
    settings: { query_response: [{ starttls: true }] },
    module: { timeout: "300ms" },
  });

  assert.equal(report.outcome, "tls/timeout", report.detail);
  await eventually(() => assert.equal(server.connections(), 0));
});

function startSecure(identity: Identity, onConnection: (socket: Socket) => void): Promise<FaultServer> {
  const options: TlsOptions = { key: identity.key, cert: identity.chain };
  return startServer(
    createServer(options, (socket) => {
      socket.on("error", () => socket.destroy());
      onConnection(socket);
      socket.resume();
    }),
  );
}

/** A mail server of few words that can be asked for TLS. */
function startUpgradable(identity: Identity): Promise<FaultServer> {
  const secureContext = createSecureContext({ key: identity.key, cert: identity.chain });
  return startStreamServer((socket) => {
    socket.write("220-hello\r\n220 mail\r\n");
    socket.once("data", () => {
      socket.removeAllListeners("data");
      socket.write("220 go\r\n");
      const channel = new TLSSocket(socket, { isServer: true, secureContext });
      channel.on("error", () => channel.destroy());
      channel.once("data", () => channel.write("250-more\r\n250 secure\r\n"));
    });
  });
}
