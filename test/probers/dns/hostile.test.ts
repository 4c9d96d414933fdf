import assert from "node:assert/strict";
import { test } from "node:test";
import { readMessage } from "../../../src/probers/dns/message.ts";
import { answerTo } from "../../faults/dns/name-server.ts";
import { valueOf } from "../../support/run-probe.ts";
import { askNameServer } from "./ask-name-server.ts";

const ADDRESS = { type: "A", name: "example.com", ttl: 300, data: "192.0.2.1" } as const;
const MAIL = {
  type: "MX",
  name: "example.com",
  ttl: 300,
  data: { preference: 10, exchange: "mail.example.com" },
} as const;

void test("passes over what does not answer the query: another id, another question, nothing at all", async () => {
  const report = await askNameServer({
    onQuery({ bytes }, reply) {
      const otherId = answerTo(bytes, { rcode: 2 });
      otherId.writeUInt16BE((otherId.readUInt16BE() + 1) & 0xffff);
      const otherName = Buffer.from(bytes);
      otherName.write("f", 13);
      const otherType = Buffer.from(bytes);
      otherType.writeUInt16BE(28, otherType.length - 4);
      for (const stray of [otherId, answerTo(otherName, { rcode: 2 }), answerTo(otherType, { rcode: 2 })]) reply(stray);
      for (const stray of [Buffer.alloc(0), Buffer.alloc(1)]) reply(stray);
      reply(answerTo(bytes, { answers: [ADDRESS] }));
    },
  });

  assert.equal(report.outcome, "success", report.detail);
  assert.equal(valueOf(report, "probe_dns_answer_rrs"), 1);
});

void test("a name in other letters answers all the same", async () => {
  const report = await askNameServer({
    onQuery({ bytes }, reply) {
      const answer = answerTo(bytes, { answers: [ADDRESS] });
      answer.write("EXAMPLE", 13);
      reply(answer);
    },
  });

  assert.equal(report.outcome, "success", report.detail);
});

void test("a flood of wrong answers ends at the deadline, with a log that stays short", async () => {
  const report = await askNameServer({
    module: { timeout: "300ms" },
    onQuery({ bytes }, reply) {
      const wrong = answerTo(bytes);
      wrong.writeUInt16BE((wrong.readUInt16BE() + 1) & 0xffff);
      for (let count = 0; count < 500; count += 1) reply(wrong);
    },
  });

  assert.equal(report.outcome, "exchange/no-reply", report.detail);
  assert.ok(report.log.length < 20, `found ${report.log.length} lines`);
});

void test("an answer that is cut off at any byte behind its id is malformed", async () => {
  const whole = await lengthOf();
  for (let length = 2; length < whole; length += 1) {
    const report = await askNameServer({
      onQuery: ({ bytes }, reply) => reply(answerTo(bytes, { answers: [ADDRESS, MAIL] }).subarray(0, length)),
    });

    assert.equal(report.outcome, "exchange/malformed", `${length} of ${whole} bytes: ${report.detail}`);
    assert.equal(valueOf(report, "probe_dns_query_succeeded"), 0);
  }
});

void test("a refusal without the question is a refusal", async () => {
  const report = await askNameServer({
    onQuery: ({ bytes }, reply) => reply(answerTo(bytes, { rcode: 5 }).subarray(0, 12)),
  });

  assert.equal(report.outcome, "exchange/error-rcode");
  assert.match(report.detail, /REFUSED/u);
});

void test("a server that sends back the query is malformed", async () => {
  const report = await askNameServer({ onQuery: ({ bytes }, reply) => reply(bytes) });

  assert.equal(report.outcome, "exchange/malformed");
  assert.match(report.detail, /a query rather than a response/u);
});

for (const { title, record } of [
  { title: "that points at itself", record: "c01d 0001 0001 00000000 0004 01020304" },
  { title: "that points forward to one that points back", record: "c01f c01d 0001 0001 00000000 0004 01020304" },
  { title: "that points beyond the message", record: "ffff 0001 0001 00000000 0004 01020304" },
  { title: "with a label of an unknown kind", record: "8161 0001 0001 00000000 0004 01020304" },
  { title: "whose last label is too long for the message", record: "3f61" },
]) {
  void test(`a record with a name ${title} is malformed`, async () => {
    const report = await askNameServer({
      onQuery({ bytes }, reply) {
        const answer = answerTo(bytes);
        answer.writeUInt16BE(1, 6);
        reply(Buffer.concat([answer, Buffer.from(record.replaceAll(" ", ""), "hex")]));
      },
    });

    assert.equal(report.outcome, "exchange/malformed", report.detail);
  });
}

void test("a name of more than 255 octets is malformed, however it is compressed", () => {
  const label = Buffer.concat([Buffer.from([63]), Buffer.alloc(63, 0x61)]);
  const records = [Buffer.concat([label, label, label, Buffer.from([62]), Buffer.alloc(62, 0x62), Buffer.from([0])])];

  assert.throws(() => readMessage(messageOf(records)), { outcome: "exchange/malformed" });
});

void test("a message that expands to megabytes of names is malformed, and is read quickly", () => {
  const long = Buffer.concat(Array.from({ length: 3 }, () => Buffer.concat([Buffer.from([63]), Buffer.alloc(63, 0)])));
  const target = Buffer.concat([long, Buffer.from([0])]);
  const first = Buffer.concat([target, Buffer.from("0001000100000000000401020304", "hex")]);
  const servers = Buffer.from("c00c".repeat(30_000), "hex");
  const length = Buffer.alloc(2);
  length.writeUInt16BE(4 + servers.length);
  const second = Buffer.concat([
    Buffer.from("c00c00370001 00000000".replaceAll(" ", ""), "hex"),
    length,
    Buffer.alloc(4),
    servers,
  ]);

  const started = performance.now();
  assert.throws(() => readMessage(messageOf([first, second])), {
    outcome: "exchange/malformed",
    message: /characters/u,
  });
  assert.ok(performance.now() - started < 1000);
});

void test("counts that promise more records than there are cost nothing", () => {
  const message = messageOf([]);
  message.fill(0xff, 6, 12);

  assert.throws(() => readMessage(message), { outcome: "exchange/malformed" });
});

void test("bytes by chance are malformed or a message, never a defect", () => {
  let seed = 1;
  const octet = (): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return (seed >> 16) & 0xff;
  };
  for (let round = 0; round < 2000; round += 1) {
    const bytes = Buffer.from(Array.from({ length: 64 }, octet));
    bytes.writeUInt16BE(round % 2, 4);
    bytes.fill(0, 6, 12);
    bytes.writeUInt16BE(1, 6);
    try {
      readMessage(bytes);
    } catch (error) {
      assert.ok(error instanceof Error && "outcome" in error && error.outcome === "exchange/malformed", String(error));
    }
  }
});

/** A response without a question and with these answers. */
function messageOf(records: readonly Buffer[]): Buffer {
  const head = Buffer.from("000180000000000000000000", "hex");
  head.writeUInt16BE(records.length, 6);
  return Buffer.concat([head, ...records]);
}

/** How long the answer of the cutting test is. */
async function lengthOf(): Promise<number> {
  let length = 0;
  const report = await askNameServer({
    onQuery({ bytes }, reply) {
      const answer = answerTo(bytes, { answers: [ADDRESS, MAIL] });
      ({ length } = answer);
      reply(answer);
    },
  });
  assert.equal(report.outcome, "success", report.detail);
  return length;
}
