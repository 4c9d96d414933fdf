import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { freePort } from "./support/free-port.ts";
import { integrationTest } from "./support/integration-test.ts";
import { prometheusApi } from "./support/prometheus.ts";
import { temporaryDirectory } from "./support/temporary-directory.ts";
import { until } from "./support/until.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** Three scrapes, for an alert waits for as many, and the start of everything on a busy machine. */
const LONGEST = { milliseconds: 120_000 };

integrationTest(
  "npm run stack shows broken targets with their codes and alerts, and leaves nothing when it is interrupted",
  {
    programs: ["npm", "prometheus", "prometheus-alertmanager"],
    async body(stack) {
      const ports = { exporter: await freePort(), prometheus: await freePort(), alertmanager: await freePort() };
      const folder = await temporaryDirectory(stack);
      const run = startStack(stack, { ports, folder, interval: 10 });

      const prometheus = prometheusApi(`http://127.0.0.1:${ports.prometheus}`);
      await until("the stack is up", async () => /The stack is up/.test(run.output()), LONGEST);
      const targets = await declared(ports.exporter);
      assert.ok(targets.length > 500, `${targets.length} services`);
      await until(
        "every target was probed",
        async () => {
          const [series] = await prometheus.query("count(probe_outcome_info)");
          // One more: the site that prometheus.yml lists itself.
          return series?.value === String(targets.length + 1);
        },
        LONGEST,
      );
      const expired = 'probe_status_code{service="http: an expired certificate",catalogue="hitflow"}';
      assert.deepEqual(
        (await prometheus.query(expired)).map(({ value }) => value),
        ["416"],
      );
      const alerts = await until(
        "an alert fires",
        async () => {
          const found = (await alertsOf(ports.alertmanager)).filter(({ labels }) => labels["code"] === "416");
          return found.length > 0 && found;
        },
        LONGEST,
      );
      assert.equal(alerts[0]?.labels["alertname"]?.startsWith("Hitflow"), true);
      const own = await prometheus.query('up{job="status-exporter"}');
      assert.deepEqual(
        own.map(({ value }) => value),
        ["1"],
      );

      run.interrupt();
      await run.ended;
      await until("every process is gone", async () => !run.isAlive());
      for (const port of Object.values(ports)) await assertFree(port);
      assert.deepEqual(await readdir(folder), []);
      assert.match(run.output(), /Ending all of it\s*$/);
    },
  },
);

integrationTest("npm run stack says which port is in use and how to choose another, and starts nothing", {
  programs: ["npm", "prometheus", "prometheus-alertmanager"],
  async body(stack) {
    const server = createServer().listen(0, "127.0.0.1");
    stack.defer(() => void server.close());
    await once(server, "listening");
    const address = server.address();
    assert.ok(typeof address === "object" && address !== null);
    const ports = { exporter: await freePort(), prometheus: address.port, alertmanager: await freePort() };
    const folder = await temporaryDirectory(stack);

    const run = startStack(stack, { ports, folder, interval: 10 });

    assert.equal(await run.ended, 1);
    assert.match(run.output(), new RegExp(`port ${address.port} is in use.*--prometheus-port`));
    assert.deepEqual(await readdir(folder), []);
  },
});

integrationTest("the stack says which program is missing and where it comes from", {
  programs: [],
  async body(stack) {
    const child = spawn(process.execPath, ["test/stack.ts"], { cwd: ROOT, env: { PATH: "/nowhere" } });
    stack.defer(() => void child.kill());
    const output = outputOf(child);

    const [code] = await once(child, "close");

    assert.equal(code, 1);
    assert.match(output(), /^Cannot run the stack: prometheus is not installed \(apt-get install prometheus/);
  },
});

interface Run {
  readonly output: () => string;
  /** Its exit code; null where a signal ended it. */
  readonly ended: Promise<unknown>;
  /** Ctrl-C at a terminal: the signal goes to every process of the group. */
  interrupt(): void;
  /** Whether there is any process of the group. */
  isAlive(): boolean;
}

function startStack(
  stack: AsyncDisposableStack,
  given: { readonly ports: Readonly<Record<string, number>>; readonly folder: string; readonly interval: number },
): Run {
  const flags = Object.entries(given.ports).map(([name, port]) => `--${name}-port=${port}`);
  const child = spawn("npm", ["run", "stack", "--", ...flags, `--interval=${given.interval}`], {
    cwd: ROOT,
    // npm would have Node.js put its cache of compiled code there, too.
    env: { ...process.env, TMPDIR: given.folder, NODE_DISABLE_COMPILE_CACHE: "1" },
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const isAlive = (): boolean => tell(child, 0);
  stack.defer(() => void (isAlive() && tell(child, "SIGKILL")));
  return {
    output: outputOf(child),
    ended: once(child, "close").then(([code]) => code),
    interrupt: () => void tell(child, "SIGINT"),
    isAlive,
  };
}

/** Sends a signal to a process and all that it started; false where none of them is left. */
function tell({ pid }: ChildProcess, signal: NodeJS.Signals | 0): boolean {
  assert.ok(pid !== undefined, "npm was started");
  try {
    return process.kill(-pid, signal);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ESRCH") return false;
    throw error;
  }
}

function outputOf({ stdout, stderr }: ChildProcess): () => string {
  let output = "";
  for (const stream of [stdout, stderr]) stream?.on("data", (chunk) => (output += String(chunk)));
  return () => output;
}

async function assertFree(port: number): Promise<void> {
  const server = createServer().listen(port, "127.0.0.1");
  await once(server, "listening");
  server.close();
  await once(server, "close");
}

async function declared(port: number): Promise<readonly unknown[]> {
  const answer: readonly unknown[] = JSON.parse(await textOf(`http://127.0.0.1:${port}/services`));
  return answer;
}

async function alertsOf(port: number): Promise<readonly { readonly labels: Readonly<Record<string, string>> }[]> {
  return JSON.parse(await textOf(`http://127.0.0.1:${port}/api/v2/alerts`));
}

async function textOf(url: string): Promise<string> {
  return await (await fetch(url)).text();
}
