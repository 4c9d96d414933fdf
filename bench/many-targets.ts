import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startTestExporter } from "../test/support/exporter.ts";

/** How `/services` and `/metrics` answer with many declared services and many servers that report. */
const SERVICES = 10_000;
const SERVERS = 1_000;
const ROUNDS = 20;
const TOKEN = "the-token-of-the-benchmark";

const directory = await mkdtemp(join(tmpdir(), "many-"));
try {
  await measure();
} finally {
  await rm(directory, { recursive: true });
}

async function measure(): Promise<void> {
  const started = performance.now();
  await using exporter = await startTestExporter({ configuration: configuration(), storagePath: directory });
  tell("start", [performance.now() - started]);
  tell("POST /reports/NAME, each", await report(exporter.url));
  for (const path of ["/services", "/metrics"]) {
    const { times, bytes } = await ask(`${exporter.url}${path}`);
    tell(`GET ${path} (${(bytes / 1e6).toFixed(1)} MB)`, times);
  }
  process.stdout.write(`resident memory: ${(process.memoryUsage.rss() / 1e6).toFixed(0)} MB\n`);
}

function configuration(): string {
  const hash = createHash("sha256").update(TOKEN).digest("hex");
  const services = Array.from({ length: SERVICES }, (_, index) => ({
    name: `service-${index}`,
    module: "tcp",
    target: `host-${index}.example.com:443`,
    labels: { team: `team-${index % 50}` },
  }));
  const servers = Object.fromEntries(
    Array.from({ length: SERVERS }, (_, index) => [
      `server-${index}`,
      { token_sha256: hash, thresholds: { load: 8, cpu: "90%", memory: "90%", storage: "85%" } },
    ]),
  );
  const text = JSON.stringify({ modules: { tcp: { prober: "tcp" }, server: { prober: "server" } }, services, servers });
  return text;
}

async function report(url: string): Promise<readonly number[]> {
  const times: number[] = [];
  for (let uptime = 1; uptime <= 2; uptime += 1) {
    for (let index = 0; index < SERVERS; index += 1) {
      const before = performance.now();
      const response = await fetch(`${url}/reports/server-${index}`, {
        method: "POST",
        headers: { Authorization: `Bearer ${TOKEN}`, "Content-Type": "application/json" },
        body: JSON.stringify(reportOf(uptime)),
      });
      if (response.status !== 204) throw new Error(await response.text());
      times.push(performance.now() - before);
    }
  }
  return times;
}

function reportOf(uptime: number): Readonly<Record<string, unknown>> {
  return {
    uptime,
    load_average: [1, 1, 1],
    cpu: { count: 8, total_seconds: 8 * uptime, idle_seconds: 4 * uptime },
    memory: { total_bytes: 64e9, available_bytes: 32e9 },
    swap: { total_bytes: 8e9, free_bytes: 8e9 },
    file_systems: ["/", "/home", "/var", "/srv"].map((mountpoint) => ({
      mountpoint,
      size_bytes: 1e12,
      free_bytes: 5e11,
      available_bytes: 4e11,
    })),
    network: ["eth0", "eth1"].map((device) => ({ device, receive_bytes: 1e6 * uptime, transmit_bytes: 1e6 * uptime })),
  };
}

async function ask(url: string): Promise<{ readonly times: readonly number[]; readonly bytes: number }> {
  const times: number[] = [];
  let bytes = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = performance.now();
    bytes = (await (await fetch(url)).arrayBuffer()).byteLength;
    times.push(performance.now() - before);
  }
  return { times, bytes };
}

function tell(what: string, times: readonly number[]): void {
  const sorted = times.toSorted((left, right) => left - right);
  const at = (share: number): string => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(1);
  process.stdout.write(`${what}: median ${at(0.5)} ms, slowest ${at(1)} ms\n`);
}
