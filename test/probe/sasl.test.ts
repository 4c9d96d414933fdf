import assert from "node:assert/strict";
import { test } from "node:test";
import { cramMd5Answer, plainMessage, xoauth2Message } from "../../src/probe/sasl.ts";

void test("PLAIN: the message of RFC 4616, without an authorization identity", () => {
  assert.equal(decode(plainMessage({ username: "tim", password: "tanstaaftanstaaf" })), "\0tim\0tanstaaftanstaaf");
});

void test("PLAIN: names and passwords are UTF-8", () => {
  assert.equal(decode(plainMessage({ username: "mjölnir", password: "þór" })), "\0mjölnir\0þór");
});

void test("CRAM-MD5: the example of RFC 2195", () => {
  const challenge = Buffer.from("<1896.697170952@postoffice.reston.mci.net>").toString("base64");

  const answer = cramMd5Answer(challenge, { username: "tim", password: "tanstaaftanstaaf" });

  assert.equal(decode(answer), "tim b913a602c7eda7a495b4e6e7334d3890");
});

void test("XOAUTH2: the token between control characters", () => {
  const message = xoauth2Message({ username: "user@example.com", password: "token" });

  assert.equal(decode(message), "user=user@example.com\u0001auth=Bearer token\u0001\u0001");
});

function decode(text: string): string {
  return Buffer.from(text, "base64").toString();
}
