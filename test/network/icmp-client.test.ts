import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import type { EchoPlan, EchoTally } from "../../src/network/icmp.ts";
import { createIcmpClient } from "../../src/network/icmp-client.ts";
import { createInbox } from "../../src/network/icmp-inbox.ts";
import { openKernelSocket } from "../../src/network/icmp-kernel-socket.ts";
import { sealEchoRequest } from "../../src/network/icmp-packet.ts";
import type { Arrival, EchoSocket } from "../../src/network/icmp-socket.ts";
import { loadSystemCalls } from "../../src/network/icmp-system-calls.ts";
import { ProbeFailure } from "../../src/outcome/probe-failure.ts";
import { errorAbout } from "../support/echo-host.ts";
import { makePlan } from "./icmp-plan.ts";

const SIGNAL = new AbortController().signal;
const SOCKETS = ["datagram", "raw"] as const;

const ipv6 = { ip: "::1", family: 6 } as const;

/** Why a method cannot be tested on this host; false where it can. */
async function skipReason(method: (typeof SOCKETS)[number]): Promise<string | false> {
  const found = await createIcmpClient({ methods: [method] }).method();
  return found === method ? false : `this host permits no ${method} ICMP socket`;
}

for (const method of SOCKETS) {
  const skip = await skipReason(method);
  const ping = async (changes: Partial<EchoPlan>): Promise<EchoTally> => {
    const run = await createIcmpClient({ methods: [method] }).start(makePlan(changes), { signal: SIGNAL });
    return run.finished();
  };

  void test(`${method}: the kernel answers on IPv4, and the time and the hop limit are its own`, { skip }, async () => {
    const started = performance.now();

    const tally = await ping({ packets: 5 });

    const elapsedSeconds = (performance.now() - started) / 1000;
    assert.deepEqual([tally.sent, tally.replies.length, tally.duplicates, tally.malformed], [5, 5, 0, 0]);
    for (const { roundTripSeconds = -1, hopLimit } of tally.replies) {
      assert.ok(roundTripSeconds > 0 && roundTripSeconds < elapsedSeconds, `found ${roundTripSeconds}`);
      assert.equal(hopLimit, 64);
    }
  });

  void test(`${method}: the kernel answers on IPv6 as well`, { skip: skip || (await skipIpv6(method)) }, async () => {
    const tally = await ping({ ...ipv6, packets: 2, typeOfService: 0x20, dontFragment: true });

    assert.deepEqual(
      tally.replies.map(({ hopLimit }) => hopLimit),
      [64, 64],
    );
  });

  void test(`${method}: the largest payload comes back whole, and so does the smallest`, { skip }, async () => {
    assert.equal((await ping({ payloadBytes: 65_507 })).replies.length, 1);
    assert.equal((await ping({ payloadBytes: 1 })).replies.length, 1);
  });

  void test(`${method}: a packet that must not be fragmented and is too big for the link is lost there`, {
    skip,
  }, async () => {
    // The loopback takes 65,536 bytes, which no packet of IPv4 exceeds: more than that cannot be sent at all.
    const tally = await ping({ payloadBytes: 65_508, dontFragment: true });

    assert.deepEqual([tally.sent, tally.replies.length, tally.refusal?.kind], [1, 0, "too-big"]);
  });

  void test(`${method}: the source address is the one that was asked for`, { skip }, async () => {
    assert.equal((await ping({ sourceAddress: "127.0.0.5", ip: "127.0.0.9" })).replies.length, 1);
    await assert.rejects(ping({ sourceAddress: "192.0.2.199" }), (error) => {
      assert.ok(error instanceof ProbeFailure);
      assert.equal(error.outcome, "local/no-socket");
      assert.match(error.detail, /from 192\.0\.2\.199\): bind EADDRNOTAVAIL/u);
      return true;
    });
    await assert.rejects(ping({ sourceAddress: "::1" }), /different families/u);
  });

  void test(`${method}: hundreds of probes at once lose nothing`, { skip }, async () => {
    const client = createIcmpClient({ methods: [method] });

    const tallies = await Promise.all(
      Array.from({ length: 600 }, async (_, index) => {
        const plan = makePlan({ ip: `127.0.${index % 50}.${1 + (index % 200)}`, packets: 2 });
        return (await client.start(plan, { signal: SIGNAL })).finished();
      }),
    );

    assert.equal(tallies.filter(({ replies }) => replies.length !== 2).length, 0);
  });

  void test(`${method}: what the system refuses to send is refused at once, and spoils nothing else`, {
    skip,
  }, async () => {
    const client = createIcmpClient({ methods: [method] });

    await assert.rejects(client.start(makePlan({ ip: "255.255.255.255" }), { signal: SIGNAL }), { code: "EACCES" });
    const tally = await (await client.start(makePlan(), { signal: SIGNAL })).finished();

    assert.equal(tally.replies.length, 1);
  });

  void test(`${method}: a thread that ends in the middle of a probe leaves the process alive`, { skip }, async () => {
    for (let round = 0; round < 3; round += 1) {
      const worker = new Worker(new URL("./icmp-thread.ts", import.meta.url), { workerData: method });
      const [received] = await once(worker, "message");

      await worker.terminate();

      assert.equal(received, 1);
    }
  });
}

