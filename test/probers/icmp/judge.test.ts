import assert from "node:assert/strict";
import { test } from "node:test";
import type { EchoTally } from "../../../src/network/icmp.ts";
import { judge, lossRatio } from "../../../src/probers/icmp/judge.ts";

function makeTally(sent: number, received: number, changes: Partial<EchoTally> = {}): EchoTally {
  const replies = Array.from({ length: received }, (_, packet) => ({ packet, roundTripSeconds: 0.01, hopLimit: 64 }));
  return { sent, replies, duplicates: 0, malformed: 0, refusal: undefined, ...changes };
}

test("finds nothing wrong where every packet was answered", () => {
  assert.equal(judge(makeTally(4, 4, { duplicates: 3, malformed: 1 }), { maxLossRatio: 0 }), undefined);
});

test("tolerates exactly as much loss as the module says", () => {
  const outcomes = [
    [10, 9, 0, "exchange/packet-loss"],
    [10, 9, 0.1, "exchange/packet-loss-tolerated"],
    [10, 8, 0.1, "exchange/packet-loss"],
    [10, 7, 0.3, "exchange/packet-loss-tolerated"],
    [3, 2, 0.33, "exchange/packet-loss"],
    [1_000, 1, 0.999, "exchange/packet-loss-tolerated"],
    [1_000, 0, 0.999, "exchange/no-reply"],
  ] as const;
  for (const [sent, received, maxLossRatio, outcome] of outcomes) {
    assert.equal(judge(makeTally(sent, received), { maxLossRatio })?.outcome, outcome, `${received} of ${sent}`);
  }
});

test("tells silence from what was said instead of a reply", () => {
  const refusal = { kind: "unreachable", detail: "192.0.2.1 says: host unreachable" } as const;
  const silences = [
    [{}, "exchange/no-reply", "The packet was not answered"],
    [{ malformed: 1 }, "exchange/malformed", "The replies to 1 packet do not repeat what was sent"],
    [{ refusal }, "connect/unreachable", "The packet was not answered; 192.0.2.1 says: host unreachable"],
    [{ refusal: { ...refusal, kind: "unsent" } }, "connect/unreachable", undefined],
    [{ refusal: { ...refusal, kind: "hop-limit-exceeded" } }, "exchange/no-reply", undefined],
    [{ refusal: { ...refusal, kind: "too-big" } }, "exchange/no-reply", undefined],
  ] as const;
  for (const [changes, outcome, detail] of silences) {
    const failure = judge(makeTally(1, 0, changes), { maxLossRatio: 0.5 });

    assert.equal(failure?.outcome, outcome);
    if (detail !== undefined) assert.equal(failure.detail, detail);
  }
});

test("says how much was lost of how much, and what was the limit", () => {
  const failure = judge(makeTally(10, 7), { maxLossRatio: 0.2 });

  assert.equal(failure?.detail, "3 of 10 packets were lost, more than max_loss_ratio 0.2");
  assert.equal(lossRatio(makeTally(10, 7)), 0.3);
  assert.equal(lossRatio(makeTally(0, 0)), 0);
});
