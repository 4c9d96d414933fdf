import assert from "node:assert/strict";
import { test } from "node:test";
import { createLogger } from "../../src/command-line/logger.ts";

test("writes one line for each event at or above its level", () => {
  const lines: string[] = [];
  const logger = createLogger({ level: "warn", format: "logfmt", write: (line) => lines.push(line) });

  logger.log("info", "Reloaded");
  logger.log("warn", "Slow", { seconds: 3 });

  assert.equal(lines.length, 1);
  assert.match(lines[0] ?? "", /level=WARN.* msg=Slow seconds=3\n$/i);
  assert.equal(logger.enabled("info"), false);
});

test("writes JSON with time, level and message", () => {
  const lines: string[] = [];
  const logger = createLogger({ level: "debug", format: "json", write: (line) => lines.push(line) });

  logger.log("error", "Cannot read\nthe file", { path: "a.yml" });

  const [line = ""] = lines;
  const { time, ...rest } = JSON.parse(line);
  assert.deepEqual(rest, { level: "ERROR", msg: "Cannot read\nthe file", path: "a.yml" });
  assert.ok(!Number.isNaN(Date.parse(time)));
  assert.equal(line.indexOf("\n"), line.length - 1, "one line only");
});
