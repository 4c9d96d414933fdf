import assert from "node:assert/strict";
import type { Socket } from "node:net";
import { test } from "node:test";
import type { Setting } from "../../faults/fault.ts";
import { writeForever } from "../../faults/servers/answers.ts";
import { startStreamServer } from "../../faults/servers/stream-server.ts";
import { eventually } from "../../support/eventually.ts";
import { problemsOfModule, runProbe, valueOf } from "../../support/run-probe.ts";
import { writeInPieces } from "./write-in-pieces.ts";

void test("succeeds as soon as it is connected where nothing is expected", async () => {
  await using server = await startStreamServer(() => undefined);

  const report = await runProbe("tcp", { target: `127.0.0.1:${server.port}` });

  assert.equal(report.outcome, "success", report.detail);
  assert.deepEqual(
    report.phases.map(({ phase }) => phase),
    ["resolve", "connect"],
  );
  assert.equal(valueOf(report, "probe_ip_protocol"), 4);
  assert.equal(valueOf(report, "probe_failed_due_to_regex"), 0);
  await eventually(() => assert.equal(server.connections(), 0));
});

void test("measures no match where no connection came about", async () => {
  const server = await startStreamServer(() => undefined);
  await server[Symbol.asyncDispose]();

  const report = await runProbe("tcp", {
    target: `127.0.0.1:${server.port}`,
    settings: { query_response: [{ expect: "a" }] },
  });

  assert.equal(report.outcome, "connect/refused");
  assert.equal(valueOf(report, "probe_failed_due_to_regex"), undefined);
});

void test("connects from the source address", async () => {
  const peers: (string | undefined)[] = [];
  await using server = await startStreamServer((socket) => peers.push(socket.remoteAddress));

  const report = await runProbe("tcp", {
    target: `127.0.0.1:${server.port}`,
    settings: { source_ip_address: "127.0.0.77" },
  });

  assert.equal(report.outcome, "success", report.detail);
  await eventually(() => assert.deepEqual(peers, ["127.0.0.77"]));
});

for (const [target, detail] of [
  ["127.0.0.1", /a port after the host/],
  ["127.0.0.1:0", /from 1 to 65535, found "0"/],
  ["127.0.0.1:70000", /from 1 to 65535, found "70000"/],
  [":22", /a host before the port/],
] as const) {
  void test(`reports request/parameter-missing for ${target}`, async () => {
    const report = await runProbe("tcp", { target });

    assert.equal(report.outcome, "request/parameter-missing");
    assert.match(report.detail, detail);
  });
}

void test("skips lines until one matches, whatever ends them", async () => {
  const report = await talk([{ expect: "^220 ready$" }], (socket) => socket.write("220-one\n220-two\r\n220 ready\r\n"));

  assert.equal(report.outcome, "success", report.detail);
});

void test("takes a last line that the peer did not end", async () => {
  const report = await talk([{ expect: "^ready$" }], (socket) => socket.end("not\nready"));

  assert.equal(report.outcome, "success", report.detail);
});

void test("matches an empty line", async () => {
  const report = await talk([{ expect: "^$" }], (socket) => socket.write("a\n\n"));

  assert.equal(report.outcome, "success", report.detail);
});

void test("sends a line with a line feed, and bytes as they are", async () => {
  const received = await receivedFrom([
    { send: "line" },
    { send_bytes: "text" },
    { send_hex: "00 0d" },
    { send: "$1 stays without an expectation" },
  ]);

  assert.equal(received, "line\ntext\u0000\r$1 stays without an expectation\n");
});

void test("fills in what the same entry's expression captured", async () => {
  const received = await receivedFrom(
    [
      { expect: "^PING :(?P<token>\\S+) (\\d+)$", send: "PONG ${token} $2 $$" },
      { expect: "^PING :(\\S+)", send_bytes: "[$1]" },
      { expect: "^PING", send_hex: "24 31" },
      { send: "$1" },
    ],
    "PING :abc 42\r\nPING :def\r\nPING\r\n",
  );

  assert.equal(received, "PONG abc 42 $\n[def]$1$1\n");
});

