import assert from "node:assert/strict";
import { test } from "node:test";
import { parsePingOutput } from "../../src/network/icmp-ping-output.ts";

const IPUTILS = `PING 127.0.0.1 (127.0.0.1) 28(56) bytes of data.
36 bytes from 127.0.0.1: icmp_seq=1 ttl=64 time=0.028 ms
36 bytes from 127.0.0.1: icmp_seq=1 ttl=64 time=0.051 ms (DUP!)
36 bytes from 127.0.0.1: icmp_seq=3 ttl=63 time=12 ms

--- 127.0.0.1 ping statistics ---
3 packets transmitted, 2 received, +1 duplicates, 33.3333% packet loss, time 406ms
rtt min/avg/max/mdev = 0.028/0.097/0.221/0.087 ms
`;

const BUSYBOX = `PING ::1 (::1): 56 data bytes
64 bytes from ::1: seq=0 ttl=64 time=0.036 ms
64 bytes from ::1: seq=0 ttl=64 time=0.080 ms (DUP!)
64 bytes from ::1: seq=1 ttl=64 time=0.041 ms

--- ::1 ping statistics ---
2 packets transmitted, 2 packets received, 1 duplicates, 0% packet loss
round-trip min/avg/max = 0.036/0.038/0.041 ms
`;

test("reads what ping of iputils writes", () => {
  assert.deepEqual(parsePingOutput(IPUTILS), {
    sent: 3,
    replies: [
      { sequence: 1, roundTripSeconds: 0.028 / 1000, hopLimit: 64 },
      { sequence: 3, roundTripSeconds: 0.012, hopLimit: 63 },
    ],
    duplicates: 1,
    refusal: undefined,
  });
});

test("reads what ping of BusyBox writes", () => {
  assert.deepEqual(parsePingOutput(BUSYBOX), {
    sent: 2,
    replies: [
      { sequence: 0, roundTripSeconds: 0.036 / 1000, hopLimit: 64 },
      { sequence: 1, roundTripSeconds: 0.041 / 1000, hopLimit: 64 },
    ],
    duplicates: 1,
    refusal: undefined,
  });
});

test("reads a reply to a packet that is too small to hold the time", () => {
  const { replies } = parsePingOutput("12 bytes from 127.0.0.1: icmp_seq=1 ttl=64\n");

  assert.deepEqual(replies, [{ sequence: 1, roundTripSeconds: undefined, hopLimit: 64 }]);
});

test("reads a reply from an address with a zone, or with a name before it", () => {
  const { replies } = parsePingOutput(
    "64 bytes from fe80::1%eth0: icmp_seq=1 ttl=64 time=0.5 ms\n64 bytes from a.test (192.0.2.1): icmp_seq=2 ttl=64 time=1 ms\n",
  );

  assert.deepEqual(
    replies.map(({ sequence }) => sequence),
    [1, 2],
  );
});

test("tells who refused a packet, and why", () => {
  const refusals = [
    ["From 192.0.2.1 icmp_seq=1 Destination Host Unreachable", "unreachable"],
    ["From 192.0.2.1 icmp_seq=1 Packet filtered", "unreachable"],
    ["From 192.0.2.1 icmp_seq=1 Time to live exceeded", "hop-limit-exceeded"],
    ["From 192.0.2.1 icmp_seq=1 Time exceeded: Hop limit", "hop-limit-exceeded"],
    ["From 192.0.2.1 icmp_seq=1 Frag needed and DF set (mtu = 1400)", "too-big"],
    ["From 192.0.2.1 (192.0.2.1) icmp_seq=1 Destination Net Unreachable", "unreachable"],
  ] as const;
  for (const [line, kind] of refusals) {
    const { refusal } = parsePingOutput(
      `PING\n${line}\n\n1 packets transmitted, 0 received, +1 errors, 100% packet loss`,
    );

    assert.equal(refusal?.kind, kind, line);
    assert.match(refusal.detail, /^192\.0\.2\.1 says: /u);
  }
});

test("bears output that is cut at any character", () => {
  for (const text of [IPUTILS, BUSYBOX]) {
    for (let length = 0; length < text.length; length += 1) {
      const { replies, sent } = parsePingOutput(text.slice(0, length));

      assert.ok(replies.length <= 2);
      assert.ok(sent === undefined || sent <= 3);
    }
  }
});

test("makes nothing of what is no output of ping, and takes no time over it", () => {
  const nonsense = [
    "",
    "\0".repeat(10_000),
    "64 bytes from ",
    `64 bytes from ${"a: ".repeat(50_000)}`,
    `From ${"x ".repeat(50_000)}`,
    "99999999999999999999 packets transmitted, 1 received",
    "64 bytes from 127.0.0.1: icmp_seq=-1 ttl=64 time=NaN ms",
  ];
  const started = performance.now();
  for (const text of nonsense) {
    assert.deepEqual(parsePingOutput(text), { sent: undefined, replies: [], duplicates: 0, refusal: undefined });
  }
  assert.ok(performance.now() - started < 1_000);
});
