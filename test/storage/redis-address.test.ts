import assert from "node:assert/strict";
import { test } from "node:test";
import { nameOfRedis, readRedisUrl } from "../../src/storage/redis-address.ts";

void test("a URL says everything about a server; what it leaves out is as usual", () => {
  assert.deepEqual(readRedisUrl("rediss://me:p%40ss%2Fword@[::1]:6380/12"), {
    host: "::1",
    port: 6380,
    transport: "tls",
    username: "me",
    password: "p@ss/word",
    database: 12,
  });
  assert.deepEqual(readRedisUrl("valkey://keys.example.com"), {
    host: "keys.example.com",
    port: 6379,
    transport: "plain",
    username: undefined,
    password: undefined,
    database: 0,
  });
});

void test("a server's name shows neither user nor password", () => {
  assert.equal(nameOfRedis(readRedisUrl("rediss://me:word@[::1]:6380/12")), "rediss://[::1]:6380/12");
});

for (const [url, message] of Object.entries({
  "a-secret-word": /such as redis:/u,
  "http://user:a-secret-word@host": /begins with redis:/u,
  "redis://": /name or the address of a host/u,
  "redis://user:a-secret-word@host/zero": /a number as the path/u,
  "redis://user:a-secret-word#@host": /in a password/u,
  "redis://user:a-secret-word@host/0?tls=yes": /nothing behind the number/u,
  "redis://user:a-secret-word%@host": /percent-encoded/u,
  "redis://host:99999": /such as redis:/u,
})) {
  void test(`${url.replace("a-secret-word", "…")} is refused without showing the password`, () => {
    assert.throws(
      () => readRedisUrl(url),
      (error) => error instanceof Error && message.test(error.message) && !error.message.includes("secret"),
    );
  });
}
