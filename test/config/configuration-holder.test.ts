import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { ConfigurationHolder, type LoadResult } from "../../src/config/configuration-holder.ts";
import { loadConfiguration } from "../../src/config/load-configuration.ts";
import { readConfigurationFile } from "../../src/config/read-configuration-file.ts";
import { SAMPLE_PROBERS } from "./sample-probers.ts";

const FIRST = "modules: { first: { prober: http } }\n";
const SECOND = "modules: { second: { prober: http } }\n";
const WRONG = "modules: { first: { prober: gopher } }\n";

void test("holds what the file says and tells of every replacement", async (context) => {
  const { holder, path } = await held(context);
  const told: string[] = [];
  const end = holder.subscribe(({ text }) => told.push(text));
  assert.throws(() => holder.current, /before it was loaded/u);
  assert.deepEqual(holder.lastReload, { successful: false, succeededAt: undefined });
  await writeFile(path, FIRST);
  assert.deepEqual(await holder.load(), { kind: "changed" });
  assert.deepEqual([...holder.current.configuration.modules.keys()], ["first"]);
  assert.deepEqual(holder.lastReload, { successful: true, succeededAt: 1 });
  await writeFile(path, SECOND);
  assert.deepEqual(await holder.load(), { kind: "changed" });
  assert.equal(holder.current.text, SECOND);
  assert.deepEqual(told, [FIRST, SECOND]);
  end();
  await writeFile(path, FIRST);
  await holder.load();
  assert.equal(told.length, 2);
});

void test("a file that cannot be used leaves the running configuration in place", async (context) => {
  const { holder, path } = await held(context);
  await writeFile(path, FIRST);
  await holder.load();
  const running = holder.current;
  await writeFile(path, WRONG);
  const refused = await holder.load();
  assert.match(refused.kind === "refused" ? refused.problems.join() : "", /^Cannot read modules\.first\.prober: /u);
  await rm(path);
  const missing = await holder.load();
  assert.match(
    missing.kind === "refused" ? missing.problems.join() : "",
    /^Cannot read the configuration file: ENOENT/u,
  );
  assert.equal(holder.current, running);
  assert.deepEqual(holder.lastReload, { successful: false, succeededAt: 1 });
});

void test("an unchanged file is a success and replaces nothing, also after a refused one", async (context) => {
  const { holder, path } = await held(context);
  await writeFile(path, FIRST);
  await holder.load();
  const running = holder.current;
  await writeFile(path, WRONG);
  await holder.load();
  await writeFile(path, FIRST);
  assert.deepEqual(await holder.load(), { kind: "unchanged" });
  assert.equal(holder.current, running);
  assert.equal(holder.lastReload.successful, true);
  assert.equal(holder.lastReload.succeededAt, 2);
});

void test("loads one at a time, in the order in which they were asked for", async () => {
  const running: string[] = [];
  let reads = 0;
  const holder = new ConfigurationHolder({
    read: async () => {
      const mine = `${++reads}`;
      running.push(`start ${mine}`);
      await new Promise(setImmediate);
      running.push(`end ${mine}`);
      return FIRST;
    },
    parse: (text) => loadConfiguration(text, SAMPLE_PROBERS),
    now: () => 0,
    sleep: async () => {},
  });
  await Promise.all([holder.load(), holder.load()]);
  assert.deepEqual(running, ["start 1", "end 1", "start 2", "end 2"]);
});

void test("a defect in one load does not keep the next from running", async () => {
  const texts = ["defect", FIRST];
  const holder = new ConfigurationHolder({
    read: async () => texts.shift() ?? "",
    parse: (text) => {
      if (text === "defect") throw new TypeError("Defect");
      return loadConfiguration(text, SAMPLE_PROBERS);
    },
    now: () => 0,
    sleep: async () => {},
  });
  await assert.rejects(holder.load(), TypeError);
  assert.deepEqual(await holder.load(), { kind: "changed" });
});

void test("watches the file until told to stop, and reports one mistake once", async (context) => {
  const controller = new AbortController();
  /** What happens while the watcher sleeps, in turn. */
  const events = [FIRST, SECOND, SECOND, WRONG, WRONG, "", SECOND, FIRST];
  const { holder, path } = await held(context, async (seconds, signal) => {
    assert.equal(seconds, 30);
    const event = events.shift();
    if (event === undefined) controller.abort();
    signal.throwIfAborted();
    if (event === "") await rm(path);
    else await writeFile(path, event ?? "");
  });
  await writeFile(path, FIRST);
  await holder.load();
  const results: LoadResult["kind"][] = [];
  await holder.watch({
    intervalSeconds: 30,
    signal: controller.signal,
    onResult: (result) => results.push(result.kind),
  });
  assert.deepEqual(results, ["changed", "refused", "refused", "changed"]);
  assert.deepEqual(holder.current.text, FIRST);
});

void test("reads a file of at most sixteen mebibytes of UTF-8", async (context) => {
  const path = join(await temporaryFolder(context), "status.yml");
  await writeFile(path, "#".repeat(16 * 1024 * 1024));
  assert.equal((await readConfigurationFile(path)).length, 16 * 1024 * 1024);
  await writeFile(path, "#".repeat(16 * 1024 * 1024 + 1));
  await assert.rejects(readConfigurationFile(path), /expected at most 16777216 bytes/u);
  await writeFile(path, new Uint8Array([0xff, 0xfe]));
  await assert.rejects(readConfigurationFile(path), /expected UTF-8/u);
});

async function held(
  context: TestContext,
  sleep: (seconds: number, signal: AbortSignal) => Promise<void> = async () => {},
): Promise<{ readonly holder: ConfigurationHolder; readonly path: string }> {
  const path = join(await temporaryFolder(context), "status.yml");
  let milliseconds = 0;
  const holder = new ConfigurationHolder({
    read: () => readConfigurationFile(path),
    parse: (text) => loadConfiguration(text, SAMPLE_PROBERS),
    now: () => (milliseconds += 1000),
    sleep,
  });
  return { holder, path };
}

async function temporaryFolder(context: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "status-exporter-"));
  context.after(() => rm(folder, { recursive: true }));
  return folder;
}
