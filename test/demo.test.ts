import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { MAPPING } from "./every-code/mapping.ts";
import { UNPROVOKED } from "./every-code/unprovoked.ts";

void test("the demonstration prints every outcome of every protocol and every state, each with its codes, and ends", async () => {
  const demo = fileURLToPath(new URL("demo.ts", import.meta.url));

  const { stdout } = await promisify(execFile)(process.execPath, [demo, "--once"]);

  assert.match(stdout, /a port on which nothing listens .*connect\/refused .*http 611 .*service 451 /u);
  assert.match(stdout, /an expired certificate .*tls\/certificate-expired .*http 611 .*service 416 /u);
  assert.match(stdout, /an exporter without a file descriptor left .*local\/no-socket .*tcp 550 .*service 464 /u);
  for (const list of ["service", "server", "ssl", "domain"]) {
    assert.match(stdout, new RegExp(`^${list}: .*state/created +${list} -1 [(]Created, `, "mu"));
    assert.match(stdout, new RegExp(`^${list}: .*state/disabled +${list} -2 [(]`, "mu"));
    assert.match(stdout, new RegExp(`^${list}: .*state/pending +${list} -3 [(]Activated, `, "mu"));
  }
  assert.match(stdout, /The exporter serves at http:\/\/127\.0\.0\.1:\d+/u);
  const shown = outcomesIn(stdout);
  const missing = MAPPING.map(({ subject, outcome }) => `${subject} ${outcome}`).filter((row) => !shown.has(row));
  assert.deepEqual(missing.toSorted(), UNPROVOKED.map(({ subject, outcome }) => `${subject} ${outcome}`).toSorted());
});

/** Every line of the table as `subject outcome`. */
function outcomesIn(table: string): ReadonlySet<string> {
  const lines = table.split("\n");
  const column = lines.find((line) => line.startsWith("What is wrong"))?.indexOf("Outcome") ?? -1;
  assert.ok(column > 0, "there is a column of outcomes");
  return new Set(lines.map((line) => `${line.split(":")[0]} ${line.slice(column).split(" ")[0]}`));
}
