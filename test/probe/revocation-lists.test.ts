import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { test } from "node:test";
import { readCertificate } from "../../src/network/certificate-read.ts";
import { createNetwork } from "../../src/network/create-network.ts";
import { type ListRequest, RevocationLists } from "../../src/probe/revocation-lists.ts";
import { Services } from "../../src/probe/services.ts";
import { createMemoryStore } from "../../src/storage/memory-store.ts";
import { respond } from "../faults/servers/answers.ts";
import { type Answer, startHttpServer } from "../faults/servers/http-server.ts";
import { createAuthority } from "../support/certificates.ts";
import { startDnsServer } from "../support/dns-server.ts";

const LARGEST_BYTES = 20 * 1024 * 1024;

test("fetches nothing from internal addresses where the module forbids them", async () => {
  let requests = 0;
  const failure = await failureOf(
    (socket) => {
      requests += 1;
      respond(socket, {});
    },
    { internalAddresses: "forbid" },
  );
  assert.match(failure, /internal addresses/);
  assert.equal(requests, 0);
});

test("reads lists of 20 MB, and not one byte more", async () => {
  const whole = await failureOf((socket) => respond(socket, { body: Buffer.alloc(LARGEST_BYTES) }));
  const larger = await failureOf((socket) => respond(socket, { body: Buffer.alloc(LARGEST_BYTES + 1) }));
  assert.match(whole, /^The list cannot be used/);
  assert.match(larger, /larger than 20971520 bytes/);
});

test("asks once for all who want the same list, and again after five minutes where there was none", async () => {
  let requests = 0;
  await using server = await startHttpServer((socket) => {
    requests += 1;
    respond(socket, { status: 500 });
  });
  let now = 0;
  using lists = start(() => now);
  const request = await requestTo(server.port, {});

  await Promise.all([lists.ask(request).settled, lists.ask(request).settled]);
  now += 299_000;
  await lists.ask(request).settled;
  assert.equal(requests, 1);
  now += 2000;
  await lists.ask(request).settled;
  assert.equal(requests, 2);
});

test("comes to a list by IPv6 where there is no way by IPv4", async () => {
  let requests = 0;
  await using server = await startHttpServer((socket) => {
    requests += 1;
    respond(socket, { status: 500 });
  });
  // There is a way to neither broadcasts nor, on some hosts, to IPv6; to an IPv4 address in the form of IPv6 there is.
  const addresses = { "list.test A": ["255.255.255.255"], "list.test AAAA": ["::ffff:127.0.0.1"] };
  await using dns = await startDnsServer(addresses);
  using lists = start(() => 0);
  const request = await requestTo(server.port, { resolver: [dns.address] });

  const asked = lists.ask({ ...request, url: `http://list.test:${server.port}/list.crl` });
  await asked.settled;

  assert.match(asked.state().failure ?? "", /HTTP status 500/);
  assert.equal(requests, 1);
});

async function failureOf(answer: Answer, module: Partial<ListRequest["module"]> = {}): Promise<string> {
  await using server = await startHttpServer(answer);
  using lists = start(() => 0);
  const asked = lists.ask(await requestTo(server.port, module));
  await asked.settled;
  return asked.state().failure ?? "";
}

async function requestTo(port: number, module: Partial<ListRequest["module"]>): Promise<ListRequest> {
  const { certificate } = await createAuthority();
  return {
    url: `http://127.0.0.1:${port}/list.crl`,
    issuer: readCertificate(new X509Certificate(certificate).raw),
    module: {
      name: "test",
      timeoutSeconds: undefined,
      maxResponseTimeSeconds: undefined,
      internalAddresses: "allow",
      resolver: [],
      ...module,
    },
  };
}

function start(now: () => number): Disposable & Pick<RevocationLists, "ask"> {
  const clock = { now, sleep: () => Promise.resolve(), random: () => 0.5 };
  const services = new Services({
    network: createNetwork(),
    store: createMemoryStore(),
    clock,
    servers: () => new Map(),
  });
  const lists = services.get(RevocationLists);
  return { ask: (request) => lists.ask(request), [Symbol.dispose]: () => services[Symbol.dispose]() };
}
