import assert from "node:assert/strict";
import { test } from "node:test";
import type { EchoPlan, EchoTally } from "../../src/network/icmp.ts";
import { createIcmpClient } from "../../src/network/icmp-client.ts";
import { findPingProgram } from "../../src/network/icmp-ping-program.ts";
import { pingArguments } from "../../src/network/icmp-ping-run.ts";
import { ProbeFailure } from "../../src/outcome/probe-failure.ts";
import { makeFakeProgram } from "../support/fake-program.ts";
import { makePlan } from "./icmp-plan.ts";

const SIGNAL = new AbortController().signal;

const IPUTILS = { command: "ping", flavour: "iputils" } as const;
const BUSYBOX = { command: "ping", flavour: "busybox" } as const;

/** What comes of a plan where `ping` is a script that claims to be of iputils and, on trial, to be able to send. */
async function ping(carryOut: string, changes: Partial<EchoPlan> = {}, signal = SIGNAL): Promise<EchoTally> {
  const script = `[ "$1" = -V ] && exec echo ping from iputils 20221126
    [ "$1" = -c ] && exit 0
    ${carryOut}`;
  await using program = await makeFakeProgram("ping", script);
  const client = createIcmpClient({ methods: ["ping"], pingProgram: program.path });
  assert.equal(await client.method(), "ping");
  return await (await client.start(makePlan(changes), { signal })).finished();
}

async function failureOf(script: string): Promise<readonly [string, string]> {
  try {
    await ping(script);
  } catch (error) {
    if (error instanceof ProbeFailure) return [error.outcome, error.detail];
    throw error;
  }
  throw new Error("The program was understood");
}

test("asks ping of iputils for what the plan says", () => {
  const plan = makePlan({
    sourceAddress: "127.0.0.2",
    typeOfService: 184,
    dontFragment: true,
    packets: 3,
    intervalSeconds: 0.25,
    packetTimeoutSeconds: 1.2,
  });

  assert.equal(
    pingArguments(plan, IPUTILS).join(" "),
    "-n -c 3 -i 0.250 -s 28 -W 2 -t 64 -I 127.0.0.2 -Q 184 -M do 127.0.0.1",
  );
});

test("asks ping of BusyBox only for what it can", () => {
  const plan = makePlan({ hopLimit: undefined });

  assert.equal(pingArguments(plan, BUSYBOX).join(" "), "-c 1 -i 0.010 -s 28 -W 2 127.0.0.1");
  assert.throws(() => pingArguments({ ...plan, typeOfService: 8 }, BUSYBOX), { outcome: "local/no-socket" });
  assert.throws(() => pingArguments({ ...plan, dontFragment: true }, BUSYBOX), { outcome: "local/no-socket" });
});

test("hands nothing but addresses to the program", () => {
  for (const ip of ["-f", "localhost", "127.0.0.1 -f", ""]) {
    assert.throws(() => pingArguments(makePlan({ ip }), IPUTILS), TypeError);
  }
  assert.throws(() => pingArguments(makePlan({ sourceAddress: "-f" }), IPUTILS), TypeError);
});

test("takes what the program says for the result, by the plan's own limits", async () => {
  const tally = await ping(
    `echo "36 bytes from 127.0.0.1: icmp_seq=1 ttl=64 time=10 ms"
     echo "36 bytes from 127.0.0.1: icmp_seq=2 ttl=64 time=900 ms"
     echo "36 bytes from 127.0.0.1: icmp_seq=3 ttl=60 time=20 ms"
     echo "36 bytes from 127.0.0.1: icmp_seq=3 ttl=60 time=21 ms (DUP!)"
     echo "4 packets transmitted, 3 received, +1 duplicates, 25% packet loss, time 3004ms"`,
    { packets: 4, packetTimeoutSeconds: 0.5 },
  );

  assert.deepEqual(tally, {
    sent: 4,
    replies: [
      { packet: 0, roundTripSeconds: 0.01, hopLimit: 64 },
      { packet: 2, roundTripSeconds: 0.02, hopLimit: 60 },
    ],
    duplicates: 1,
    malformed: 0,
    refusal: undefined,
  });
});

