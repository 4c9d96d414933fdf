import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { test } from "node:test";
import type { Settings } from "../../faults/fault.ts";
import { eventually } from "../../support/eventually.ts";
import { problemsOfModule, runProbe, valueOf } from "../../support/run-probe.ts";
import { type Answer, startAnswering } from "./start-answering.ts";

void test("succeeds with the first reply where nothing is expected of it, and measures it", async () => {
  const report = await ask({ send: "hello" }, (request, reply) => reply(request));

  assert.equal(report.outcome, "success", report.detail);
  assert.equal(valueOf(report, "probe_udp_replies"), 1);
  assert.equal(valueOf(report, "probe_udp_reply_bytes"), 5);
  const seconds = valueOf(report, "probe_udp_reply_time_seconds") ?? Number.NaN;
  assert.ok(seconds > 0 && seconds <= report.durationSeconds, `found ${seconds}`);
});

for (const [title, settings, expected] of [
  ["text without a line feed", { send: "a\n" }, [0x61, 10]],
  ["hexadecimal digits", { send_hex: "00 ff" }, [0, 255]],
  ["base64", { send_base64: "AP8=" }, [0, 255]],
  ["an empty datagram where the module says nothing", {}, []],
] as const) {
  void test(`sends ${title}`, async () => {
    let received: Buffer | undefined;
    const report = await ask(settings, (request, reply) => {
      received = request;
      reply("ok");
    });

    assert.equal(report.outcome, "success", report.detail);
    assert.deepEqual([...(received ?? [])], expected);
  });
}

void test("checks the expression, the required and the forbidden content over one datagram", async () => {
  const checks = { expect: "^stratum ([1-9]|1[0-5])$", required_content_hex: "73 74", forbidden_content: "16" };
  const good = await ask(checks, (_, reply) => reply("stratum 2"));
  const forbidden = await ask(checks, (_, reply) => reply("stratum 16"));

  assert.equal(good.outcome, "success", good.detail);
  assert.equal(forbidden.outcome, "content/forbidden", forbidden.detail);
  assert.equal(valueOf(forbidden, "probe_failed_due_to_bytes"), 1);
});

void test("matches an expression against bytes that are no text", async () => {
  const report = await ask({ expect: "OK" }, (_, reply) => reply(Buffer.from([0xff, 0xfe, 0x4f, 0x4b, 0xff])));

  assert.equal(report.outcome, "success", report.detail);
});

void test("waits for the right answer after the wrong one", async () => {
  const report = await ask({ expect: "^right$", required_content: "gh" }, (_, reply) => {
    reply("wrong");
    reply("right");
  });

  assert.equal(report.outcome, "success", report.detail);
  assert.equal(valueOf(report, "probe_udp_replies"), 2);
  assert.equal(valueOf(report, "probe_failed_due_to_regex"), 0);
});

void test("reports content/missing with what came when only the wrong answer comes", async () => {
  const report = await ask({ expect: "^right$" }, (_, reply) => reply("wrong"), { timeout: "400ms" });

  assert.equal(report.outcome, "content/missing");
  assert.match(report.detail, /found "wrong"/);
  assert.equal(valueOf(report, "probe_failed_due_to_regex"), 1);
});

void test("gives up after a hundred wrong answers", async () => {
  const report = await ask({ required_content: "right" }, (_, reply) => {
    const flood = setInterval(() => times(20, () => reply("wrong")), 1);
    setTimeout(() => clearInterval(flood), 100);
  });

  assert.equal(report.outcome, "content/missing", report.detail);
  assert.equal(valueOf(report, "probe_udp_replies"), 100);
  assert.equal(valueOf(report, "probe_failed_due_to_bytes"), 1);
  assert.ok(report.durationSeconds < 3);
});

void test("judges an answer that was cut off at any byte", async () => {
  const answer = "+OK";
  const outcomes = await Promise.all(
    [0, 1, 2, 3].map(async (cut) => {
      const module = { timeout: "300ms" };
      return (await ask({ expect: "^\\+OK$" }, (_, reply) => reply(answer.slice(0, cut)), module)).outcome;
    }),
  );

  assert.deepEqual(outcomes, ["exchange/malformed", "content/missing", "content/missing", "success"]);
});

void test("does not put an answer together from several datagrams", async () => {
  const report = await ask(
    { required_content: "OK" },
    (_, reply) => {
      reply("O");
      reply("K");
    },
    { timeout: "300ms" },
  );

  assert.equal(report.outcome, "content/missing");
  assert.equal(valueOf(report, "probe_udp_replies"), 2);
});

void test("reports exchange/no-reply when nothing comes", async () => {
  const report = await ask({ send: "hello" }, () => undefined, { timeout: "200ms" });

  assert.equal(report.outcome, "exchange/no-reply");
  assert.equal(valueOf(report, "probe_udp_replies"), undefined);
});

