import assert from "node:assert/strict";
import { test } from "node:test";
import { concealUrlPassword } from "../../src/probe/conceal-url-password.ts";

for (const [text, shown] of [
  ["https://user:hunter2@host/path", "https://user:xxxxx@host/path"],
  ["https://:hunter2@host", "https://:xxxxx@host"],
  ["https://user:hun@ter2@host", "https://user:xxxxx@host"],
  ["user:hunter2@host:8080/path", "user:xxxxx@host:8080/path"],
  ["//user:hunter2@host", "//user:xxxxx@host"],
  ["asked https://a:b@c and https://d:e@f", "asked https://a:xxxxx@c and https://d:xxxxx@f"],
] as const) {
  void test(`conceals the password in ${text}`, () => {
    assert.equal(concealUrlPassword(text), shown);
  });
}

for (const text of [
  "https://host:8080/",
  "host:25",
  "user@host:25",
  "https://host:8080/@name",
  "https://host/?mail=a:b@c",
  "[2001:db8::1]:25",
]) {
  void test(`leaves ${text} as it is`, () => {
    assert.equal(concealUrlPassword(text), text);
  });
}