void test("hands what it read ahead from one entry to the next", async () => {
  const report = await talk(
    [{ expect: "^HELLO$" }, { expect_bytes: "\u0001\u0002" }, { required_content: "b" }, { expect: "^c$" }],
    (socket) => socket.write("HELLO\r\n\u0001\u0002abc\r\n"),
  );

  assert.equal(report.outcome, "success", report.detail);
});

const REPLIES: readonly (readonly [title: string, step: Readonly<Record<string, Setting>>])[] = [
  ["expect", { expect: "^\\+OK ready$" }],
  ["expect_bytes", { expect_bytes: "+OK ready\r\n" }],
  ["required_content", { required_content: ["ready", "+OK"] }],
  ["required_content_hex", { required_content_hex: "72 65 61 64 79" }],
  ["forbidden_content", { forbidden_content: "ERR" }],
];

for (const [title, step] of REPLIES) {
  void test(`${title} takes an answer that comes byte by byte`, async () => {
    const report = await talk([step], (socket) => writeInPieces(socket, "+OK ready\r\n".split("")));

    assert.equal(report.outcome, "success", report.detail);
  });

  void test(`${title} judges an answer that was cut off at any byte`, async () => {
    const answer = "+OK ready\r\n";
    const outcomes = await Promise.all(
      answer
        .split("")
        .map(async (_, cut) => (await talk([step], (socket) => socket.end(answer.slice(0, cut)))).outcome),
    );

    assert.deepEqual(outcomes, CUT_OUTCOMES[title]);
  });
}

/** After "+OK ready" a line is complete in the peer's closing the connection; content is where it is. */
const CUT_OUTCOMES: Readonly<Record<string, readonly string[]>> = {
  expect: ["exchange/closed", ...times(8, "content/missing"), ...times(2, "success")],
  expect_bytes: ["exchange/closed", ...times(10, "content/missing")],
  required_content: ["exchange/closed", ...times(8, "content/missing"), ...times(2, "success")],
  required_content_hex: ["exchange/closed", ...times(8, "content/missing"), ...times(2, "success")],
  forbidden_content: ["exchange/closed", ...times(10, "success")],
};

