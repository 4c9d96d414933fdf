import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { type TestContext, test } from "node:test";
import {
  type ConnectionOptions,
  connect as connectTls,
  createSecureContext,
  createServer as createTlsServer,
  type TLSSocket,
  type TlsOptions,
} from "node:tls";
import { classify } from "../../src/network/classify.ts";
import { connect } from "../../src/network/connect.ts";
import { selfSigned } from "../support/certificates.ts";

const IDENTITY = await selfSigned();

const PLAIN = [
  ["an HTTP server's complaint", "HTTP/1.1 400 Bad Request\r\n\r\n"],
  ["an SMTP banner", "220 mail.example ESMTP\r\n"],
  ["an SSH banner", "SSH-2.0-OpenSSH_9.2\r\n"],
  ["zeros", "\0".repeat(32)],
  ["a record of impossible length", "\x16\x03\x03\xff\xff".padEnd(64, "x")],
] as const;

for (const [what, banner] of PLAIN) {
  test(`says that TLS is not offered where ${what} answers`, async (t) => {
    const port = await serve(t, (socket) => socket.write(banner, "latin1"));
    const { outcome, detail } = classify("tls", await handshakeFailure(port));
    assert.equal(outcome, "tls/not-offered");
    assert.match(detail, /^The other side does not speak TLS on this port \(ERR_SSL_[A-Z_]+\)$/);
  });
}

test("says that there is no common cipher", async (t) => {
  const port = await serveTls(t, {
    ciphers: "ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES128-GCM-SHA256",
    maxVersion: "TLSv1.2",
  });
  const error = await handshakeFailure(port, { ciphers: "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES256-GCM-SHA384" });
  const { outcome, detail } = classify("tls", error);
  assert.equal(outcome, "tls/no-common-cipher");
  assert.match(detail, /HANDSHAKE_FAILURE/);
});

test("says that there is no common version", async (t) => {
  const port = await serveTls(t, { minVersion: "TLSv1.3" });
  const error = await handshakeFailure(port, { maxVersion: "TLSv1.2" });
  assert.equal(classify("tls", error).outcome, "tls/no-common-cipher");
});

test("says that the server's version is below what this side accepts", async (t) => {
  const port = await serveTls(t, { maxVersion: "TLSv1.2" });
  const error = await handshakeFailure(port, { minVersion: "TLSv1.3" });
  assert.equal(classify("tls", error).outcome, "tls/no-common-cipher");
});

test("says the same of limits that exclude each other on this side", async (t) => {
  const port = await serveTls(t, {});
  const error = await handshakeFailure(port, { minVersion: "TLSv1.3", maxVersion: "TLSv1.2" });
  assert.equal(classify("tls", error).outcome, "tls/no-common-cipher");
});

test("says the same of a list of ciphers that OpenSSL does not know", () => {
  assert.equal(
    classify(
      "tls",
      thrownBy(() => createSecureContext({ ciphers: "NONSENSE" })),
    ).outcome,
    "tls/no-common-cipher",
  );
});

test("says that a client certificate cannot be read", () => {
  const error = thrownBy(() => createSecureContext({ cert: "nonsense", key: "nonsense" }));
  assert.equal(classify("tls", error).outcome, "tls/certificate-invalid");
});

test("says that key and certificate do not belong together", async () => {
  const other = await selfSigned();
  const error = thrownBy(() => createSecureContext({ cert: IDENTITY.certificate, key: other.key }));
  assert.equal(classify("tls", error).outcome, "tls/certificate-invalid");
});

const CLIENT_ALERTS = [42, 43, 44, 45, 46, 48, 49, 116] as const;

for (const alert of CLIENT_ALERTS) {
  test(`reads alert ${alert} as the server's refusal of our certificate, whenever it comes`, async (t) => {
    const port = await serve(t, (socket) => socket.write(alertRecord(alert)));
    const error = await handshakeFailure(port);
    for (const phase of ["tls", "exchange"] as const) {
      const { outcome, detail } = classify(phase, error);
      assert.equal(outcome, "tls/handshake-failed");
      assert.match(detail, /^The server refused the client certificate: /);
    }
  });
}

for (const alert of [40, 70, 71, 86]) {
  test(`reads alert ${alert} as nothing in common`, async (t) => {
    const port = await serve(t, (socket) => socket.write(alertRecord(alert)));
    assert.equal(classify("tls", await handshakeFailure(port)).outcome, "tls/no-common-cipher");
  });
}