async function skipIpv6(method: (typeof SOCKETS)[number]): Promise<string | false> {
  try {
    const run = await createIcmpClient({ methods: [method] }).start(makePlan(ipv6), { signal: SIGNAL });
    await run.finished();
    return false;
  } catch (error) {
    return `this host has no IPv6: ${String(error)}`;
  }
}

const skipErrors = (await skipReason("datagram")) || (await skipReason("raw"));

test("an ICMP error reaches the datagram socket, and the next request is none the worse", {
  skip: skipErrors,
}, async () => {
  const calls = await loadSystemCalls();
  const system = { calls, inbox: createInbox(calls) };
  const socket = openKernelSocket(makePlan(), { system, method: "datagram" });
  const forger = openKernelSocket(makePlan(), { system, method: "raw" });
  const request = Buffer.alloc(8 + 28, 5);
  sealEchoRequest(request, { family: 4, identifier: 0, sequence: 77 });
  const { wire } = socket.destination("127.0.0.1");
  socket.send(request, wire);
  // The system has put an identifier of its own into the request; the reply tells which.
  request.writeUInt16BE((await next(socket)).message.identifier, 4);

  forger.send(errorAbout(request, { type: 3, code: 1, destination: Buffer.of(127, 1, 2, 3) }), wire);
  const { message, source } = await next(socket);
  forger.send(errorAbout(request, { type: 3, code: 0, destination: Buffer.of(127, 1, 2, 3) }), wire);
  socket.send(request, wire);

  assert.ok(message.kind === "error");
  assert.deepEqual(message.error, { kind: "unreachable", reason: "host unreachable" });
  assert.deepEqual([message.sequence, [...message.destination], [...source]], [77, [127, 1, 2, 3], [127, 0, 0, 1]]);
  const kinds = [(await next(socket)).message.kind, (await next(socket)).message.kind];
  assert.deepEqual(kinds.toSorted(), ["error", "reply"]);
  socket.close();
  forger.close();
});

/** What comes in next; waiting for it keeps the process going. */
async function next(socket: EchoSocket): Promise<Arrival> {
  for (let turns = 0; turns < 1_000; turns += 1) {
    const arrival = socket.receive();
    if (typeof arrival === "object") return copyOf(arrival);
    await new Promise<void>((resolve) => setTimeout(resolve, 1));
  }
  throw new Error("Nothing came in");
}

/** A socket's views hold until it is asked again. */
function copyOf(arrival: Arrival): Arrival {
  return structuredClone(arrival);
}

test("a host that permits nothing is told how to permit it", async () => {
  const client = createIcmpClient({ methods: [] });

  assert.equal(await client.method(), "none");
  await assert.rejects(client.start(makePlan(), { signal: SIGNAL }), (error) => {
    assert.ok(error instanceof ProbeFailure);
    assert.equal(error.outcome, "local/no-socket");
    assert.match(error.detail, /net\.ipv4\.ping_group_range.*CAP_NET_RAW.*ping program of iputils/u);
    return true;
  });
});
