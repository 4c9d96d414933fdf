import assert from "node:assert/strict";
import { test } from "node:test";
import { metadataProblem, readMetadata } from "../../../src/probers/grpc/metadata.ts";
import { readStatus } from "../../../src/probers/grpc/status.ts";
import { timeoutHeader } from "../../../src/probers/grpc/timeout-header.ts";

for (const [seconds, header] of [
  [5, "5000m"],
  [0.2501, "251m"],
  [0.0001, "1m"],
  [0, "1m"],
  [99_999.999, "99999999m"],
  [100_000, "100000S"],
  [1e12, "99999999S"],
] as const) {
  void test(`tells a server that ${seconds} s are left by ${header}`, () => {
    assert.equal(timeoutHeader(seconds), header);
  });
}

void test("sends names in lower case, and what ends in -bin in base64 without padding", () => {
  const metadata = readMetadata({
    Authorization: [Buffer.from("Bearer abc")],
    "trace-bin": [Buffer.from([0xff, 0]), Buffer.from("a")],
    "x-empty": [],
    "x-tag": [Buffer.from("1"), Buffer.from("2")],
    "X-Tag": [Buffer.from("3")],
  });

  assert.deepEqual(metadata, [
    ["authorization", ["Bearer abc"]],
    ["trace-bin", ["/wA", "YQ"]],
    ["x-tag", ["1", "2", "3"]],
  ]);
});

for (const [name, value, problem] of [
  ["x-tag", "a b", undefined],
  ["x-tag", "", undefined],
  ["x-tag", " a", /printable ASCII/],
  ["x-tag", "a\nb", /printable ASCII/],
  ["x-tag", "é", /printable ASCII/],
  ["x-tag-bin", "é\n", undefined],
  ["x tag", "a", /a name of letters/],
  [":path", "a", /a name of letters/],
  ["", "a", /a name of letters/],
  ["grpc-timeout", "1S", /belongs to the protocol/],
  ["TE", "trailers", /belongs to the protocol/],
  ["connection", "close", /belongs to the protocol/],
] as const) {
  void test(`${problem === undefined ? "accepts" : "refuses"} the metadata ${JSON.stringify({ [name]: value })}`, () => {
    const found = metadataProblem(name, [Buffer.from(value)]);

    if (problem === undefined) assert.equal(found, undefined);
    else assert.match(found ?? "", problem);
  });
}

void test("reads a status with its name and its message", () => {
  assert.deepEqual(readStatus("14", "no%20b%C3%A4ckend 100%"), {
    code: 14,
    name: "UNAVAILABLE",
    message: "no bäckend 100%",
  });
  assert.deepEqual(readStatus("42", ""), { code: 42, name: "code 42", message: "" });
});

for (const code of ["", "-1", "1.5", "OK", "0x0", "1234567890"]) {
  void test(`takes ${JSON.stringify(code)} for no status`, () => {
    assert.equal(readStatus(code, ""), undefined);
  });
}
