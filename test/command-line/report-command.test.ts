import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startTestExporter } from "../support/exporter.ts";

const TOKEN = "the-token-of-the-test";
const skip = process.platform === "linux" ? false : "the agent reads Linux's /proc";

void test("the agent reports this system to an exporter, which then judges it", { skip }, async (context) => {
  await using exporter = await startTestExporter({ configuration: configuration() });
  const tokenFile = await write(context, `${TOKEN}\n`);

  const ended = await report([`--to=${exporter.url}`, "--server=here", `--token-file=${tokenFile}`, "--once"]);
  const samples = await exporter.probe({ module: "server", target: "here", timeout: "10" });

  assert.equal(ended.code, 0, ended.log);
  assert.equal(samples.find(({ name }) => name === "probe_success")?.value, 1);
  const memory = samples.find(({ name }) => name === "probe_server_memory_usage_ratio")?.value ?? 0;
  assert.ok(memory > 0 && memory < 1, String(memory));
});

void test("the agent reports the system whose files are mounted elsewhere", { skip }, async (context) => {
  await using exporter = await startTestExporter({ configuration: configuration() });
  const tokenFile = await write(context, TOKEN);
  const host = await mkdtemp(join(tmpdir(), "host-"));
  context.after(() => rm(host, { recursive: true }));
  await mkdir(join(host, "proc/1/net"), { recursive: true });
  for (const [name, text] of Object.entries(FILES)) await writeFile(join(host, name), text);

  const paths = [`--path.procfs=${join(host, "proc")}`, `--path.rootfs=${host}`];
  const ended = await report([
    `--to=${exporter.url}`,
    "--server=here",
    `--token-file=${tokenFile}`,
    "--once",
    ...paths,
  ]);
  const samples = await exporter.probe({ module: "server", target: "here", timeout: "10" });

  assert.equal(ended.code, 0, ended.log);
  const find = (name: string): (typeof samples)[number] | undefined => samples.find((sample) => sample.name === name);
  assert.equal(find("probe_server_memory_usage_ratio")?.value, 0.6);
  assert.equal(find("probe_server_uptime_seconds")?.value, 1234.56);
  assert.equal(find("probe_server_storage_usage_ratio")?.labels["mountpoint"], "/");
});

/** A system's kernel says this, as seen from a container. */
const FILES = {
  "proc/uptime": "1234.56 2000.00\n",
  "proc/loadavg": "0.52 0.58 0.59 2/1000 12345\n",
  "proc/stat": "cpu  100 0 50 700 50 10 20 70 0 0\ncpu0 100 0 50 700 50 10 20 70 0 0\n",
  "proc/meminfo": "MemTotal:  1000 kB\nMemAvailable:  400 kB\nSwapTotal:  10 kB\nSwapFree:  5 kB\n",
  "proc/1/mounts": "/dev/sda1 / ext4 rw 0 0\n",
  "proc/1/net/dev": "head\nhead\n  eth0: 1000 10 0 0 0 0 0 0 2000 20 0 0 0 0 0 0\n",
} as const;

void test("the agent says which name it reports in another form", { skip }, async (context) => {
  await using exporter = await startTestExporter({ configuration: configuration() });
  const tokenFile = await write(context, TOKEN);
  const host = await mkdtemp(join(tmpdir(), "host-"));
  context.after(() => rm(host, { recursive: true }));
  await mkdir(join(host, "proc/1/net"), { recursive: true });
  await mkdir(join(host, "a\tb"));
  const mounts = `${FILES["proc/1/mounts"]}/dev/sdb1 /a\\011b ext4 rw 0 0\n`;
  for (const [name, text] of Object.entries({ ...FILES, "proc/1/mounts": mounts })) {
    await writeFile(join(host, name), text);
  }

  const ended = await report([
    `--to=${exporter.url}`,
    "--server=here",
    `--token-file=${tokenFile}`,
    "--once",
    `--path.procfs=${join(host, "proc")}`,
    `--path.rootfs=${host}`,
  ]);

  assert.equal(ended.code, 0, ended.log);
  assert.match(ended.log, /reported in another form.*reported="?\/a\\+011b/);
});

void test("a wrong token ends the agent with a word about it, and without the token", { skip }, async (context) => {
  await using exporter = await startTestExporter({ configuration: configuration() });
  const tokenFile = await write(context, "not-the-token");

  const ended = await report([`--to=${exporter.url}`, "--server=here", `--token-file=${tokenFile}`, "--once"]);

  assert.equal(ended.code, 1);
  assert.match(ended.log, /401 wrong-token/);
  assert.doesNotMatch(ended.log, /not-the-token/);
});

for (const [what, flags, expected] of [
  ["without a server", ["--to=http://127.0.0.1:1", "--token-file=x"], /report needs --server/],
  ["without a URL", ["--server=here", "--token-file=x"], /Cannot read --to: expected a URL/],
  [
    "too often",
    ["--to=http://127.0.0.1:1", "--server=a", "--token-file=x", "--interval=1s"],
    /at least 5s, found "1s"/,
  ],
  [
    "with a token that cannot be read",
    ["--to=http://127.0.0.1:1", "--server=a", "--token-file=/nowhere", "--once"],
    /secret file/,
  ],
] as const) {
  void test(`the agent says what is wrong: ${what}`, async () => {
    const ended = await report(flags);

    assert.equal(ended.code, 1);
    assert.match(ended.log, expected);
  });
}

function configuration(): string {
  const hash = createHash("sha256").update(TOKEN).digest("hex");
  return `modules: { server: { prober: server } }\nservers: { here: { token_sha256: ${hash} } }\n`;
}

async function write(context: TestContext, text: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "agent-"));
  context.after(() => rm(directory, { recursive: true }));
  const path = join(directory, "token");
  await writeFile(path, text);
  return path;
}

function report(flags: readonly string[]): Promise<{ readonly code: number; readonly log: string }> {
  const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
  return new Promise((resolve) => {
    execFile(process.execPath, [main, "report", ...flags], (error, _stdout, log) => {
      resolve({ code: typeof error?.code === "number" ? error.code : 0, log });
    });
  });
}
