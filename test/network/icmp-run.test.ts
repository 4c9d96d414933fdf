import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { test } from "node:test";
import type { EchoPlan, EchoTally } from "../../src/network/icmp.ts";
import { errorAbout, type OnEcho, ownAddress, replyTo, startEchoHost } from "../support/echo-host.ts";
import { createTunnelClient } from "../support/echo-tunnel.ts";
import { makePlan } from "./icmp-plan.ts";

const SIGNAL = new AbortController().signal;

/** What a host that does this with echo requests makes of a plan. */
async function ping(onEcho: OnEcho, changes: Partial<EchoPlan> = {}): Promise<EchoTally> {
  await using host = await startEchoHost(onEcho);
  const run = await createTunnelClient().start(makePlan({ ip: host.host, ...changes }), { signal: SIGNAL });
  return await run.finished();
}

function numbersOf({ replies }: EchoTally): readonly number[] {
  return replies.map(({ packet }) => packet);
}

test("sends so many packets, so far apart, and tells how long each took and with which hop limit it came", async () => {
  const arrivals: number[] = [];

  const tally = await ping(
    (request, number) => {
      arrivals.push(performance.now());
      return [{ message: replyTo(request), hopLimit: 60 + number }];
    },
    { packets: 3, intervalSeconds: 0.04 },
  );

  assert.deepEqual([tally.sent, tally.duplicates, tally.malformed, tally.refusal], [3, 0, 0, undefined]);
  assert.deepEqual(
    tally.replies.map(({ packet, hopLimit }) => [packet, hopLimit]),
    [
      [0, 60],
      [1, 61],
      [2, 62],
    ],
  );
  for (const { roundTripSeconds = -1 } of tally.replies) assert.ok(roundTripSeconds > 0 && roundTripSeconds < 1);
  assert.ok((arrivals[2] ?? 0) - (arrivals[0] ?? 0) >= 60, "the packets came in a heap");
});

test("ends as soon as every packet is answered", async () => {
  const started = performance.now();

  await ping((request) => [{ message: replyTo(request) }], { packetTimeoutSeconds: 30 });

  assert.ok(performance.now() - started < 5_000);
});

test("measures a reply that takes its time", async () => {
  const { replies } = await ping((request) => [{ message: replyTo(request), afterMilliseconds: 50 }]);

  const [reply] = replies;
  assert.ok((reply?.roundTripSeconds ?? 0) >= 0.045, `found ${reply?.roundTripSeconds}`);
});

test("gives each reply to the packet that it answers, in whatever order they come", async () => {
  const tally = await ping(
    (request, number) => [{ message: replyTo(request), afterMilliseconds: number === 0 ? 80 : 1 }],
    { packets: 3 },
  );

  assert.deepEqual(numbersOf(tally), [0, 1, 2]);
  assert.ok((tally.replies[0]?.roundTripSeconds ?? 0) > (tally.replies[1]?.roundTripSeconds ?? 1));
});

test("counts what is lost, what comes too late and what comes twice", async () => {
  const tally = await ping(
    (request, number) => {
      const message = replyTo(request);
      if (number === 1) return [];
      if (number === 2) return [{ message, afterMilliseconds: 250 }];
      return number === 0 ? [{ message }, { message }, { message }] : [{ message }];
    },
    { packets: 4, packetTimeoutSeconds: 0.15 },
  );

  assert.deepEqual(numbersOf(tally), [0, 3]);
  assert.deepEqual([tally.sent, tally.duplicates, tally.malformed], [4, 2, 0]);
});

test("knows a changed payload, of whatever length, for no reply", async () => {
  for (const payload of [Buffer.alloc(28), Buffer.alloc(0), Buffer.alloc(1_000, 7)]) {
    const tally = await ping((request) => [{ message: replyTo(request, payload) }], { packetTimeoutSeconds: 0.1 });

    assert.deepEqual([tally.replies.length, tally.malformed], [0, 1], `${payload.length} bytes`);
  }
});

