import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { classify } from "../../src/network/classify.ts";
import { FAULTS } from "../../src/network/classify-fault.ts";
import { connect } from "../../src/network/connect.ts";
import { FAILURES, PHASES } from "../../src/outcome/outcome.ts";
import { ProbeFailure } from "../../src/outcome/probe-failure.ts";

const NEVER = new AbortController().signal;

test("says that a port is closed, with the address and the system's code", async () => {
  const port = await closedPort();
  const error = await failureOf(connect({ ip: "127.0.0.1", port }, { signal: NEVER }));
  assert.deepEqual(classify("connect", error), {
    outcome: "connect/refused",
    detail: `Connection refused (ECONNREFUSED 127.0.0.1:${port})`,
  });
});

test("writes an IPv6 address in brackets", () => {
  const error = systemError("ECONNREFUSED", { syscall: "connect", address: "::1", port: 1 });
  assert.equal(classify("connect", error).detail, "Connection refused (ECONNREFUSED [::1]:1)");
});

test("says that there is no Unix socket", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "classify-"));
  t.after(() => rm(folder, { recursive: true }));
  const path = join(folder, "socket");
  const error = await failureOf(connect({ path }, { signal: NEVER }));
  assert.deepEqual(classify("connect", error), {
    outcome: "connect/refused",
    detail: `There is no such Unix socket (ENOENT ${path})`,
  });
});

test("calls it our own fault that a Unix socket may not be opened", () => {
  const error = systemError("EACCES", { syscall: "connect", address: "/run/private.sock" });
  assert.equal(classify("connect", error).outcome, "local/no-socket");
});

test("calls it our own fault that this host does not have the source address", async () => {
  const destination = { ip: "127.0.0.1", port: 1, sourceAddress: "192.0.2.1" };
  const error = await failureOf(connect(destination, { signal: NEVER }));
  assert.deepEqual(classify("connect", error), {
    outcome: "local/no-socket",
    detail: "The socket cannot have this source address (EADDRNOTAVAIL 192.0.2.1)",
  });
});

test("calls a datagram refused that met a closed port", async (t) => {
  const socket = createSocket("udp4");
  t.after(() => socket.close());
  const port = await closedPort();
  await new Promise<void>((resolve) => socket.connect(port, "127.0.0.1", resolve));
  socket.send("x");
  const [error] = await once(socket, "error");
  assert.equal(classify("exchange", error).outcome, "connect/refused");
});

for (const code of ["EMFILE", "ENFILE", "ENOBUFS", "ENOMEM", "EADDRNOTAVAIL"]) {
  test(`calls ${code} our own fault in every phase of the network`, () => {
    for (const phase of ["resolve", "connect", "tls", "upgrade", "exchange", "content"] as const) {
      assert.equal(classify(phase, systemError(code, { syscall: "connect" })).outcome, "local/no-socket");
    }
  });
}

const BY_PHASE = [
  ["connect", "ECONNREFUSED", "connect", "connect/refused"],
  ["connect", "ECONNRESET", "connect", "connect/refused"],
  ["connect", "ETIMEDOUT", "connect", "connect/timeout"],
  ["connect", "ENETUNREACH", "connect", "connect/unreachable"],
  ["connect", "EHOSTUNREACH", "connect", "connect/unreachable"],
  ["connect", "EACCES", "connect", "connect/unreachable"],
  ["connect", "EPERM", "connect", "connect/unreachable"],
  ["connect", "EINVAL", "connect", "connect/unreachable"],
  ["tls", "ECONNRESET", "read", "tls/handshake-failed"],
  ["tls", "EPIPE", "write", "tls/handshake-failed"],
  ["tls", "ETIMEDOUT", "read", "tls/timeout"],
  ["exchange", "ECONNRESET", "read", "exchange/closed"],
  ["exchange", "ECONNRESET", "write", "exchange/send-failed"],
  ["exchange", "EPIPE", "write", "exchange/send-failed"],
  ["exchange", "ETIMEDOUT", "read", "exchange/timeout"],
  ["exchange", "EHOSTUNREACH", "read", "exchange/closed"],
  ["exchange", "EHOSTUNREACH", "send", "connect/unreachable"],
  ["exchange", "ENETUNREACH", "send", "connect/unreachable"],
  ["exchange", "EMSGSIZE", "send", "exchange/send-failed"],
  ["login", "ECONNRESET", "read", "exchange/closed"],
  ["content", "ECONNRESET", "read", "exchange/closed"],
  ["redirect", "ECONNRESET", "read", "exchange/closed"],
  ["upgrade", "ECONNRESET", "read", "upgrade/malformed"],
  ["registry", "ECONNREFUSED", "connect", "registry/unavailable"],
  ["registry", "EMFILE", "connect", "registry/unavailable"],
  ["resolve", "ENOTFOUND", "queryA", "resolve/name-not-found"],
  ["resolve", "ENODATA", "queryA", "resolve/no-address"],
  ["resolve", "ESERVFAIL", "queryA", "resolve/server-failure"],
  ["resolve", "EREFUSED", "queryA", "resolve/server-failure"],
  ["resolve", "EFORMERR", "queryA", "resolve/server-failure"],
  ["resolve", "ENOTIMP", "queryA", "resolve/server-failure"],
  ["resolve", "EBADRESP", "queryA", "resolve/server-failure"],
  ["resolve", "ECONNREFUSED", "queryA", "resolve/server-failure"],
  ["resolve", "ETIMEOUT", "queryA", "resolve/timeout"],
  ["resolve", "ECANCELLED", "queryA", "resolve/timeout"],
  ["exchange", "ENOTFOUND", "queryA", "resolve/name-not-found"],
  ["exchange", "ENOENT", "open", "local/defect"],
  ["request", "ECONNRESET", "read", "local/defect"],
] as const;

