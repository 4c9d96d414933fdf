import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { ProbeFailure } from "../../src/outcome/probe-failure.ts";
import { Secret } from "../../src/settings/secret.ts";
import { readSecret, SecretFile, secretSource } from "../../src/settings/secret-source.ts";

void test("an inline secret is read as it is", async () => {
  const source = secretSource(new Secret(" s3cret "), undefined);
  assert.ok(source);
  assert.equal(await readSecret(source), " s3cret ");
  assert.equal(secretSource(new Secret(""), ""), undefined);
  assert.equal(secretSource(undefined, undefined), undefined);
});

void test("a file is read without white space around it, and again when it changes", async (context) => {
  const folder = await temporaryFolder();
  context.after(() => rm(folder, { recursive: true }));
  const path = join(folder, "password");
  const source = new SecretFile(path);
  await writeFile(path, "first\n");
  assert.equal(await readSecret(source), "first");
  assert.equal(await readSecret(source), "first");
  await writeFile(path, "another\n");
  assert.equal(await readSecret(source), "another");
});

void test("a file that cannot be read fails the probe and is named", async () => {
  await assert.rejects(readSecret(new SecretFile("/nonexistent/password")), (error) => {
    assert.ok(error instanceof ProbeFailure);
    assert.equal(error.outcome, "request/parameter-missing");
    assert.match(error.detail, /"\/nonexistent\/password"/u);
    return true;
  });
});

void test("a file larger than a mebibyte is refused, one of a mebibyte is not", async (context) => {
  const folder = await temporaryFolder();
  context.after(() => rm(folder, { recursive: true }));
  const path = join(folder, "large");
  await writeFile(path, "x".repeat(1024 * 1024));
  assert.equal((await readSecret(new SecretFile(path))).length, 1024 * 1024);
  await writeFile(path, "x".repeat(1024 * 1024 + 1));
  await assert.rejects(readSecret(new SecretFile(path)), { outcome: "request/parameter-missing" });
});

function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), "status-exporter-"));
}
