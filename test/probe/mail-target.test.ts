import assert from "node:assert/strict";
import { test } from "node:test";
import { ProbeFailure } from "../../src/outcome/probe-failure.ts";
import { readMailTarget } from "../../src/probe/mail-target.ts";

const SCHEMES = { plain: { scheme: "smtp", port: 25 }, implicit: { scheme: "smtps", port: 465 } };

for (const [target, host, port, security] of [
  ["smtp://mail.example.com", "mail.example.com", 25, "plain"],
  ["smtp://mail.example.com:587/", "mail.example.com", 587, "plain"],
  ["SMTPS://mail.example.com", "mail.example.com", 465, "implicit"],
  ["smtps://[2001:db8::1]:2465", "2001:db8::1", 2465, "implicit"],
  ["mail.example.com", "mail.example.com", 25, "plain"],
  ["mail.example.com:587", "mail.example.com", 587, "plain"],
  ["mail.example.com:465", "mail.example.com", 465, "implicit"],
  ["smtp://mail.example.com:465", "mail.example.com", 465, "plain"],
  ["[::1]", "::1", 25, "plain"],
] as const) {
  void test(`reads ${target}`, () => {
    assert.deepEqual(readMailTarget(target, SCHEMES), { host, port, security });
  });
}

for (const [target, complaint] of [
  ["imap://mail.example.com", /Expected smtp:\/\/ or smtps:\/\/, found "imap"/u],
  ["smtp://", /Expected a host/u],
  ["http://mail.example.com/inbox", /found "http"/u],
  ["smtp://mail.example.com/inbox", /end after host and port, found "\/inbox": paths belong in the module/u],
  ["mail.example.com:25/inbox", /end after host and port, found "\/inbox"/u],
  ["smtp://mail.example.com:25?tls", /end after host and port, found "\?tls"/u],
  ["smtp://mail.example.com:0", /Expected a port/u],
  ["mail.example.com:smtp", /Expected a port/u],
  ["smtp://mail example.com", /Expected a name/u],
  ["smtp://mail.example.com\r\nRSET", /Expected a name/u],
  ["smtp://user:hunter2@mail.example.com", /without a user name/u],
  ["user:hunter2@mail.example.com:25", /without a user name/u],
] as const) {
  void test(`refuses ${JSON.stringify(target)}`, () => {
    assert.throws(
      () => readMailTarget(target, SCHEMES),
      (error) => {
        assert.ok(error instanceof ProbeFailure);
        assert.equal(error.outcome, "request/parameter-missing");
        assert.match(error.detail, complaint);
        assert.doesNotMatch(error.detail, /hunter2/u);
        return true;
      },
    );
  });
}
