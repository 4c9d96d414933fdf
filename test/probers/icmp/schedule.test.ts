import assert from "node:assert/strict";
import { test } from "node:test";
import { fitSchedule } from "../../../src/probers/icmp/schedule.ts";

test("leaves a schedule that fits as it is", () => {
  const wished = { packets: 5, intervalSeconds: 1, packetTimeoutSeconds: 2 };

  assert.deepEqual(fitSchedule(wished, { secondsLeft: 9.5 }), { intervalSeconds: 1, packetTimeoutSeconds: 2 });
});

test("gives one packet all the time there is, but for what the answer needs", () => {
  const wished = { packets: 1, intervalSeconds: 1, packetTimeoutSeconds: Infinity };

  assert.equal(fitSchedule(wished, { secondsLeft: 5 }).packetTimeoutSeconds, 4.9);
  assert.equal(fitSchedule(wished, { secondsLeft: 0.5 }).packetTimeoutSeconds, 0.45);
});

test("shortens the wait before the pauses, and never to less than half of the time", () => {
  const { intervalSeconds, packetTimeoutSeconds } = fitSchedule(
    { packets: 4, intervalSeconds: 1, packetTimeoutSeconds: 5 },
    { secondsLeft: 7.1 },
  );

  assert.equal(intervalSeconds, 1);
  assert.equal(packetTimeoutSeconds, 4);
});

test("fits any number of packets into any time", () => {
  for (const packets of [1, 2, 20, 1_000]) {
    for (const secondsLeft of [0.05, 1, 9.5, 119.5]) {
      for (const packetTimeoutSeconds of [0.001, 2, Infinity]) {
        const wished = { packets, intervalSeconds: 1, packetTimeoutSeconds };
        const { intervalSeconds, packetTimeoutSeconds: wait } = fitSchedule(wished, { secondsLeft });

        assert.ok((packets - 1) * intervalSeconds + wait < secondsLeft);
        assert.ok(intervalSeconds >= 0 && wait > 0);
      }
    }
  }
});
