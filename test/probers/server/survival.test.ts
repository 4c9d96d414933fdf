import assert from "node:assert/strict";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { KeyValueStore } from "../../../src/outcome/key-value-store.ts";
import { createSqliteStore, STORE_FILE } from "../../../src/storage/sqlite-store.ts";
import { BEGIN, openDesk } from "./desk.ts";

const REPORT = { uptime: 100, load_average: [1, 1, 1] };
const SETTINGS = { report_interval: "60s", grace: "0s", thresholds: { load: 0.5 } };

void test("what was acknowledged is there after a crash, and 106 comes when it is due", async (context) => {
  const directory = await folder(context);
  const first = openDesk(SETTINGS, { store: open(context, directory) });
  const receipt = await first.receive(REPORT);
  first.pass(30);
  await first.probe();
  // Without a word of farewell: nothing is closed.
  const second = openDesk(SETTINGS, { store: open(context, directory), begin: first.now() * 1000 + 600_000 });

  const atStart = await second.probe();
  second.pass(30);
  const lastMoment = await second.probe();
  second.pass(1);
  const due = await second.probe();

  assert.equal(receipt.kind, "stored");
  assert.deepEqual(
    [atStart.outcome, lastMoment.outcome, due.outcome],
    ["server/load", "server/load", "server/report-missing"],
  );
});

void test("a restart forgives no silence that nobody asked about", async (context) => {
  const directory = await folder(context);
  const first = openDesk(SETTINGS, { store: open(context, directory) });
  const running = new AbortController();
  const listened = first.listen(running.signal);
  await first.receive(REPORT);
  first.pass(50);
  running.abort();
  await listened;
  const second = openDesk(SETTINGS, { store: open(context, directory), begin: first.now() * 1000 + 600_000 });

  second.pass(10);
  const lastMoment = await second.probe();
  second.pass(1);
  const due = await second.probe();

  assert.deepEqual([lastMoment.outcome, due.outcome], ["server/load", "server/report-missing"]);
});

void test("an exporter without servers makes no file", async (context) => {
  const directory = await folder(context);
  const desk = openDesk({}, { store: open(context, directory), servers: {} });
  const running = new AbortController();
  const listened = desk.listen(running.signal);
  running.abort();
  await listened;

  assert.equal((await desk.probe()).outcome, "request/parameter-missing");
  assert.deepEqual(await readdir(directory), []);
});

void test("where nothing can be kept no report is acknowledged, but probes go on", async (context) => {
  const directory = await folder(context);
  const file = join(directory, "file");
  await writeFile(file, "in the way");
  const faults: string[] = [];
  const desk = openDesk(SETTINGS, { store: open(context, join(file, "below"), faults) });

  const receipt = await desk.receive(REPORT);

  assert.deepEqual([receipt.kind, "reason" in receipt && receipt.reason], ["refused", "not-stored"]);
  assert.equal((await desk.probe()).outcome, "server/load");
  assert.deepEqual(faults, ["unavailable"]);
});

void test("a file that is damaged is set aside, and the next report is kept in a new one", async (context) => {
  const directory = await folder(context);
  await writeFile(join(directory, STORE_FILE), "this is no database, and never was one".repeat(100));
  const faults: string[] = [];
  const desk = openDesk(SETTINGS, { store: open(context, directory, faults) });

  const receipt = await desk.receive(REPORT);
  const again = await openDesk(SETTINGS, { store: open(context, directory) }).probe();

  assert.deepEqual([receipt.kind, faults, again.outcome], ["stored", ["corrupt"], "server/load"]);
});

void test("what an older version kept and this one does not understand counts as nothing", async (context) => {
  const store = open(context, await folder(context));
  await store.namespace("server-reports").update("web-1", () => ({ value: [{ text: "{}" }, 7], keptAt: 0 }));

  assert.equal((await openDesk(SETTINGS, { store }).probe()).outcome, "state/pending");
});

async function folder(context: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "reports-"));
  context.after(() => rm(directory, { recursive: true }));
  return directory;
}

function open(context: TestContext, directory: string, faults: string[] = []): KeyValueStore {
  const store = createSqliteStore({
    directory,
    now: () => BEGIN,
    observer: { onFault: (kind) => faults.push(kind), onRecovery: () => undefined },
  });
  context.after(() => store[Symbol.dispose]());
  return store;
}