void test("reports content/missing with the regex gauge when the peer ends without a match", async () => {
  const report = await talk([{ expect: "^250 " }], (socket) => socket.end("220 ready\r\n"));

  assert.equal(report.outcome, "content/missing");
  assert.match(report.detail, /"\^250 ", found "220 ready/);
  assert.equal(valueOf(report, "probe_failed_due_to_regex"), 1);
  assert.equal(valueOf(report, "probe_failed_due_to_bytes"), 0);
});

void test("reports content/missing with the bytes gauge at the first wrong byte, while the peer keeps the line", async () => {
  const report = await talk([{ expect_bytes: "HELLO" }], (socket) => socket.write("HALT"));

  assert.equal(report.outcome, "content/missing");
  assert.match(report.detail, /the bytes "HELLO", found "HALT"/);
  assert.equal(valueOf(report, "probe_failed_due_to_regex"), 0);
  assert.equal(valueOf(report, "probe_failed_due_to_bytes"), 1);
});

void test("reports exchange/timeout with no gauge set when the right line does not come", async () => {
  const report = await talk([{ expect: "^250 " }], (socket) => socket.write("220 ready\r\n"), { timeout: "300ms" });

  assert.equal(report.outcome, "exchange/timeout");
  assert.equal(valueOf(report, "probe_failed_due_to_regex"), 0);
});

for (const [step, waiting] of [
  [{ expect: "^250 " }, /waiting for a line that matches "\^250 ", found "220 ready\.\."$/],
  [{ expect_bytes: "220 ready\r\nmore" }, /waiting for the bytes "220 ready\.\.more", found "220 ready\.\."$/],
  [{ required_content: ["ready", "steady"] }, /waiting for "steady", found "220 ready\.\."$/],
  [{ required_content: "go", forbidden_content: "no" }, /waiting for "go", found "220 ready\.\."$/],
] as const) {
  void test(`says what it was waiting for when the deadline passed: ${JSON.stringify(step)}`, async () => {
    const report = await talk([step], (socket) => socket.write("220 ready\r\n"), { timeout: "200ms" });

    assert.equal(report.outcome, "exchange/timeout", report.detail);
    assert.match(report.detail, waiting);
  });
}

void test("says that it was waiting for a reply where none came, and shows nothing of what it sent", async () => {
  const silent = await talk([{ forbidden_content: "no" }], () => undefined, { timeout: "200ms" });
  const steps = [{ send: "login s3cret-word" }, { expect: "^ok$" }];
  const echoing = await talk(steps, (socket) => socket.pipe(socket), { timeout: "200ms" });

  const endless = await talk([{ forbidden_content: "no" }], (socket) => dripForever(socket), { timeout: "400ms" });

  assert.match(silent.detail, /waiting for a reply$/);
  assert.match(endless.detail, /waiting for the end of the reply, to be sure of what is not in it$/);
  assert.match(echoing.detail, /waiting for a line that matches "\^ok\$", found/);
  assert.doesNotMatch(echoing.detail + JSON.stringify(echoing.log), /s3cret-word/);
});

void test("reports exchange/closed when the peer resets the connection", async () => {
  const report = await talk([{ send: "hello" }, { expect: "a" }], (socket) => {
    socket.once("data", () => socket.resetAndDestroy());
  });

  assert.equal(report.outcome, "exchange/closed", report.detail);
});

void test("reports exchange/send-failed when the peer resets the connection while it is sent to", async () => {
  const report = await talk([{ send_bytes: "x".repeat(8 * 1024 * 1024) }], (socket) => {
    socket.once("data", () => socket.resetAndDestroy());
  });

  assert.equal(report.outcome, "exchange/send-failed", report.detail);
});

void test("gives up on a line of more than 64 KiB", async () => {
  const exact = await talk([{ expect: "^x+$" }], (socket) => socket.write(`${"x".repeat(64 * 1024 - 1)}\n`));
  const over = await talk([{ expect: "^x+$" }], (socket) => socket.write(`${"x".repeat(64 * 1024)}\n`));

  assert.equal(exact.outcome, "success", exact.detail);
  assert.equal(over.outcome, "exchange/malformed");
});

for (const [title, step, piece, outcome] of [
  ["a line without end", { expect: "^b" }, "a".repeat(1000), "exchange/malformed"],
  ["lines without end", { expect: "^b" }, "aaaa\n".repeat(1000), "content/missing"],
  ["empty lines without end", { expect: "^b" }, "\n".repeat(1000), "content/missing"],
  ["content without end", { required_content: "b" }, "a".repeat(1000), "content/missing"],
  ["content without end and without the forbidden", { forbidden_content: "b" }, "a".repeat(1000), "success"],
] as const) {
  void test(`reports ${outcome} for ${title}, well before the deadline`, async () => {
    const report = await talk([step], (socket) => writeForever(socket, piece));

    assert.equal(report.outcome, outcome, report.detail);
    assert.ok(report.durationSeconds < 4, `expected an early end, found one after ${report.durationSeconds} s`);
  });
}

void test("finds forbidden content that is split over segments and comes after the required", async () => {
  const report = await talk([{ required_content: "OK", forbidden_content: "ERROR" }], (socket) =>
    writeInPieces(socket, ["status OK, db ", "ER", "RO", "R"]),
  );

  assert.equal(report.outcome, "content/forbidden", report.detail);
  assert.equal(valueOf(report, "probe_failed_due_to_bytes"), 1);
});

void test("does not count the silence after a reply as response time", async () => {
  const report = await talk([{ forbidden_content: "ERROR" }], (socket) => socket.write("OK"), {
    max_response_time: "200ms",
  });

  assert.equal(report.outcome, "success", report.detail);
});

void test("finds forbidden content in the lines before the match", async () => {
  const report = await talk([{ expect: "^220 ", forbidden_content_hex: "6d 61 69 6e 74" }], (socket) =>
    socket.write("220-maintenance\r\n220 ready\r\n"),
  );

  assert.equal(report.outcome, "content/forbidden", report.detail);
});

void test("exposes the labels of every entry that matched, captured text cut to a thousand characters", async () => {
  const report = await talk(
    [
      { expect: "^SSH-([0-9.]+)-(\\S+)", labels: [{ name: "version", value: "${1}" }] },
      { expect: "^(.*)$", labels: [{ name: "banner", value: "$1" }] },
      { expect: "^(.*)$", labels: [{ name: "bytes", value: "<$1>" }] },
    ],
    (socket) => socket.write(Buffer.concat([Buffer.from(`SSH-2.0-x\n${"y".repeat(5000)}\n`), Buffer.from([0xff, 10])])),
  );

  assert.equal(report.outcome, "success", report.detail);
  assert.deepEqual(
    report.measurements.filter(({ name }) => name === "probe_expect_info").map(({ labels }) => labels),
    [{ version: "2.0" }, { banner: "y".repeat(1000) }, { bytes: "<\ufffd>" }],
  );
});

void test("does not show what was sent, not even where the peer repeats it", async () => {
  const report = await talk([{ send: "AUTH hunter22" }, { expect: "^\\+OK" }], (socket) =>
    socket.once("data", () => socket.end("-ERR unknown command 'AUTH hunter22'\r\n")),
  );

  assert.equal(report.outcome, "content/missing");
  assert.match(report.detail, /unknown command '<sent> <sent>'/);
  assert.doesNotMatch(JSON.stringify(report), /hunter22/);
});

for (const [title, settings, problem] of [
  ["tls beside starttls", { tls: true, query_response: [{ starttls: true }] }, /tls and an entry with starttls/],
  [
    "two entries with starttls",
    { query_response: [{ starttls: true }, { starttls: true }] },
    /at most one entry may have/,
  ],
  ["a wrong source address", { source_ip_address: "localhost" }, /expected an IP address/],
  ["an expression that RE2 refuses", { query_response: [{ expect: "a(?!b)" }] }, /RE2 dialect/],
] as const) {
  void test(`refuses ${title}`, () => {
    const problems = problemsOfModule("tcp", settings);

    assert.equal(problems.length, 1);
    assert.match(problems[0] ?? "", problem);
  });
}

async function talk(
  steps: readonly Setting[],
  answer: (socket: Socket) => void,
  module: Readonly<Record<string, Setting>> = {},
): ReturnType<typeof runProbe> {
  await using server = await startStreamServer(answer);
  const report = await runProbe("tcp", {
    target: `127.0.0.1:${server.port}`,
    settings: { query_response: steps },
    module,
  });
  await eventually(() => assert.equal(server.connections(), 0));
  return report;
}

async function receivedFrom(steps: readonly Setting[], greeting = ""): Promise<string> {
  let received = "";
  const report = await talk(steps, (socket) => {
    if (greeting !== "") socket.write(greeting);
    socket.on("data", (chunk) => {
      received += String(chunk);
    });
  });
  assert.equal(report.outcome, "success", report.detail);
  return received;
}

function dripForever(socket: Socket): void {
  const dripping = setInterval(() => socket.write("."), 20);
  socket.on("close", () => clearInterval(dripping));
}

function times(count: number, outcome: string): readonly string[] {
  return Array.from({ length: count }, () => outcome);
}