void test("reports exchange/malformed for an empty datagram", async () => {
  const report = await ask({}, (_, reply) => reply(""));

  assert.equal(report.outcome, "exchange/malformed");
});

void test("ignores what another address sends", async () => {
  const stranger = createSocket("udp4");
  const report = await ask(
    { expect: "right" },
    (_, reply, from) => stranger.send("wrong", from.port, from.address, () => reply("right")),
    {},
  );
  stranger.close();

  assert.equal(report.outcome, "success", report.detail);
  assert.equal(valueOf(report, "probe_udp_replies"), 1);
});

for (const reply of ["required", "none"]) {
  void test(`tells a closed port from silence with reply: ${reply}`, async () => {
    const server = await startAnswering(() => undefined);
    await server[Symbol.asyncDispose]();

    const report = await runProbe("udp", { target: `127.0.0.1:${server.port}`, settings: { send: "a", reply } });

    assert.equal(report.outcome, "connect/refused", report.detail);
  });
}

void test("succeeds without a reply where none is wanted", async () => {
  const received: string[] = [];
  const report = await ask({ send: "log line", reply: "none" }, (request) => received.push(String(request)));

  assert.equal(report.outcome, "success", report.detail);
  assert.deepEqual(received, ["log line"]);
  assert.ok(report.durationSeconds < 1, `expected a short grace, found ${report.durationSeconds} s`);
});

void test("does not count the wait for a refusal as response time", async () => {
  const report = await ask({ send: "a", reply: "none" }, () => undefined, { max_response_time: "200ms" });

  assert.equal(report.outcome, "success", report.detail);
});

void test("does not mistake a short timeout for a missing reply where none is wanted", async () => {
  const report = await ask({ send: "a", reply: "none" }, () => undefined, { timeout: "150ms" });

  assert.equal(report.outcome, "success", report.detail);
});

void test("works over IPv6", async () => {
  await using server = await startAnswering((request, reply) => reply(request), "::1");

  const report = await runProbe("udp", { target: `[::1]:${server.port}`, settings: { send: "six" } });

  assert.equal(report.outcome, "success", report.detail);
  assert.equal(valueOf(report, "probe_ip_protocol"), 6);
});

void test("sends from the source address", async () => {
  const peers: string[] = [];
  await ask({ source_ip_address: "127.0.0.77" }, (_, reply, from) => {
    peers.push(from.address);
    reply("ok");
  });

  assert.deepEqual(peers, ["127.0.0.77"]);
});

for (const [title, source] of [
  ["that is not this machine's", "192.0.2.199"],
  ["of the other family", "::1"],
] as const) {
  void test(`reports local/no-socket for a source address ${title}`, async () => {
    const report = await ask({ source_ip_address: source }, () => undefined);

    assert.equal(report.outcome, "local/no-socket", report.detail);
  });
}

void test("reports connect/unreachable for an address to which nothing may be sent", async () => {
  const report = await runProbe("udp", { target: "255.255.255.255:9", settings: { send: "a" } });

  assert.equal(report.outcome, "connect/unreachable", report.detail);
});

void test("does not show what was sent, not even where the peer repeats it", async () => {
  const report = await ask({ send: "community hunter22", expect: "^right" }, (request, reply) => reply(request), {
    timeout: "200ms",
  });

  assert.equal(report.outcome, "content/missing");
  assert.doesNotMatch(JSON.stringify(report), /hunter22/);
});

for (const [title, settings, problem] of [
  ["two things to send", { send: "a", send_hex: "00" }, /send and send_hex are mutually exclusive/],
  ["hex that is no hex", { send_hex: "0g" }, /expected bytes as pairs of hexadecimal digits/],
  ["base64 that is no base64", { send_base64: "a===" }, /expected bytes in base64/],
  ["checks of no reply", { reply: "none", expect: "a" }, /udp: reply: none leaves no reply to check$/],
  ["a reply that is neither wanted nor not", { reply: "maybe" }, /expected "required" or "none"/],
  ["more than a datagram holds", { send: "x".repeat(65_508) }, /at most 65507 bytes/],
] as const) {
  void test(`refuses ${title}`, () => {
    const problems = problemsOfModule("udp", settings);

    assert.equal(problems.length, 1);
    assert.match(problems[0] ?? "", problem);
  });
}

async function ask(settings: Settings, answer: Answer, module: Settings = {}): ReturnType<typeof runProbe> {
  await using server = await startAnswering(answer);
  const report = await runProbe("udp", { target: `127.0.0.1:${server.port}`, settings, module });
  await eventually(() => assert.equal(server.connections(), 0));
  return report;
}

function times(count: number, work: () => void): void {
  for (let done = 0; done < count; done += 1) work();
}
