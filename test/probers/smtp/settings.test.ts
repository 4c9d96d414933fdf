import assert from "node:assert/strict";
import { test } from "node:test";
import { problemsOfModule } from "../../support/run-probe.ts";

for (const [title, settings, complaint] of [
  ["a user name without a password", { username: "prober" }, /set password or password_file/u],
  ["a password without a user name", { password: "secret" }, /set username/u],
  ["a password and a file of it", { username: "u", password: "p", password_file: "/f" }, /at most one of password/u],
  ["a line end in the user name", { username: "prober\r\nRSET", password: "p" }, /without line ends/u],
  ["a NUL in the password", { username: "prober", password: "p\0q" }, /without line ends/u],
  ["a blank in the name for EHLO", { ehlo_name: "a b" }, /expected a host name/u],
  ["a mechanism that is unknown", { auth_method: "gssapi" }, /expected one of auto, plain/u],
  ["a wish for STARTTLS that is unknown", { starttls: "maybe" }, /required.*opportunistic.*off/u],
  ["a wish for plain logins that is unknown", { plaintext_login: "yes" }, /allow.*forbid/u],
  ["a key that is unknown", { mail_to: "user@example.com" }, /mail_to/u],
] as const) {
  void test(`refuses ${title} when the configuration is loaded`, () => {
    const problems = problemsOfModule("smtp", settings);

    assert.equal(problems.length, 1, problems.join("\n"));
    assert.match(problems[0] ?? "", complaint);
    assert.doesNotMatch(problems.join("\n"), /p\0q/u);
  });
}

for (const settings of [{}, { username: "", password: "" }, { username: "prober", password: 12345 }]) {
  void test(`accepts ${JSON.stringify(settings)}`, () => {
    assert.deepEqual(problemsOfModule("smtp", settings), []);
  });
}
