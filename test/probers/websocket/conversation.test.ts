import assert from "node:assert/strict";
import type { Socket } from "node:net";
import { test } from "node:test";
import type { Report } from "../../../src/outcome/report.ts";
import type { Setting, Settings } from "../../faults/fault.ts";
import type { FaultServer } from "../../faults/servers/fault-server.ts";
import {
  FINAL,
  frame,
  type OnOpen,
  startRawServer,
  startWebSocketServer,
} from "../../faults/websocket/websocket-server.ts";
import { eventually } from "../../support/eventually.ts";
import { problemsOfModule, runProbe, valueOf } from "../../support/run-probe.ts";

type Steps = readonly Settings[];

void test("sends text as it is, bytes as binary messages, and says goodbye", async () => {
  const received: string[] = [];
  const codes: number[] = [];
  const report = await talk(
    [{ send: "hello" }, { send_bytes: "text" }, { send_hex: "00 ff" }, { send: "$1 stays" }],
    (websocket) => {
      websocket.on("message", (data, isBinary) => {
        assert.ok(Buffer.isBuffer(data));
        received.push(`${isBinary ? "binary" : "text"} ${data.toString("latin1")}`);
      });
      websocket.on("close", (code) => codes.push(code));
    },
  );

  assert.equal(report.outcome, "success", report.detail);
  await eventually(() => assert.deepEqual(codes, [1000]));
  assert.deepEqual(received, ["text hello", "binary text", "binary \u0000\u00ff", "text $1 stays"]);
});

void test("fills in what the same entry's expression captured, and exposes labels", async () => {
  const received: string[] = [];
  const report = await talk(
    [
      {
        expect: "^nonce (?P<nonce>\\w+) v(\\d+)$",
        labels: [{ name: "version", value: "$2" }],
        send: "answer ${nonce} $$",
      },
    ],
    (websocket) => {
      websocket.on("message", (data) => received.push(textOf(data)));
      websocket.send("nonce abc v7");
    },
  );

  assert.equal(report.outcome, "success", report.detail);
  assert.deepEqual(received, ["answer abc $"]);
  const info = report.measurements.find(({ name }) => name === "probe_expect_info");
  assert.deepEqual(info?.labels, { version: "7" });
});

void test("reads exactly one message for each expectation, and none for an entry that only sends", async () => {
  const report = await talk([{ expect: "^one$" }, { send: "go on" }, { expect: "^two$" }], (websocket) => {
    for (const word of ["one", "two", "three"]) websocket.send(word);
  });

  assert.equal(report.outcome, "success", report.detail);
  assert.equal(durations(report).includes("transfer"), true);
});

void test("does not skip a message that does not match", async () => {
  const report = await talk([{ expect: "^two$" }], (websocket) => {
    for (const word of ["one", "two"]) websocket.send(word);
  });

  assert.equal(report.outcome, "content/missing");
  assert.match(report.detail, /matches "\^two\$", found "one"/);
  assert.equal(valueOf(report, "probe_websocket_failed_due_to_regex"), 1);
});

for (const [title, step, message, outcome] of [
  ["an expression, on text", { expect: "b+" }, "abbc", "success"],
  ["an expression, on a binary message", { expect: "b+" }, Buffer.from("abbc"), "success"],
  ["an expression, on bytes that are no text", { expect: "b+" }, Buffer.from([0xff, 0x62]), "success"],
  ["bytes, all of them", { expect_bytes: "abc" }, "abc", "success"],
  ["bytes, of which one is missing", { expect_bytes: "abc" }, "ab", "content/missing"],
  ["bytes, of which there are too many", { expect_bytes: "abc" }, "abcd", "content/missing"],
  ["parts in any order", { required_content: ["c", "a"] }, "abc", "success"],
  ["a part in hex", { required_content_hex: "00 ff" }, Buffer.from([1, 0, 0xff]), "success"],
  ["a part that is missing", { required_content: ["a", "d"] }, "abc", "content/missing"],
  ["nothing that is forbidden", { forbidden_content: "d" }, "abc", "success"],
  ["something that is forbidden", { forbidden_content: ["d", "b"] }, "abc", "content/forbidden"],
  ["a match with something that is forbidden", { expect: "a", forbidden_content: "b" }, "abc", "content/forbidden"],
  ["an empty message", { expect: "^$" }, "", "success"],
] satisfies readonly (readonly [string, Settings, string | Buffer, string])[]) {
  void test(`expects ${title}: ${outcome}`, async () => {
    const report = await talk([step], (websocket) => websocket.send(message));

    assert.equal(report.outcome, outcome, report.detail);
    assert.equal(valueOf(report, "probe_websocket_failed_due_to_regex"), 0);
  });
}