test("asks a program that is still waiting when time is up to sum up", async () => {
  const started = performance.now();

  const tally = await ping(
    `trap 'echo "2 packets transmitted, 1 received, 50% packet loss, time 9ms"; exit 1' INT
     echo "36 bytes from 127.0.0.1: icmp_seq=1 ttl=64 time=1 ms"
     while :; do sleep 0.02; done`,
    { packets: 2, packetTimeoutSeconds: 0.3 },
  );

  assert.deepEqual([tally.sent, tally.replies.length], [2, 1]);
  assert.ok(performance.now() - started < 5_000);
});

test("ends the program when the asker hangs up", async () => {
  const controller = new AbortController();

  const tally = ping("exec sleep 60", { packetTimeoutSeconds: 50 }, controller.signal);
  setImmediate(() => controller.abort(new Error("Hung up")));

  await assert.rejects(tally);
});

test("tells a missing permission, an unreachable network and nonsense apart", async () => {
  assert.deepEqual(await failureOf(`echo "ping: socket: Operation not permitted" >&2; exit 2`), [
    "local/no-socket",
    "The ping program says: ping: socket: Operation not permitted",
  ]);
  assert.equal((await failureOf(`echo "ping: connect: Network is unreachable" >&2; exit 2`))[0], "connect/unreachable");
  assert.equal((await failureOf("kill -9 $$"))[0], "local/no-socket");
  assert.deepEqual(await failureOf("echo What?"), [
    "exchange/malformed",
    'Cannot understand the ping program, which says "What?\\n"',
  ]);
  assert.equal((await failureOf("exit 0"))[0], "exchange/malformed");
});

test("reads no more than it needs of a program that talks without end", async () => {
  const [outcome] = await failureOf("yes What?");

  assert.equal(outcome, "exchange/malformed");
});

test("knows which ping it has, and does without one that it does not know", async () => {
  await using busybox = await makeFakeProgram("ping", `echo "BusyBox v1.35.0 multi-call binary." >&2; exit 1`);
  await using other = await makeFakeProgram("ping", "echo ping 2.4");
  await using powerless = await makeFakeProgram(
    "ping",
    `[ "$1" = -V ] && exec echo ping from iputils 20221126
     echo "ping: socktype: SOCK_RAW" >&2
     echo "ping: socket: Operation not permitted" >&2
     exit 2`,
  );

  assert.deepEqual(await findPingProgram(busybox.path), { command: busybox.path, flavour: "busybox" });
  assert.deepEqual(await findPingProgram(other.path), {
    problem: "ping program: neither that of iputils nor that of BusyBox",
  });
  assert.deepEqual(await findPingProgram(powerless.path), {
    problem: "ping program: ping: socket: Operation not permitted",
  });
  const missing = await findPingProgram("/nonexistent/ping");
  assert.match("problem" in missing ? missing.problem : "", /ENOENT/u);
});

const installed = await findPingProgram("ping");
const skip = "problem" in installed ? installed.problem : false;

test("the ping of this host is understood", { skip }, async (context) => {
  const client = createIcmpClient({ methods: ["ping"] });
  try {
    const run = await client.start(makePlan({ packets: 3, intervalSeconds: 0.25 }), { signal: SIGNAL });

    const tally = await run.finished();

    assert.deepEqual([tally.sent, tally.replies.length, tally.duplicates], [3, 3, 0]);
    for (const { roundTripSeconds = -1, hopLimit } of tally.replies) {
      assert.ok(roundTripSeconds > 0 && roundTripSeconds < 1);
      assert.equal(hopLimit, 64);
    }
  } catch (error) {
    if (!(error instanceof ProbeFailure) || error.outcome !== "local/no-socket") throw error;
    context.skip(error.detail);
  }
});
