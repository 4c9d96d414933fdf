import assert from "node:assert/strict";
import { test } from "node:test";
import { conversationStep } from "../../src/settings/query-response.ts";

void test("reads a step with every key of its kind", () => {
  const step = conversationStep.parse({
    expect: "^220 (.*)$",
    labels: [{ name: "greeting", value: "${1}" }],
    forbidden_content: "maintenance",
    send: "EHLO prober",
    starttls: "yes",
  });

  assert.equal(step.expectation?.kind, "line");
  assert.deepEqual(step.labels, [{ name: "greeting", value: "${1}" }]);
  assert.deepEqual(step.forbidden.map(asText), ["maintenance"]);
  assert.equal(step.sending?.key, "send");
  assert.equal(step.startTls, true);
});

void test("takes an empty string for nothing, as blackbox_exporter does", () => {
  const step = conversationStep.parse({ expect_bytes: "", send: "", send_bytes: "" });

  assert.equal(step.expectation, undefined);
  assert.equal(step.sending, undefined);
});

void test("reads bytes written as text, as binary and as hexadecimal digits", () => {
  const cases = [
    [{ send_bytes: "a\r\n" }, [0x61, 13, 10]],
    [{ send_bytes: new Uint8Array([0, 255]) }, [0, 255]],
    [{ send_hex: "00 fF:01\n02" }, [0, 255, 1, 2]],
    [{ send_hex: "0x00ff" }, [0, 255]],
    [{ send_hex: 1234 }, [0x12, 0x34]],
  ] as const;

  for (const [raw, expected] of cases) {
    assert.deepEqual([...(conversationStep.parse(raw).sending?.bytes ?? [])], expected);
  }
});

void test("reads required and forbidden content as one value or a list, as text or as hexadecimal digits", () => {
  const step = conversationStep.parse({
    required_content: ["a", "b"],
    required_content_hex: "63",
    forbidden_content_hex: ["64", "65"],
  });

  assert.ok(step.expectation?.kind === "content");
  assert.deepEqual(step.expectation.parts.map(asText), ["a", "b", "c"]);
  assert.deepEqual(step.forbidden.map(asText), ["d", "e"]);
});

const REFUSED: readonly (readonly [title: string, step: unknown, message: RegExp])[] = [
  ["two expectations", { expect: "a", expect_bytes: "b" }, /^expect and expect_bytes are mutually exclusive$/],
  [
    "bytes and content",
    { expect_bytes: "a", required_content: "b" },
    /^expect_bytes and required_content are mutually/,
  ],
  ["two things to send", { send: "a", send_hex: "00" }, /^send and send_hex are mutually exclusive$/],
  ["forbidden content beside exact bytes", { expect_bytes: "a", forbidden_content: "b" }, /leave nothing to forbid$/],
  ["labels of nothing", { send: "a", labels: [{ name: "a", value: "b" }] }, /^labels need something to expect/],
  ["an invalid label name", { expect: "a", labels: [{ name: "a-b", value: "" }] }, /^expected a label name/],
  [
    "a label name of Prometheus's own",
    { expect: "a", labels: [{ name: "__name__", value: "" }] },
    /^expected a label name/,
  ],
  ["a label without a name", { expect: "a", labels: [{ value: "b" }] }, /^expected a label name/],
  [
    "a label name twice",
    {
      expect: "a",
      labels: [
        { name: "a", value: "1" },
        { name: "a", value: "2" },
      ],
    },
    /^the names of an entry's labels must differ$/,
  ],
  ["an odd number of hexadecimal digits", { send_hex: "00f" }, /^expected bytes as pairs of hexadecimal digits/],
  ["something else than hexadecimal digits", { required_content_hex: "zz" }, /hexadecimal|Invalid input/],
  ["no hexadecimal digits", { send_hex: "" }, /^expected bytes as pairs of hexadecimal digits/],
  ["empty content", { required_content: "" }, /something to look for|Invalid input/],
  ["a lookahead", { expect: "a(?=b)" }, /^expected a regular expression of the RE2 dialect/],
  ["an unknown key", { expects: "a" }, /Unrecognized key/],
];

for (const [title, step, message] of REFUSED) {
  void test(`refuses ${title}`, () => {
    const read = conversationStep.safeParse(step);

    assert.match(read.error?.issues[0]?.message ?? "", message);
  });
}

function asText(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString();
}
