import assert from "node:assert/strict";
import { test } from "node:test";
import { formatLogfmt } from "../../src/web/log-line.ts";

const TIME = Date.UTC(2025, 0, 2, 3, 4, 5, 6);

test("writes time, level, message and fields as logfmt", () => {
  const line = formatLogfmt({
    time: TIME,
    level: "error",
    message: "Probe failed",
    fields: { outcome: "connect/refused", attempts: 2, final: true },
  });

  assert.equal(
    line,
    'time=2025-01-02T03:04:05.006Z level=ERROR msg="Probe failed" outcome=connect/refused attempts=2 final=true',
  );
});

test("keeps one event on one line, whatever a server sent", () => {
  const hostile = 'a b="c"\n\u001b[31m\u009b\u202e\ud800';

  const line = formatLogfmt({ time: TIME, level: "info", message: "Got", fields: { "bad name\n": hostile, none: "" } });

  assert.equal(
    line.slice(line.indexOf("msg=")),
    'msg=Got bad_name_="a b=\\"c\\"\\n\\u001b[31m\\u009b\\u202e\\ud800" none=""',
  );
});