for (const [phase, code, syscall, outcome] of BY_PHASE) {
  test(`takes ${code} of ${syscall} in phase ${phase} for ${outcome}`, () => {
    assert.equal(classify(phase, systemError(code, { syscall, address: "192.0.2.1", port: 443 })).outcome, outcome);
  });
}

const GIVEN_UP = [
  ["resolve", "resolve/timeout"],
  ["connect", "connect/timeout"],
  ["tls", "tls/timeout"],
  ["upgrade", "upgrade/timeout"],
  ["login", "exchange/timeout"],
  ["exchange", "exchange/timeout"],
  ["content", "exchange/timeout"],
  ["registry", "registry/unavailable"],
  ["policy", "deadline/no-time-left"],
] as const;

for (const [phase, outcome] of GIVEN_UP) {
  test(`takes work that was given up in phase ${phase} for ${outcome}`, () => {
    assert.equal(classify(phase, AbortSignal.abort().reason).outcome, outcome);
    assert.equal(classify(phase, new DOMException("late", "TimeoutError")).outcome, outcome);
  });
}

test("leaves a ProbeFailure as it is, however deep it is wrapped", () => {
  const failure = new ProbeFailure("login/rejected", { detail: "530 Login incorrect" });
  const wrapped = new TypeError("fetch failed", { cause: new AggregateError([new Error("first"), failure]) });
  assert.deepEqual(classify("exchange", wrapped), { outcome: "login/rejected", detail: "530 Login incorrect" });
});

test("finds the cause that a library wrapped", () => {
  const cause = systemError("ECONNRESET", { syscall: "read" });
  assert.equal(classify("exchange", new TypeError("fetch failed", { cause })).outcome, "exchange/closed");
});

test("finds what one of several attempts met", () => {
  const attempt = systemError("ECONNREFUSED", { syscall: "connect", address: "192.0.2.1", port: 1 });
  assert.equal(classify("connect", new AggregateError([attempt])).outcome, "connect/refused");
});

test("finds what the failure of a disposal replaced", () => {
  const error = new SuppressedError(new Error("close failed"), systemError("ECONNRESET", { syscall: "read" }));
  assert.equal(classify("exchange", error).outcome, "exchange/closed");
});

test("prefers any other cause to that the work was given up", () => {
  const cause = new DOMException("given up", "AbortError");
  const error = Object.assign(new Error("read ECONNRESET", { cause }), { code: "ECONNRESET", syscall: "read" });
  assert.equal(classify("exchange", error).outcome, "exchange/closed");
});

test("comes to an end where causes form a ring or never end", () => {
  const ring = new Error("ring");
  ring.cause = ring;
  assert.equal(classify("exchange", ring).outcome, "local/defect");
  const endless = Array.from({ length: 1000 }).reduce<Error>((cause) => new Error("link", { cause }), new Error("end"));
  assert.equal(classify("exchange", endless).outcome, "local/defect");
});

for (const [what, thrown, detail] of [
  ["an unknown error", new RangeError("off by one"), "RangeError: off by one"],
  ["a string", "oops", "Thrown: 'oops'"],
  ["nothing", undefined, "Thrown: undefined"],
  ["an object without a prototype", Object.create(null), "Thrown: [Object: null prototype] {}"],
] as const) {
  test(`takes ${what} for a defect of ours`, () => {
    assert.deepEqual(classify("exchange", thrown), { outcome: "local/defect", detail });
  });
}

test("keeps a detail to 500 characters and out of a terminal's control", () => {
  const { detail } = classify("exchange", new Error(`a\u001b[31m\r\n\u202eb${"x".repeat(1000)}`));
  assert.ok(detail.startsWith("Error: a [31m bxxx"), detail.slice(0, 40));
  assert.equal(detail.length, 500);
  const failure = new ProbeFailure("exchange/malformed", { detail: `220 ${"y".repeat(497)}` });
  assert.equal(classify("exchange", failure).detail.length, 500);
});

test("yields only outcomes of the vocabulary, for each phase and code it knows", () => {
  for (const phase of PHASES) {
    for (const code of ["ECONNRESET", "EPIPE", "ETIMEDOUT", "ECONNREFUSED", "EMFILE", "Z_DATA_ERROR", "ERR_SSL_X"]) {
      assert.ok(FAILURES.includes(classify(phase, systemError(code, {})).outcome));
    }
  }
  assert.equal(new Set(FAULTS).size, FAULTS.length);
});

interface SystemFacts {
  readonly syscall?: string;
  readonly address?: string;
  readonly port?: number;
}

/** Like what Node makes of a failed system call, for those that a test cannot provoke on loopback. */
function systemError(code: string, facts: SystemFacts): Error {
  return Object.assign(new Error(`${facts.syscall ?? "call"} ${code}`), { code, ...facts });
}

async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => assert.fail("Expected a failure"),
    (error: unknown) => error,
  );
}

async function closedPort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return address !== null && typeof address === "object" ? address.port : 0;
}