for (const [type, message, outcome] of [
  ["text", "a", "success"],
  ["text", Buffer.from("a"), "exchange/malformed"],
  ["binary", Buffer.from("a"), "success"],
  ["binary", "a", "exchange/malformed"],
  ["any", Buffer.from("a"), "success"],
] as const) {
  void test(`wants ${type}, gets ${typeof message === "string" ? "text" : "bytes"}: ${outcome}`, async () => {
    const report = await talk([{ expect: "a" }], (websocket) => websocket.send(message), { message_type: type });

    assert.equal(report.outcome, outcome, report.detail);
  });
}

void test("puts a message together from fragments, and answers a ping between them", async () => {
  const received: string[] = [];
  const report = await talkRaw([{ expect: "^one two$" }], (socket) => {
    socket.on("data", (chunk: string) => received.push(chunk));
    socket.write(frame(0x01, "one"));
    socket.write(frame(FINAL.ping, "still there?"));
    socket.write(frame(0x80, " two"));
  });

  assert.equal(report.outcome, "success", report.detail);
  assert.equal(received.join("").charCodeAt(0), 0x8a, "the first frame is a pong");
});

const GREETING: Steps = [{ expect: "^welcome$" }];

for (const [title, written, detail] of [
  ["a masked frame", Buffer.from([FINAL.text, 0x81, 1, 2, 3, 4, 0x60]), /MASK/],
  ["a reserved bit", frame(0xc1, "welcome"), /RSV1/],
  ["an unknown opcode", frame(0x83, "welcome"), /opcode 3/],
  ["a fragment without a beginning", frame(0x80, "welcome"), /opcode 0/],
  ["a new message within a fragmented one", Buffer.concat([frame(0x01, "a"), frame(0x81, "b")]), /opcode 1/],
  ["a fragmented ping", frame(0x09, "a"), /FIN/],
  ["a ping of 126 bytes", Buffer.from([FINAL.ping, 126, 0, 126]), /payload length 126/],
  ["a text that is not UTF-8", frame(FINAL.text, Buffer.from("c328", "hex")), /UTF-8/],
  ["a close of one byte", frame(FINAL.close, "a"), /payload length 1/],
  ["a close with a code that must not be sent", frame(FINAL.close, Buffer.from([0x03, 0xee])), /status code 1006/],
  ["a close whose reason is not UTF-8", frame(FINAL.close, Buffer.from("03e8c328", "hex")), /UTF-8/],
  ["a frame of 2^63 bytes", Buffer.from("817f8000000000000000", "hex"), /2\^53/],
  ["a frame that announces more than is allowed", Buffer.from("817f0000000000100001", "hex"), /size exceeded/],
  ["noise", Buffer.alloc(64, 0xff), /./],
] as const) {
  void test(`reports exchange/malformed for ${title}`, async () => {
    const report = await talkRaw(GREETING, (socket) => socket.write(written));

    assert.equal(report.outcome, "exchange/malformed", report.detail);
    assert.match(report.detail, detail);
  });
}

void test("takes a message of as many bytes as are allowed, and none of one more", async () => {
  for (const [length, outcome] of [
    [1024, "success"],
    [1025, "exchange/malformed"],
  ] as const) {
    const report = await talk([{ expect: "x" }], (websocket) => websocket.send("x".repeat(length)), {
      max_message_size: "1KB",
    });

    assert.equal(report.outcome, outcome, report.detail);
  }
});

