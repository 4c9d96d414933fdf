import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { readCommandLine } from "../../src/command-line/flags.ts";
import { storagePlaceOf } from "../../src/command-line/storage-place-of.ts";
import type { StoragePlace } from "../../src/storage/storage-place.ts";

void test("without a word there is a file in the folder data, with an empty path nothing but memory", () => {
  assert.deepEqual(placeOf(), { kind: "file", directory: "data" });
  assert.deepEqual(placeOf("--storage.path="), { kind: "memory" });
});

void test("a URL wins over a path, for an image names a path", () => {
  const place = placeOf("--storage.path=/data", "--storage.url=redis://keys.example.com");

  assert.equal(place.kind === "redis" && place.address.host, "keys.example.com");
});

void test("the password may be in a file, without the line break at its end", async (context) => {
  const directory = await mkdtemp(join(tmpdir(), "password-"));
  context.after(() => rm(directory, { recursive: true }));
  const file = join(directory, "password");
  await writeFile(file, "a secret\n");

  const place = placeOf("--storage.url=redis://me@keys.example.com", `--storage.password-file=${file}`);

  assert.deepEqual(place.kind === "redis" && [place.address.username, place.address.password], ["me", "a secret"]);
});

for (const [flags, message] of [
  [["--storage.url=http://user:a-secret@host"], /^Cannot read --storage\.url: expected a URL that begins with redis:/u],
  [["--storage.password-file=/a"], /expected --storage\.url beside it/u],
  [["--storage.url=redis://h", "--storage.password-file=/no/such"], /^Cannot read --storage\.password-file: ENOENT/u],
  [["--storage.url=redis://:a-secret@h", "--storage.password-file=/a"], /has a password already/u],
] as const) {
  void test(`${flags.join(" ").replace("a-secret", "…")} is refused, and no password shown`, () => {
    assert.throws(
      () => placeOf(...flags),
      (error) => error instanceof Error && message.test(error.message) && !error.message.includes("secret"),
    );
  });
}

function placeOf(...flags: readonly string[]): StoragePlace {
  return storagePlaceOf(readCommandLine(flags));
}
