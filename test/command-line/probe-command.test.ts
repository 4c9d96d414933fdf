import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startServer } from "../faults/servers/fault-server.ts";
import { startTestExporter } from "../support/exporter.ts";

const TOKEN = "the-token-of-the-test";
const HASH = createHash("sha256").update(TOKEN).digest("hex");

const CONFIGURATION = `
modules:
  server: { prober: server }
  tcp: { prober: tcp }
  any_name: { prober: dns, dns: { transport_protocol: tcp } }
servers:
  web-1: { token_sha256: ${HASH}, thresholds: { load: 8, cpu: 90%, storage: 85% } }
  web-2: { token_sha256: ${HASH} }
services:
  - { name: web, module: server, target: web-1 }
  - { name: named, module: any_name, target: "127.0.0.1:1", hostname: shop.example }
  - { name: old, module: tcp, target: "127.0.0.1:1", state: disabled }
`;

const REPORT = {
  load_average: [1, 9, 3],
  file_systems: [{ mountpoint: "/", size_bytes: 100, available_bytes: 40 }],
};

void test("a server's last report is judged at the terminal while the exporter runs, and after it has ended", async (context) => {
  const { directory, probe } = await prepare(context);
  {
    await using exporter = await startTestExporter({ configuration: CONFIGURATION, storagePath: directory });
    await post(exporter.url, REPORT);

    const beside = await probe(["server", "web-1"]);

    assert.equal(beside.code, 1, beside.text);
    assert.match(beside.text, /^Outcome {3}server\/load$/mu);
    assert.match(beside.text, /^Detail {4}The load is 9, more than 8$/mu);
    assert.match(beside.text, /^Codes {5}hitflow server 100 {2}\S/mu);
    assert.match(beside.text, /probe_server_load\{period="5m"\} 9$/mu);
    assert.match(beside.text, /probe_server_storage_usage_ratio\{mountpoint="\/"\} 0\.6$/mu);
    assert.match(beside.text, /msg="The report does not tell" threshold=cpu/u);

    await post(exporter.url, { ...REPORT, load_average: [1, 2, 3] });
    assert.match((await probe(["--service=web"])).text, /^Outcome {3}success$/mu);
    assert.match((await probe(["server", "web-2"])).text, /^Outcome {3}state\/pending$/mu);
  }
  const after = await probe(["server", "web-1"]);
  assert.equal(after.code, 0, after.text);
});

void test("a probe at the terminal leaves what the exporter keeps as it was", async (context) => {
  const { directory, probe } = await prepare(context);
  await writeFile(join(directory, "status-exporter.db"), "This is no database, but it may be somebody's.");

  const { code, text } = await probe(["server", "web-1"]);

  assert.equal(code, 1);
  assert.match(text, /Cannot read what the exporter keeps in ".*status-exporter\.db": file is not a database/u);
  assert.deepEqual(await readdir(directory), ["status-exporter.db"]);
});

void test("where nothing is kept, the terminal says so rather than that nothing was reported", async (context) => {
  const { directory, probe } = await prepare(context);

  const missing = await probe(["server", "web-1"]);
  const inMemory = await probe(["--storage.path=", "server", "web-1"]);

  assert.match(missing.text, /Cannot read what the exporter keeps in .*; give --storage\.path as the exporter has it/u);
  assert.match(inMemory.text, /Cannot read what the exporter keeps in its memory/u);
  assert.doesNotMatch(missing.text + inMemory.text, /pending/u);
  assert.deepEqual(await readdir(directory), []);
});

void test("silence is counted by the time of day at the terminal", async (context) => {
  const { directory, probe } = await prepare(
    context,
    CONFIGURATION.replace("web-1: { ", "web-1: { report_interval: 1ms, "),
  );
  await using exporter = await startTestExporter({ configuration: CONFIGURATION, storagePath: directory });
  await post(exporter.url, REPORT);

  const { text } = await probe(["server", "web-1"]);

  assert.match(text, /^Outcome {3}server\/report-missing$/mu);
  assert.doesNotMatch(text, /probe_server_load/u);
});