for (const alert of [10, 20, 22, 47, 50, 51, 80, 90, 109, 112, 120]) {
  test(`reads alert ${alert} as a failed handshake and names it`, async (t) => {
    const port = await serve(t, (socket) => socket.write(alertRecord(alert)));
    const { outcome, detail } = classify("tls", await handshakeFailure(port));
    assert.equal(outcome, "tls/handshake-failed");
    assert.match(detail, /^The other side broke off TLS with the alert: [a-z ]+ \(ERR_SSL_/);
  });
}

test("says that the handshake failed where the server closes in it", async (t) => {
  const port = await serve(t, (socket) => socket.once("data", () => socket.end()));
  assert.equal(classify("tls", await handshakeFailure(port)).outcome, "tls/handshake-failed");
});

test("says that the handshake failed where the server resets the connection in it", async (t) => {
  const port = await serve(t, (socket) => socket.once("data", () => socket.resetAndDestroy()));
  assert.equal(classify("tls", await handshakeFailure(port)).outcome, "tls/handshake-failed");
});

test("says that the handshake failed where the server sends TLS out of order", async (t) => {
  const port = await serve(t, (socket) => socket.write("\x17\x03\x03\x00\x20".padEnd(64, "x"), "latin1"));
  assert.equal(classify("tls", await handshakeFailure(port)).outcome, "tls/handshake-failed");
});

test("calls broken TLS within a dialogue malformed", async (t) => {
  const port = await serveTls(t, {}, (channel, raw) => {
    channel.once("data", () => raw.write("this is not TLS any more\r\n"));
  });
  const channel = await handshake(port);
  t.after(() => channel.destroy());
  channel.write("hello");
  const [error] = await once(channel, "error");
  assert.equal(classify("exchange", error).outcome, "exchange/malformed");
});

const VERDICTS = [
  ["CERT_HAS_EXPIRED", "tls/certificate-expired"],
  ["CERT_NOT_YET_VALID", "tls/certificate-not-yet-valid"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "tls/name-mismatch"],
  ["CERT_REVOKED", "tls/certificate-invalid"],
  ["CERT_SIGNATURE_FAILURE", "tls/certificate-invalid"],
  ["INVALID_PURPOSE", "tls/certificate-invalid"],
  ["SELF_SIGNED_CERT_IN_CHAIN", "tls/unknown-authority"],
  ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "tls/unknown-authority"],
] as const;

for (const [code, outcome] of VERDICTS) {
  test(`takes a library's ${code} for ${outcome}`, () => {
    assert.equal(classify("tls", Object.assign(new Error("verify"), { code })).outcome, outcome);
  });
}

test("takes what Node's own verification finds for an unknown authority", async (t) => {
  const port = await serveTls(t, {});
  const error = await handshakeFailure(port, { rejectUnauthorized: true });
  assert.equal(classify("tls", error).outcome, "tls/unknown-authority");
});

/** A fatal alert in a record of its own (RFC 5246 §7.2). */
function alertRecord(alert: number): Buffer {
  return Buffer.from([21, 3, 3, 0, 2, 2, alert]);
}

type ClientOptions = Omit<ConnectionOptions, "socket" | "host" | "port">;

async function handshake(port: number, options: ClientOptions = {}): Promise<TLSSocket> {
  const socket = await connect({ ip: "127.0.0.1", port }, { signal: new AbortController().signal });
  const channel = connectTls({ rejectUnauthorized: false, ...options, socket });
  await once(channel, "secureConnect");
  return channel;
}

async function handshakeFailure(port: number, options: ClientOptions = {}): Promise<unknown> {
  return handshake(port, options).then(
    (channel) => {
      channel.destroy();
      return assert.fail("Expected the handshake to fail");
    },
    (error: unknown) => error,
  );
}

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return assert.fail("Expected an error");
}

async function serve(t: TestContext, greet: (socket: Socket) => void): Promise<number> {
  return listen(t, createServer(greet));
}

async function serveTls(
  t: TestContext,
  options: TlsOptions,
  greet?: (channel: TLSSocket, raw: Socket) => void,
): Promise<number> {
  const server = createTlsServer({ key: IDENTITY.key, cert: IDENTITY.chain, ...options });
  const raws: Socket[] = [];
  server.on("connection", (raw: Socket) => raws.push(raw));
  server.on("secureConnection", (channel) => {
    channel.on("error", () => channel.destroy());
    const raw = raws.at(-1);
    if (raw !== undefined) greet?.(channel, raw);
  });
  return listen(t, server);
}

async function listen(t: TestContext, server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
  });
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return address !== null && typeof address === "object" ? address.port : 0;
}
