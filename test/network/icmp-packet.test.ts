import assert from "node:assert/strict";
import { test } from "node:test";
import {
  decodeIcmp,
  decodeQuotedRequest,
  internetChecksum,
  ipv4Payload,
  sealEchoRequest,
} from "../../src/network/icmp-packet.ts";
import { errorAbout, replyTo } from "../support/echo-host.ts";

const DESTINATION = Uint8Array.of(192, 0, 2, 7);

/** A request with the identifier 0x1234, the sequence number 0xabcd and the payload "status exporter". */
function makeRequest(family: 4 | 6): Buffer {
  const packet = Buffer.alloc(8 + 15);
  packet.write("status exporter", 8);
  sealEchoRequest(packet, { family, identifier: 0x1234, sequence: 0xabcd });
  return packet;
}

/** ICMPv6's form of an error: the checksum is the system's affair, the packet quoted has a header of 40 bytes. */
function errorAboutIpv6(request: Buffer, { type, code }: { readonly type: number; readonly code: number }): Buffer {
  const header = Buffer.alloc(40);
  header[0] = 0x60;
  header[6] = 58;
  header.fill(0x11, 24, 40);
  return Buffer.concat([Buffer.of(type, code, 0, 0, 0, 0, 0, 0), header, request]);
}

test("computes the checksum of the example in RFC 1071 §3, and pads an odd byte", () => {
  assert.equal(internetChecksum(Uint8Array.of(0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7)), 0x220d);
  assert.equal(internetChecksum(Uint8Array.of(0x12, 0x34, 0x56)), ~(0x1234 + 0x5600) & 0xffff);
  assert.equal(internetChecksum(new Uint8Array()), 0xffff);
});

test("writes an echo request as RFC 792 and RFC 4443 have it", () => {
  const [ipv4, ipv6] = [makeRequest(4), makeRequest(6)];

  assert.deepEqual([...ipv4.subarray(0, 2), ...ipv4.subarray(4, 8)], [8, 0, 0x12, 0x34, 0xab, 0xcd]);
  assert.equal(internetChecksum(ipv4), 0);
  assert.deepEqual([...ipv6.subarray(0, 8)], [128, 0, 0, 0, 0x12, 0x34, 0xab, 0xcd]);
  assert.equal(ipv4.toString("latin1", 8), "status exporter");
});

test("reads an echo reply of either family", () => {
  const request = makeRequest(4);
  const ipv6 = Buffer.concat([Buffer.of(129, 0, 0xff, 0xff), makeRequest(6).subarray(4)]);

  for (const [message, family] of [[replyTo(request), 4] as const, [ipv6, 6] as const]) {
    const decoded = decodeIcmp(message, family);

    assert.equal(decoded?.kind, "reply");
    assert.deepEqual([decoded.identifier, decoded.sequence], [0x1234, 0xabcd]);
    assert.equal(Buffer.from(decoded.payload).toString(), "status exporter");
  }
});

test("leaves aside what is broken or of no concern", () => {
  const reply = replyTo(makeRequest(4));
  const damaged = Buffer.from(reply);
  damaged[12] = 0;
  const otherCode = Buffer.from(reply);
  otherCode[1] = 1;

  assert.equal(decodeIcmp(damaged, 4), undefined);
  assert.equal(decodeIcmp(otherCode, 4), undefined);
  assert.equal(decodeIcmp(makeRequest(4), 4), undefined, "a request");
  assert.equal(decodeIcmp(reply, 6), undefined, "a reply of the other family");
});

test("reads what an error says, and of which request", () => {
  const error = errorAbout(makeRequest(4), { type: 3, code: 1, destination: DESTINATION });

  const decoded = decodeIcmp(error, 4);

  assert.ok(decoded?.kind === "error");
  assert.deepEqual(decoded.error, { kind: "unreachable", reason: "host unreachable" });
  assert.deepEqual([...decoded.destination], [...DESTINATION]);
  assert.deepEqual([decoded.identifier, decoded.sequence], [0x1234, 0xabcd]);
});

