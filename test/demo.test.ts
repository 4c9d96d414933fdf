import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

void test("the demonstration prints each fault with its outcome and both codes, and ends", async () => {
  const demo = fileURLToPath(new URL("demo.ts", import.meta.url));

  const { stdout } = await promisify(execFile)(process.execPath, [demo, "--once"]);

  assert.match(stdout, /a port on which nothing listens .*connect\/refused .*http 611 .*service 451 /u);
  assert.match(stdout, /an expired certificate .*tls\/certificate-expired .*http 611 .*service 416 /u);
  assert.match(stdout, /The exporter serves at http:\/\/127\.0\.0\.1:\d+/u);
});
