import assert from "node:assert/strict";
import { test } from "node:test";
import { http2CodeIn, http2CodeName, isHttp2Complaint } from "../../src/network/http2-code.ts";

test("names the codes of HTTP/2, and numbers the others", () => {
  assert.deepEqual([0, 8, 13, 99].map(http2CodeName), ["NO_ERROR", "CANCEL", "HTTP_1_1_REQUIRED", "code 99"]);
});

for (const [message, code] of [
  ["Stream closed with error code NGHTTP2_CANCEL", 8],
  ["Session closed with error code 11", 11],
  ["Session closed with error code NGHTTP2_PROTOCOL_ERROR", 1],
  ["Stream closed with error code NGHTTP2_UNHEARD_OF", undefined],
  ["The pending stream has been canceled", undefined],
] as const) {
  test(`finds ${code} in "${message}"`, () => {
    assert.equal(http2CodeIn(message), code);
  });
}

test("tells a complaint about what was sent from a change of mind", () => {
  assert.deepEqual([1, 3, 6, 9, 11].map(isHttp2Complaint), [true, true, true, true, true]);
  assert.deepEqual([0, 2, 7, 8, 13].map(isHttp2Complaint), [false, false, false, false, false]);
});
