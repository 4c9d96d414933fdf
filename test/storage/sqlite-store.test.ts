import assert from "node:assert/strict";
import { chmod, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { createSqliteStore, STORE_FILE } from "../../src/storage/sqlite-store.ts";

void test("what was put is there after a restart, with its time, each namespace on its own", async (context) => {
  const directory = await temporaryDirectory(context);
  const first = open(directory);
  await first.store.namespace("domain").update("example.com", () => ({ value: { registered: true }, keptAt: 1000 }));
  await first.store.namespace("server").update("example.com", () => ({ value: 7, keptAt: 2000 }));
  first.store[Symbol.dispose]();

  using second = open(directory).store;

  assert.deepEqual(await second.namespace("domain").get("example.com"), { value: { registered: true }, keptAt: 1000 });
  assert.deepEqual(await second.namespace("server").get("example.com"), { value: 7, keptAt: 2000 });
  assert.equal(await second.namespace("domain").get("example.net"), undefined);
  assert.deepEqual(first.told, []);
});

void test("what is put at the same time is all kept, and so is what is put when the store closes", async (context) => {
  const directory = await temporaryDirectory(context);
  const first = open(directory).store.namespace("domain");
  const keys = Array.from({ length: 500 }, (_, index) => `shop-${index}.com`);

  const kept = await Promise.all(keys.map((key) => first.update(key, () => ({ value: key, keptAt: 1000 }))));
  const last = open(directory).store;
  void last.namespace("domain").update("last.com", () => ({ value: "last", keptAt: 1000 }));
  last[Symbol.dispose]();
  using again = open(directory).store;

  assert.ok(kept.every(Boolean));
  const values = (await again.namespace("domain").getMany([...keys, "last.com"])).map((one) => one?.value);
  assert.deepEqual(values, [...keys, "last"]);
});

void test("nothing is made on disk before the store is used", async (context) => {
  const directory = join(await temporaryDirectory(context), "data");
  using store = open(directory).store;
  store.namespace("domain");

  assert.deepEqual(await readdir(join(directory, "..")), []);
});

void test("a file that is no database is set aside, said once, and a new one begun", async (context) => {
  const directory = await temporaryDirectory(context);
  await writeFile(join(directory, STORE_FILE), "not a database at all ".repeat(1000));
  const { store, told } = open(directory);

  await store.namespace("domain").update("example.com", () => ({ value: 1, keptAt: 1000 }));
  await store.namespace("domain").update("example.net", () => ({ value: 2, keptAt: 1000 }));
  store[Symbol.dispose]();
  using again = open(directory).store;

  assert.deepEqual(await again.namespace("domain").get("example.com"), { value: 1, keptAt: 1000 });
  assert.equal(told.length, 1);
  assert.match(told[0] ?? "", /^corrupt: .*set aside as /u);
  assert.ok((await readdir(directory)).some((name) => name.startsWith(`${STORE_FILE}.corrupt-`)));
});

void test("a folder that cannot be made costs the memory of a restart and nothing else; it is said once", async (context) => {
  const directory = await temporaryDirectory(context);
  await writeFile(join(directory, "file"), "");
  const { store, told } = open(join(directory, "file", "data"));
  using _ = store;
  const domains = store.namespace("domain");

  await domains.update("example.com", () => ({ value: 1, keptAt: 1000 }));
  await domains.update("example.net", () => ({ value: 2, keptAt: 1000 }));

  assert.deepEqual(await domains.get("example.com"), { value: 1, keptAt: 1000 });
  assert.deepEqual(await domains.get("example.net"), { value: 2, keptAt: 1000 });
  assert.equal(told.length, 1);
  assert.match(told[0] ?? "", /^unavailable: /u);
});

void test("a read-only file is read, and what cannot be written stays in memory", async (context) => {
  if (process.getuid?.() === 0) return context.skip("root may write to a read-only file");
  const directory = await temporaryDirectory(context);
  const first = open(directory).store;
  await first.namespace("domain").update("example.com", () => ({ value: 1, keptAt: 1000 }));
  first[Symbol.dispose]();
  await chmod(join(directory, STORE_FILE), 0o400);
  await chmod(directory, 0o500);
  const { store, told } = open(directory);
  using _ = store;

  await store.namespace("domain").update("example.net", () => ({ value: 2, keptAt: 1000 }));

  assert.deepEqual(await store.namespace("domain").get("example.net"), { value: 2, keptAt: 1000 });
  assert.match(told[0] ?? "", /^unavailable: /u);
  await chmod(directory, 0o700);
});

void test("a store that works again after a fault says so", async (context) => {
  const directory = await temporaryDirectory(context);
  const blocked = join(directory, "data");
  await writeFile(blocked, "");
  let now = 1_000_000;
  const { store, told } = open(blocked, () => now);
  using _ = store;
  await store.namespace("domain").update("example.com", () => ({ value: 1, keptAt: 1000 }));
  await rm(blocked);

  now += 3_600_000;
  await store.namespace("domain").update("example.com", () => ({ value: 1, keptAt: 2000 }));

  assert.deepEqual(
    told.map((line) => line.split(":")[0]),
    ["unavailable", "recovered"],
  );
});

function open(directory: string, now: () => number = () => 5000) {
  const told: string[] = [];
  const observer = {
    onFault: (kind: string, detail: string) => void told.push(`${kind}: ${detail}`),
    onRecovery: () => void told.push("recovered"),
  };
  return { store: createSqliteStore({ directory, now, observer }), told };
}

async function temporaryDirectory(context: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "store-"));
  context.after(() => rm(directory, { recursive: true, force: true }));
  return directory;
}