test("takes the right reply after a wrong one", async () => {
  const tally = await ping((request) => [
    { message: replyTo(request, Buffer.from("other")) },
    { message: replyTo(request), source: Buffer.of(192, 0, 2, 1) },
    { message: Buffer.from("garbage") },
    { message: replyTo(request), afterMilliseconds: 5 },
  ]);

  assert.deepEqual([tally.replies.length, tally.malformed, tally.duplicates], [1, 1, 0]);
});

test("ignores replies to other identifiers and to sequence numbers that it did not send", async () => {
  const tally = await ping(
    (request) => {
      const otherIdentifier = Buffer.from(request);
      otherIdentifier.writeUInt16BE(request.readUInt16BE(4) ^ 0xffff, 4);
      const otherSequence = Buffer.from(request);
      otherSequence.writeUInt16BE((request.readUInt16BE(6) + 100) % 0x10000, 6);
      return [{ message: replyTo(otherIdentifier) }, { message: replyTo(otherSequence) }];
    },
    { packetTimeoutSeconds: 0.1 },
  );

  assert.deepEqual([tally.replies.length, tally.malformed, tally.duplicates], [0, 0, 0]);
});

test("ends a packet's wait when a router says that it was not passed on, and tells which", async () => {
  const started = performance.now();

  await using host = await startEchoHost((request) => [
    {
      message: errorAbout(request, { type: 3, code: 1, destination: ownAddress(host) }),
      source: Buffer.of(192, 0, 2, 1),
    },
  ]);
  const plan = makePlan({ ip: host.host, packets: 2, packetTimeoutSeconds: 30 });
  const tally = await (await createTunnelClient().start(plan, { signal: SIGNAL })).finished();

  assert.deepEqual(tally.refusal, { kind: "unreachable", detail: "192.0.2.1 says: host unreachable" });
  assert.deepEqual([tally.sent, tally.replies.length], [2, 0]);
  assert.ok(performance.now() - started < 5_000);
});

test("believes no error that quotes another payload or another destination", async () => {
  const tally = await ping(
    (request) => {
      const forged = Buffer.concat([request.subarray(0, 8), Buffer.alloc(28, 1)]);
      const destination = Buffer.of(127, 9, 9, 9);
      return [
        { message: errorAbout(forged, { type: 3, code: 1, destination }) },
        { message: errorAbout(request, { type: 3, code: 1, destination }) },
      ];
    },
    { packetTimeoutSeconds: 0.1 },
  );

  assert.equal(tally.refusal, undefined);
});

test("keeps many probes of many hosts apart on one socket", async () => {
  await using good = await startEchoHost((request) => [{ message: replyTo(request), hopLimit: 10 }]);
  await using slow = await startEchoHost((request) => [
    { message: replyTo(request), hopLimit: 20, afterMilliseconds: 20 },
  ]);
  await using silent = await startEchoHost(() => []);
  const client = createTunnelClient();
  const hosts = [good, slow, silent];

  const tallies = await Promise.all(
    Array.from({ length: 90 }, async (_, index) => {
      const ip = hosts[index % 3]?.host ?? "";
      const run = await client.start(makePlan({ ip, packetTimeoutSeconds: 1 }), { signal: SIGNAL });
      return run.finished();
    }),
  );

  const hopLimits = tallies.map(({ replies }) => replies[0]?.hopLimit);
  assert.deepEqual(
    hopLimits,
    tallies.map((_, index) => [10, 20, undefined][index % 3]),
  );
});

test("stops when the asker hangs up, and leaves no listener", async () => {
  await using host = await startEchoHost(() => []);
  const controller = new AbortController();
  const run = await createTunnelClient().start(
    makePlan({ ip: host.host, packets: 100, packetTimeoutSeconds: 30 }),
    controller,
  );

  const tally = run.finished();
  controller.abort(new Error("Hung up"));

  await assert.rejects(tally);
  assert.equal(getEventListeners(controller.signal, "abort").length, 0);
});

test("fills payloads of every size, and expects them back whole", async () => {
  for (const payloadBytes of [1, 7, 8, 9, 1_400]) {
    const lengths: number[] = [];
    const tally = await ping(
      (request) => {
        lengths.push(request.length);
        return [{ message: replyTo(request) }];
      },
      { payloadBytes },
    );

    assert.deepEqual(lengths, [8 + payloadBytes]);
    assert.equal(tally.replies.length, 1);
  }
});