for (const [title, act, detail] of [
  ["a close with a code and a reason", (socket) => socket.write(close(1013, "later")), /the code 1013: "later"$/],
  ["a close with a code", (socket) => socket.write(close(1001, "")), /the code 1001$/],
  ["a close without either", (socket) => socket.write(frame(FINAL.close, "")), /closed the WebSocket$/],
  ["the end of the connection", (socket) => socket.end(), /broke the connection off/],
  ["the end within a frame", (socket) => socket.end(frame(FINAL.text, "welcome").subarray(0, 4)), /broke/],
  ["a reset", (socket) => socket.resetAndDestroy(), /broke/],
] satisfies readonly (readonly [string, (socket: Socket) => unknown, RegExp])[]) {
  void test(`reports exchange/closed for ${title} in place of a message`, async () => {
    const report = await talkRaw(GREETING, act);

    assert.equal(report.outcome, "exchange/closed", report.detail);
    assert.match(report.detail, detail);
    assert.equal(valueOf(report, "probe_websocket_failed_due_to_regex"), 0);
    assert.equal(valueOf(report, "probe_websocket_connection_upgraded"), 1);
  });
}

void test("reads what came before the close", async () => {
  const report = await talkRaw(GREETING, (socket) => {
    socket.end(Buffer.concat([frame(FINAL.text, "welcome"), close(1000, "")]));
  });

  assert.equal(report.outcome, "success", report.detail);
});

void test("reports exchange/closed where the server closes the WebSocket and leaves the connection open", async () => {
  const report = await talkRaw(GREETING, (socket) => socket.write(close(1011, "out of order")));

  assert.equal(report.outcome, "exchange/closed", report.detail);
  assert.match(report.detail, /1011.*out of order/);
  assert.ok(report.durationSeconds < 1.5, `took ${report.durationSeconds} s`);
});

void test("does not say that the server hung up where it was given up for a flood of pings", async () => {
  const ping = Buffer.concat(Array.from({ length: 1000 }, () => frame(FINAL.ping, "x")));
  const report = await talkRaw(GREETING, (socket) => writeWhilePossible(socket, ping));

  assert.equal(report.outcome, "exchange/malformed", report.detail);
  assert.match(report.detail, /pings/);
});

void test("says which message it was waiting for when the deadline passed", async () => {
  const report = await talkRaw(GREETING, () => undefined, { module: { timeout: "200ms" } });

  assert.equal(report.outcome, "exchange/timeout", report.detail);
  assert.match(report.detail, /waiting for a message that matches "\^welcome\$"$/);
});

void test("reports exchange/closed where the server closed before it was told something", async () => {
  const report = await talkRaw([{ expect: "^welcome$", send: "hello" }], (socket) => {
    socket.write(Buffer.concat([frame(FINAL.text, "welcome"), close(1008, "not you")]));
  });

  assert.equal(report.outcome, "exchange/closed", report.detail);
  assert.match(report.detail, /not you/);
});

void test("reports exchange/send-failed where the connection breaks while it is sent to", async () => {
  const report = await talkRaw([{ expect: "^welcome$", send: "hello" }], (socket) => {
    socket.write(frame(FINAL.text, "welcome"), () => socket.resetAndDestroy());
  });

  assert.equal(report.outcome, "exchange/send-failed", report.detail);
});

void test("does not show what it sent, and shows no more than a line of what it got", async () => {
  const steps = [{ send: "login s3cret-word" }, { expect: "^ok$" }];
  const missing = await talk(steps, (websocket) => {
    websocket.on("message", (data) => websocket.send(`bad ${textOf(data)}\n${"x".repeat(1000)}`));
  });
  const closed = await talk(steps, (websocket) => {
    websocket.on("message", () => websocket.close(1008, "s3cret-word is wrong"));
  });

  assert.equal(missing.outcome, "content/missing");
  assert.equal(closed.outcome, "exchange/closed");
  for (const { detail, log } of [missing, closed]) {
    assert.doesNotMatch(detail + JSON.stringify(log), /s3cret-word/);
    assert.ok(detail.length < 250);
  }
});