test("reads an error of ICMPv6 likewise", () => {
  const decoded = decodeIcmp(errorAboutIpv6(makeRequest(6), { type: 3, code: 0 }), 6);

  assert.ok(decoded?.kind === "error");
  assert.equal(decoded.error.kind, "hop-limit-exceeded");
  assert.deepEqual([...decoded.destination], [...Buffer.alloc(16, 0x11)]);
  assert.deepEqual([decoded.identifier, decoded.sequence], [0x1234, 0xabcd]);
});

/** What is made of an error that was changed and given the right checksum again. */
function decodeChanged(change: (error: Buffer) => void): unknown {
  const error = errorAbout(makeRequest(4), { type: 3, code: 1, destination: DESTINATION });
  change(error);
  error.writeUInt16BE(0, 2);
  error.writeUInt16BE(internetChecksum(error), 2);
  return decodeIcmp(error, 4);
}

test("leaves aside an error about anything but an echo request", () => {
  assert.notEqual(
    decodeChanged(() => undefined),
    undefined,
  );
  assert.equal(
    decodeChanged((error) => error.writeUInt8(17, 8 + 9)),
    undefined,
    "a UDP packet",
  );
  assert.equal(
    decodeChanged((error) => error.writeUInt8(0, 8 + 20)),
    undefined,
    "an echo reply",
  );
  assert.equal(
    decodeChanged((error) => error.writeUInt8(5, 0)),
    undefined,
    "a redirect",
  );
  assert.equal(
    decodeChanged((error) => error.writeUInt8(0x44, 8)),
    undefined,
    "an impossible header",
  );
});

test("bears a message that is cut at any byte", () => {
  const messages: readonly (readonly [Buffer, 4 | 6])[] = [
    [replyTo(makeRequest(4)), 4],
    [errorAbout(makeRequest(4), { type: 3, code: 1, destination: DESTINATION }), 4],
    [Buffer.concat([Buffer.of(129, 0, 0, 0), makeRequest(6).subarray(4)]), 6],
    [errorAboutIpv6(makeRequest(6), { type: 1, code: 0 }), 6],
  ];
  for (const [message, family] of messages) {
    for (let length = 0; length < message.length; length += 1) {
      const decoded = decodeIcmp(message.subarray(0, length), family);

      // Of ICMPv6 the system checks the length; whatever else is let through must be in the bounds of what came.
      if (family === 4) assert.equal(decoded, undefined, `${length} bytes`);
      else assert.ok((decoded?.payload.length ?? 0) <= length);
    }
  }
});

test("bears any bytes at all", () => {
  let state = 1;
  const next = (): number => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state >> 16;
  };
  for (let round = 0; round < 20_000; round += 1) {
    const bytes = Uint8Array.from({ length: next() % 90 }, () => next() & 0xff);
    bytes[0] = [0, 3, 11, 1, 2, 129][round % 6] ?? 0;
    decodeIcmp(bytes, round % 2 === 0 ? 4 : 6);
    decodeQuotedRequest(bytes, 4);
    ipv4Payload(bytes);
  }
});

test("finds what an IPv4 packet carries behind its options", () => {
  const plain = Buffer.concat([Buffer.of(0x45), Buffer.alloc(19), Buffer.from("payload")]);
  const withOptions = Buffer.concat([Buffer.of(0x46), Buffer.alloc(23), Buffer.from("payload")]);

  assert.equal(Buffer.from(ipv4Payload(plain) ?? []).toString(), "payload");
  assert.equal(Buffer.from(ipv4Payload(withOptions) ?? []).toString(), "payload");
  assert.equal(ipv4Payload(withOptions.subarray(0, 23)), undefined);
  assert.equal(ipv4Payload(Buffer.alloc(40, 0x60)), undefined, "IPv6");
  assert.equal(ipv4Payload(new Uint8Array()), undefined);
});
