import assert from "node:assert/strict";
import { test } from "node:test";
import type { EchoRoute } from "../../src/network/icmp.ts";
import { createChannelPool } from "../../src/network/icmp-channel-pool.ts";
import type { EchoSocket } from "../../src/network/icmp-socket.ts";

const ROUTE: EchoRoute = {
  family: 4,
  sourceAddress: undefined,
  hopLimit: 64,
  typeOfService: undefined,
  dontFragment: false,
};

function makeSocket(onClose: () => void): EchoSocket {
  return {
    family: 4,
    identifier: 1,
    now: () => 0,
    destination: () => ({ address: new Uint8Array(4), wire: new Uint8Array(16) }),
    send: () => undefined,
    receive: () => undefined,
    close: onClose,
  };
}

test("shares a channel between probes of the same kind of route only", () => {
  let opened = 0;
  const pool = createChannelPool(() => {
    opened += 1;
    return makeSocket(() => undefined);
  });
  const routes: readonly EchoRoute[] = [
    ROUTE,
    { ...ROUTE },
    { ...ROUTE, family: 6 },
    { ...ROUTE, hopLimit: 1 },
    { ...ROUTE, typeOfService: 64 },
    { ...ROUTE, dontFragment: true },
    { ...ROUTE, sourceAddress: "127.0.0.2" },
    ROUTE,
  ];

  const taken = routes.map((route) => pool.take(route));

  assert.equal(opened, 6);
  assert.equal(taken[0]?.channel, taken.at(-1)?.channel);
  for (const { release } of taken) release();
});

test("closes a channel when it has been idle for a while, and opens another then", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  let [opened, closed] = [0, 0];
  const pool = createChannelPool(() => {
    opened += 1;
    return makeSocket(() => {
      closed += 1;
    });
  });

  const [first, second] = [pool.take(ROUTE), pool.take(ROUTE)];
  first.release();
  context.mock.timers.tick(60_000);
  assert.equal(closed, 0, "closed in the middle of a probe");
  second.release();
  context.mock.timers.tick(1_000);
  pool.take(ROUTE).release();
  context.mock.timers.tick(1_500);
  assert.deepEqual([opened, closed], [1, 0], "not kept for the next probe");
  context.mock.timers.tick(1_000);
  assert.equal(closed, 1);
  pool.take(ROUTE);

  assert.equal(opened, 2);
});
