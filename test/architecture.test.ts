import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { posix, sep } from "node:path";
import { test } from "node:test";
import { findTimers } from "./architecture/find-timers.ts";
import { filesImportedBy, findViolations, rowOf, type Sources } from "./architecture/find-violations.ts";
import { BUILT_IN_DOORS, PACKAGE_DOORS, ROWS } from "./architecture/import-table.ts";

const ROOT = new URL("../src/", import.meta.url);

test("every import of src/ is allowed by the table, and none goes in a circle", async () => {
  assert.deepEqual(findViolations(await readSources()), []);
});

test("the test above saw the whole of src/ and many imports", async () => {
  const sources = await readSources();
  const imports = Array.from(sources, ([file, text]) => filesImportedBy(file, text)).flat();
  assert.ok(sources.size >= 50, `saw ${sources.size} files`);
  assert.ok(imports.length >= 100, `saw ${imports.length} imports of files`);
  assert.ok(sources.has("main.ts"), "saw no main.ts");
});

test("every file of src/ falls under a row, and no row is without files", async () => {
  const sources = await readSources();
  const rows = new Map([...sources.keys()].map((file) => [file, rowOf(file)?.folder]));
  assert.deepEqual(
    [...rows].filter(([, row]) => row === undefined).map(([file]) => file),
    [],
  );
  assert.deepEqual(new Set(rows.values()), new Set(ROWS.map(({ folder }) => folder)));
});

test("every dependency has a door and every door a dependency", async () => {
  const { dependencies, devDependencies } = JSON.parse(
    await readFile(new URL("../package.json", import.meta.url), "utf8"),
  );
  // What is only generated with is not there where the exporter runs, so only `generate` may import it.
  const generating = Object.keys(PACKAGE_DOORS).filter((name) => PACKAGE_DOORS[name]?.join() === "generate");
  assert.deepEqual(
    generating.filter((name) => !(name in devDependencies)),
    [],
  );
  assert.deepEqual(Object.keys(PACKAGE_DOORS).toSorted(), [...Object.keys(dependencies), ...generating].toSorted());
});

test("every door leads to a row of the table or into one prober", () => {
  const doors = [...Object.values(PACKAGE_DOORS), ...Object.values(BUILT_IN_DOORS)].flat();
  const known = new Set(ROWS.map(({ folder }) => folder));
  assert.deepEqual(
    doors.filter((door) => !known.has(door) && !door.startsWith("probers/")),
    [],
  );
});

const FORBIDDEN = [
  { what: "a folder below", files: { "outcome/a.ts": 'import { b } from "../network/b.ts";', "network/b.ts": "" } },
  { what: "a type", files: { "probe/a.ts": 'import type { B } from "../config/b.ts";', "config/b.ts": "" } },
  { what: "a re-export", files: { "exposition/a.ts": 'export { b } from "../web/b.ts";', "web/b.ts": "" } },
  { what: "a dynamic import", files: { "network/a.ts": 'await import("../probe/b.ts");', "probe/b.ts": "" } },
  { what: "a thread's entry", files: { "web/a.ts": 'new URL("../main.ts", import.meta.url);', "main.ts": "" } },
  { what: "another prober", files: { "probers/tcp/a.ts": 'import "../http/b.ts";', "probers/http/b.ts": "" } },
  { what: "the table of probers", files: { "probers/tcp/a.ts": 'import "../all.ts";', "probers/all.ts": "" } },
  { what: "a prober's insides", files: { "web/a.ts": 'import "../probers/http/b.ts";', "probers/http/b.ts": "" } },
  { what: "several lines", files: { "probe/a.ts": 'import {\n  a,\n  b,\n} from "undici";' } },
  { what: "a part of a package", files: { "probe/a.ts": 'import { z } from "zod/mini";' } },
  { what: "a package without a door", files: { "main.ts": 'import left from "left-pad";' } },
  { what: "an import for its effect", files: { "web/a.ts": 'import "undici";' } },
  { what: "sockets outside the network", files: { "exposition/a.ts": 'import { connect } from "node:net";' } },
  { what: "a computed import", files: { "main.ts": "await import(name);" } },
  { what: "a file that is not there", files: { "main.ts": 'import "./gone.ts";' } },
  { what: "a folder without a row", files: { "helpers/a.ts": 'import "../main.ts";', "main.ts": "" } },
  { what: "a circle", files: { "web/a.ts": 'import "./b.ts";', "web/b.ts": 'import type { A } from "./a.ts";' } },
] as const;

for (const { what, files } of FORBIDDEN) {
  test(`reports a forbidden import: ${what}`, () => {
    assert.equal(findViolations(new Map(Object.entries(files))).length, 1);
  });
}

test("reports nothing where the table allows it", () => {
  const files = {
    "main.ts": 'import { serve } from "./web/serve.ts";\nimport { join } from "node:path";',
    "web/serve.ts": 'import express from "express";\nimport type { Report } from "../outcome/report.ts";',
    "outcome/report.ts": "export interface Report {}",
    "probers/all.ts": 'import { tcp } from "./tcp/tcp.ts";',
    "probers/tcp/tcp.ts": 'import { z } from "zod";\nimport { settings } from "./settings.ts";',
    "probers/tcp/settings.ts": 'import { z } from "zod";',
    "runner/thread.ts": 'import { PROBERS } from "../probers/all.ts";\nimport { Worker } from "node:worker_threads";',
  };
  assert.deepEqual(findViolations(new Map(Object.entries(files))), []);
});

test("nothing in src/ waits by a timer of its own", async () => {
  assert.deepEqual(findTimers(await readSources()), []);
});

test("reports a timer outside the file of deadlines, whatever its form", () => {
  const forms = [
    "setTimeout(stop, 5);",
    "const reap = setInterval(look, 50);",
    "socket.setTimeout(1_000);",
    'import { setTimeout as wait } from "node:timers/promises";',
    "await fetch(url, { signal: AbortSignal.timeout(100) });",
  ];
  for (const text of forms) assert.notEqual(findTimers(new Map([["web/a.ts", text]])).length, 0, text);
  const free = "// not setTimeout\n/** Nor setInterval. */\nsetImmediate(look);\nstartAlarm({ timeoutSeconds });";
  assert.deepEqual(findTimers(new Map([["web/a.ts", free]])), []);
});

async function readSources(): Promise<Sources> {
  const names = await readdir(ROOT, { recursive: true });
  const files = names.map((name) => name.split(sep).join(posix.sep)).filter((name) => name.endsWith(".ts"));
  const texts = files.map(async (file) => [file, await readFile(new URL(file, ROOT), "utf8")] as const);
  return new Map(await Promise.all(texts));
}
