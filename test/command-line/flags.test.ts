import assert from "node:assert/strict";
import { test } from "node:test";
import { helpText, readCommandLine } from "../../src/command-line/flags.ts";

test("has the defaults of the Prometheus family", () => {
  const commandLine = readCommandLine([]);

  assert.equal(commandLine.text("config.file"), "config/status.yml");
  assert.deepEqual(commandLine.list("web.listen-address"), [":9115"]);
  assert.equal(commandLine.number("timeout-offset"), 0.5);
  assert.equal(commandLine.number("history.limit"), 100);
  assert.equal(commandLine.on("config.check"), false);
});

test("takes values behind an equals sign or a space, and repeated addresses", () => {
  const commandLine = readCommandLine([
    "--config.file=a.yml",
    "--web.listen-address",
    ":1",
    "--web.listen-address=[::1]:2",
    "--timeout-offset=0.25",
  ]);

  assert.equal(commandLine.text("config.file"), "a.yml");
  assert.deepEqual(commandLine.list("web.listen-address"), [":1", "[::1]:2"]);
  assert.equal(commandLine.number("timeout-offset"), 0.25);
});

test("turns a switch on and off", () => {
  assert.equal(readCommandLine(["--config.check"]).on("config.check"), true);
  assert.equal(readCommandLine(["--config.check", "--no-config.check"]).on("config.check"), false);
});

test("keeps the words that are no flags", () => {
  assert.deepEqual(readCommandLine(["probe", "http_2xx", "http://localhost"]).positionals, [
    "probe",
    "http_2xx",
    "http://localhost",
  ]);
});

test("refuses what it does not know or cannot read, naming it", () => {
  assert.throws(() => readCommandLine(["--web.listen-adress=:1"]), /web\.listen-adress/);
  assert.throws(() => readCommandLine(["--log.level=loud"]), /--log\.level: expected one of debug, .* found "loud"/);
  assert.throws(() => readCommandLine(["--timeout-offset=soon"]), /--timeout-offset: expected a number, found "soon"/);
  assert.throws(() => readCommandLine(["--history.limit=-1"]), /--history\.limit/);
  assert.throws(() => readCommandLine(["--history.limit=1.5"]), /expected a whole number/);
});

test("describes every flag in the help text", () => {
  for (const name of ["config.file", "web.listen-address", "timeout-offset", "log.prober", "web.systemd-socket"]) {
    assert.match(helpText(), new RegExp(`--(\\[no-\\])?${name.replaceAll(".", "\\.")}`));
  }
});