void test("bears a flood of messages and of pings, before and after the verdict", async () => {
  const message = Buffer.concat(Array.from({ length: 1000 }, () => frame(FINAL.text, "welcome")));
  const ping = Buffer.concat(Array.from({ length: 1000 }, () => frame(FINAL.ping, "x")));
  for (const flood of [message, ping]) {
    const report = await talkRaw(GREETING, (socket) => {
      socket.write(frame(FINAL.text, "welcome"));
      writeWhilePossible(socket, flood);
    });

    assert.equal(report.outcome, "success", report.detail);
    assert.ok(report.durationSeconds < 2, `took ${report.durationSeconds} s`);
  }
});

void test("waits for a goodbye, but not for long, and does not count the time", async () => {
  const report = await talkRaw(GREETING, (socket) => socket.write(frame(FINAL.text, "welcome")), {
    module: { max_response_time: "300ms" },
  });

  assert.equal(report.outcome, "success", report.detail);
  assert.ok(report.durationSeconds > 0.3 && report.durationSeconds < 1.5, `took ${report.durationSeconds} s`);
});

void test("says goodbye within the time that it has", async () => {
  const report = await talkRaw(GREETING, (socket) => socket.write(frame(FINAL.text, "welcome")), {
    module: { timeout: "200ms" },
  });

  assert.equal(report.outcome, "success", report.detail);
});

void test("is not failed by what the server does after the verdict", async () => {
  for (const late of [Buffer.alloc(64, 0xff), close(1011, "oops"), frame(FINAL.text, Buffer.from([0xff]))]) {
    const report = await talkRaw(GREETING, (socket) => {
      socket.write(frame(FINAL.text, "welcome"));
      socket.on("data", () => socket.end(late));
    });

    assert.equal(report.outcome, "success", report.detail);
  }
});

void test("takes a message that comes byte by byte, and none that is cut at any byte", async () => {
  const whole = frame(FINAL.text, "welcome");
  for (let length = 0; length < whole.length; length += 1) {
    const report = await talkRaw(GREETING, (socket) => socket.end(whole.subarray(0, length)));

    assert.equal(report.outcome, "exchange/closed", `after ${length} bytes: ${report.detail}`);
  }
  const report = await talkRaw(GREETING, (socket) => {
    for (const byte of whole) socket.write(Buffer.from([byte]));
  });

  assert.equal(report.outcome, "success", report.detail);
});

void test("refuses a text message that is no text when the configuration is read", () => {
  const problems = problemsOfModule("websocket", { query_response: [{ expect: "a" }, { send: 1, send_hex: "00" }] });

  assert.match(problems.join("\n"), /query_response\[1\]: send and send_hex are mutually exclusive/);
});

async function talk(steps: Steps, onOpen: OnOpen, settings: Settings = {}): Promise<Report> {
  await using server = await startWebSocketServer(onOpen);
  return await probe(server, { steps, settings });
}

async function talkRaw(
  steps: Steps,
  onUpgrade: (socket: Socket) => unknown,
  { module = {} }: { readonly module?: Settings } = {},
): Promise<Report> {
  await using server = await startRawServer(onUpgrade);
  return await probe(server, { steps, module });
}

async function probe(
  server: FaultServer,
  {
    steps,
    settings = {},
    module = {},
  }: { readonly steps: Steps; readonly settings?: Settings; readonly module?: Settings },
): Promise<Report> {
  const query: readonly Setting[] = steps;
  const report = await runProbe("websocket", {
    target: `ws://127.0.0.1:${server.port}/`,
    settings: { ...settings, query_response: query },
    module,
  });
  await eventually(() => assert.equal(server.connections(), 0));
  return report;
}

function textOf(data: unknown): string {
  assert.ok(Buffer.isBuffer(data));
  return data.toString();
}

function close(code: number, reason: string): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(code);
  return frame(FINAL.close, Buffer.concat([bytes, Buffer.from(reason)]));
}

function writeWhilePossible(socket: Socket, piece: Buffer): void {
  const writing = setInterval(() => {
    if (!socket.writableNeedDrain) socket.write(piece);
  }, 1);
  socket.on("close", () => clearInterval(writing));
}

function durations(report: Report): readonly (string | undefined)[] {
  return report.measurements
    .filter(({ name }) => name === "probe_websocket_duration_seconds")
    .map(({ labels }) => labels["phase"]);
}