void test("a server that is asked is asked from the terminal too", async (context) => {
  const page = 'node_load1 1\nnode_load5 2\nnode_load15 3\nnode_uname_info{nodename="db-1"} 1\n';
  await using node = await startServer(createServer((_request, response) => response.end(page)));
  const url = `http://${node.host}:${node.port}/metrics`;
  const { probe } = await prepare(
    context,
    `{ modules: { server: { prober: server } }, servers: { db-1: { source: node_exporter, url: "${url}" } } }`,
  );

  const { code, text } = await probe(["server", "db-1"]);

  assert.equal(code, 0, text);
  assert.match(text, /probe_server_load\{period="5m"\} 2$/mu);
});

for (const [what, operands, expected] of [
  ["a server that is not configured", ["server", "web-9"], /There is no server "web-9" in the configuration/u],
  ["a service that is not configured", ["--service=shop"], /error: There is no service "shop" in the configuration/u],
  ["a service and a target", ["--service=web", "tcp", "x"], /expected probe MODULE TARGET or probe --service=NAME/u],
  ["a module without a target", ["tcp"], /expected probe MODULE TARGET or probe --service=NAME/u],
] as const) {
  void test(`the terminal names the mistake: ${what}`, async (context) => {
    const { probe } = await prepare(context);
    const { code, text } = await probe(operands);
    assert.equal(code, 1);
    assert.match(text, expected);
  });
}

void test("gives the name that a scrape would give, the service's unless another is asked for", async (context) => {
  const { probe } = await prepare(context);

  const without = await probe(["any_name", "127.0.0.1:1"]);
  const withName = await probe(["any_name", "127.0.0.1:1", "--hostname=shop.example"]);
  const ofService = await probe(["--service=named"]);
  const another = await probe(["--service=named", "--hostname=no..name"]);

  assert.match(without.text, /request\/parameter-missing/u);
  assert.match(withName.text, /connect\/refused/u);
  assert.match(ofService.text, /connect\/refused/u);
  assert.match(another.text, /found "no\.\.name"/u);
});

void test("a service that is disabled is not probed from the terminal either", async (context) => {
  const { probe } = await prepare(context);

  const { code, text } = await probe(["--service=old"]);

  assert.equal(code, 1);
  assert.match(text, /^Outcome {3}state\/disabled$/mu);
  assert.match(text, /hitflow service -2 /u);
});

interface Ended {
  readonly code: number;
  /** What it wrote on either stream. */
  readonly text: string;
}

/** An empty folder for an exporter to keep things in, and a terminal that knows it. */
async function prepare(
  context: TestContext,
  configuration = CONFIGURATION,
): Promise<{ readonly directory: string; readonly probe: (operands: readonly string[]) => Promise<Ended> }> {
  const [directory, elsewhere] = await Promise.all([makeDirectory(context), makeDirectory(context)]);
  const file = join(elsewhere, "status.yml");
  await writeFile(file, configuration);
  return {
    directory,
    probe: (operands) => probeAt([`--config.file=${file}`, `--storage.path=${directory}`], operands),
  };
}

async function makeDirectory(context: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "probe-"));
  context.after(() => rm(directory, { recursive: true }));
  return directory;
}

function probeAt(flags: readonly string[], operands: readonly string[]): Promise<Ended> {
  const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...flags, "probe", ...operands], (error, output, log) => {
      resolve({ code: typeof error?.code === "number" ? error.code : 0, text: output + log });
    });
  });
}

async function post(url: string, report: unknown): Promise<void> {
  const response = await fetch(`${url}/reports/web-1`, {
    method: "POST",
    headers: { Authorization: `Bearer ${TOKEN}`, "Content-Type": "application/json" },
    body: JSON.stringify(report),
  });
  assert.equal(response.status, 204, await response.text());
}
