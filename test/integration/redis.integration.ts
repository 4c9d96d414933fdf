import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { readRedisUrl } from "../../src/storage/redis-address.ts";
import { createRedisStore } from "../../src/storage/redis-store.ts";
import { rdapAnswers, rdapObject } from "../faults/domain/registry-servers.ts";
import { respond } from "../faults/servers/answers.ts";
import { findProgram } from "./support/find-program.ts";
import { freePort } from "./support/free-port.ts";
import { integrationTest } from "./support/integration-test.ts";
import { selfSignedCertificate } from "./support/self-signed-certificate.ts";
import { type ServerProcess, startServer } from "./support/server-process.ts";
import { MAIN } from "./support/status-exporter.ts";
import { temporaryDirectory } from "./support/temporary-directory.ts";
import { until } from "./support/until.ts";

const TOKEN = "the-token-of-the-test";
const HASH = createHash("sha256").update(TOKEN).digest("hex");
const PASSWORD = "kept-out-of-every-log";

const SERVERS = 100;
const ROUNDS = 8;

integrationTest(
  "redis-server is killed under load and comes back: what was acknowledged is there, and probes went on",
  {
    programs: ["redis-server"],
    async body(stack) {
      const redis = await startRedis(stack);
      const names = Array.from({ length: SERVERS }, (_, index) => `web-${index}`);
      const configuration = `
modules: { server: { prober: server }, tcp: { prober: tcp } }
servers: { ${names.map((name) => `${name}: { token_sha256: ${HASH} }`).join(", ")} }
`;
      const passwordFile = join(await temporaryDirectory(stack), "password");
      await writeFile(passwordFile, `${PASSWORD}\n`);
      const flags = [`--storage.url=redis://127.0.0.1:${redis.port}/3`, `--storage.password-file=${passwordFile}`];
      const one = await startExporter(stack, { configuration, flags: [...flags, "--probe.threads=0"] });
      const other = await startExporter(stack, { configuration, flags });
      const began = Date.now() / 1000;
      const acknowledged = new Map<string, number>();
      const statuses = new Map<number, number>();
      const slowest = { milliseconds: 0 };
      const answers = new Set<string>();
      const round = async (number: number): Promise<void> => {
        await inParallel(names, async (name, index) => {
          const sentAt = began - 1000 + number * 10;
          const exporter = (index + number) % 2 === 0 ? one : other;
          const status = await send(exporter, name, sentAt);
          statuses.set(status, (statuses.get(status) ?? 0) + 1);
          if (status === 204) acknowledged.set(name, sentAt);
          if (number === 0) return;
          const asked = performance.now();
          answers.add(codeIn(await probe(exporter, `module=server&target=${name}`)));
          slowest.milliseconds = Math.max(slowest.milliseconds, performance.now() - asked);
        });
      };

      await round(0);
      let again: Promise<unknown> = Promise.resolve();
      for (let number = 1; number < ROUNDS; number += 1) {
        const isKilled = number === 3;
        const running = round(number);
        if (isKilled) {
          await pause(50);
          redis.signal("SIGKILL");
          await redis.ended();
        }
        if (number === 5) again = redis.again();
        await running;
        await pause(300);
        if (number === 4)
          for (const exporter of [one, other])
            assert.match(await metrics(exporter), /^status_exporter_storage_usable 0$/mu);
      }
      await again;
      for (const exporter of [one, other]) {
        await until("it is usable again", async () =>
          /^status_exporter_storage_usable 1$/mu.test(await metrics(exporter)),
        );
      }

      const kept = await keptReports(redis.port, names);
      for (const [name, sentAt] of acknowledged) {
        assert.ok((kept.get(name) ?? 0) >= sentAt, `${name}: acknowledged ${sentAt}, kept ${kept.get(name)}`);
      }
      assert.equal(acknowledged.size, SERVERS);
      assert.deepEqual(new Set(statuses.keys()), new Set([204, 503]), JSON.stringify([...statuses]));
      assert.deepEqual([...answers], ["0"], "every probe of every moment");
      assert.ok(slowest.milliseconds < 2_500, `a probe took ${slowest.milliseconds} ms`);
      for (const exporter of [one, other]) {
        const output = exporter.output();
        assert.equal(output.match(/Cannot use the storage/gu)?.length, 1, output);
        assert.equal(output.match(/The storage can be used again/gu)?.length, 1, output);
        const pages = await Promise.all(["/metrics", "/config", "/logs"].map((path) => page(exporter, path)));
        assert.ok(![output, ...pages].some((text) => text.includes(PASSWORD)));
        assert.match(await metrics(exporter), /^status_exporter_reports_rejected_total\{reason="not-stored"\} [1-9]/mu);
        exporter.signal("SIGKILL");
        await exporter.ended();
      }
      const fresh = await startExporter(stack, { configuration, flags });
      await inParallel(names, async (name) => {
        assert.equal(codeIn(await probe(fresh, `module=server&target=${name}`)), "0");
      });
    },
  },
);

integrationTest("two exporters share reports, the time that servers were silent, and what a registry answered", {
  programs: ["redis-server"],
  async body(stack) {
    const redis = await startRedis(stack);
    const asked: string[] = [];
    const registry = stack.use(
      await rdapAnswers((socket, { path }) => {
        asked.push(path);
        respond(socket, { body: rdapObject(path.slice("/domain/".length)) });
      }),
    );
    const configuration = `
modules:
  server: { prober: server }
  domain:
    prober: domain
    domain: { sources: [rdap], query_interval: 0s, rdap_servers: { test: "http://${registry.host}:${registry.port}/" } }
servers: { web-1: { token_sha256: ${HASH}, report_interval: 12s, grace: 0s } }
`;
    const flags = [`--storage.url=redis://:${PASSWORD}@127.0.0.1:${redis.port}`];
    const startBoth = (): Promise<readonly ServerProcess[]> =>
      Promise.all([
        startExporter(stack, { configuration, flags: [...flags, "--probe.threads=0"] }),
        startExporter(stack, { configuration, flags: [...flags, "--probe.threads=1"] }),
      ]);
    const [one, other] = await startBoth();
    assert.ok(one !== undefined && other !== undefined);

    assert.equal(codeIn(await probe(other, "module=server&target=web-1")), "-3");
    const reportedAt = performance.now();
    assert.equal(await send(one, "web-1", Date.now() / 1000 - 60), 204);
    assert.equal(codeIn(await probe(other, "module=server&target=web-1")), "0");
    for (const exporter of [one, other, one]) {
      await until("the registry's answer is known", async () =>
        /^probe_success 1$/mu.test(await probe(exporter, "module=domain&target=shop.test")),
      );
    }
    assert.equal(asked.length, 1, "only one of them asked");

    await pause(4_000);
    for (const exporter of [one, other]) {
      exporter.signal("SIGKILL");
      await exporter.ended();
    }
    await pause(3_000);
    const heardMilliseconds = performance.now() - reportedAt - 3_000;
    const both = await startBoth();
    const restartedAt = performance.now();
    for (const exporter of both) {
      assert.equal(codeIn(await probe(exporter, "module=server&target=web-1")), "0", "no false alarm");
      await probe(exporter, "module=domain&target=shop.test");
    }
    const late = await Promise.all(
      both.map(async (exporter) => {
        await until(
          "the server is late",
          async () => codeIn(await probe(exporter, "module=server&target=web-1")) === "106",
        );
        return performance.now() - restartedAt;
      }),
    );

    assert.equal(asked.length, 1);
    for (const milliseconds of late) {
      assert.ok(milliseconds < 14_000, `106 came ${milliseconds} ms after the restart`);
      assert.ok(milliseconds + heardMilliseconds > 11_000, `106 came after ${milliseconds + heardMilliseconds} ms`);
    }
  },
});

integrationTest("what redis-server refuses is not acknowledged; it is told, and told again when it is over", {
  programs: ["redis-server", "redis-cli"],
  async body(stack) {
    const redis = await startRedis(stack);
    const configuration = `
modules: { server: { prober: server } }
servers: { a: { token_sha256: ${HASH} }, b: { token_sha256: ${HASH} }, c: { token_sha256: ${HASH} }, d: { token_sha256: ${HASH} } }
`;
    const flags = [`--storage.url=redis://:${PASSWORD}@127.0.0.1:${redis.port}`];
    const exporter = await startExporter(stack, { configuration, flags });
    const began = Date.now() / 1000 - 1000;
    const commanding = (words: string) => () => redis.command(words);
    const signalling = (name: NodeJS.Signals) => () => redis.signal(name);
    assert.equal(await send(exporter, "a", began), 204);

    for (const { name, refuse, allow, words } of [
      {
        name: "b",
        refuse: commanding("replicaof 127.0.0.1 1"),
        allow: commanding("replicaof no one"),
        words: "READONLY",
      },
      {
        name: "c",
        refuse: commanding("config set maxmemory 1"),
        allow: commanding("config set maxmemory 0"),
        words: "OOM",
      },
      { name: "d", refuse: signalling("SIGSTOP"), allow: signalling("SIGCONT"), words: "no answer within 1 s" },
    ]) {
      refuse();
      const asked = performance.now();
      assert.equal(await send(exporter, name, began), 503, words);
      const code = codeIn(await probe(exporter, `module=server&target=${name}`));
      const milliseconds = performance.now() - asked;
      const during = await metrics(exporter);
      allow();
      await until(`${words} is over`, async () => (await send(exporter, name, began)) === 204);

      assert.equal(code, "0", "judged from memory");
      assert.ok(milliseconds < 2_500, `${words} took ${milliseconds} ms`);
      assert.match(during, /^status_exporter_storage_usable 0$/mu);
      await until("it is usable", async () => /^status_exporter_storage_usable 1$/mu.test(await metrics(exporter)));
      assert.ok(exporter.output().includes(words), exporter.output());
    }
    assert.equal(codeIn(await probe(exporter, "module=server&target=a")), "0");
  },
});

integrationTest("a wrong password is told without showing it, and serving goes on", {
  programs: ["redis-server"],
  async body(stack) {
    const redis = await startRedis(stack);
    const configuration = `{ modules: { server: { prober: server } }, servers: { a: { token_sha256: ${HASH} } } }`;
    const flags = [`--storage.url=redis://:not-the-word@127.0.0.1:${redis.port}`];

    const exporter = await startExporter(stack, { configuration, flags });

    assert.equal(await send(exporter, "a", Date.now() / 1000), 503);
    assert.equal(codeIn(await probe(exporter, "module=server&target=a")), "0");
    assert.match(exporter.output(), /Cannot use the storage.*WRONGPASS/u);
    assert.ok(!exporter.output().includes("not-the-word"));
  },
});

integrationTest("rediss: the server proves itself to an authority that is trusted, or is not talked to", {
  programs: ["redis-server", "openssl"],
  async body(stack) {
    const { certificate, key } = await selfSignedCertificate(stack);
    const redis = await startRedis(stack, (port) =>
      `--port 0 --tls-port ${port} --tls-auth-clients no --tls-cert-file ${certificate} --tls-key-file ${key} --tls-ca-cert-file ${certificate}`.split(
        " ",
      ),
    );
    const configuration = `{ modules: { server: { prober: server } }, servers: { a: { token_sha256: ${HASH} } } }`;
    const flags = [`--storage.url=rediss://:${PASSWORD}@localhost:${redis.port}`];

    const stranger = await startExporter(stack, { configuration, flags });
    const environment = { NODE_EXTRA_CA_CERTS: certificate };
    const acquainted = await startExporter(stack, { configuration, flags, environment });

    assert.equal(await send(stranger, "a", Date.now() / 1000), 503);
    assert.match(stranger.output(), /self-signed certificate/u);
    assert.equal(await send(acquainted, "a", Date.now() / 1000), 204);
  },
});

interface Redis {
  readonly port: number;
  signal(name: NodeJS.Signals): void;
  ended(): Promise<unknown>;
  /** Starts it again with the same files. */
  again(): Promise<unknown>;
  command(words: string): void;
}

/** A server that has what it acknowledged on disk. */
async function startRedis(
  stack: AsyncDisposableStack,
  listen: (port: number) => readonly string[] = (port) => ["--port", String(port)],
): Promise<Redis> {
  const port = await freePort();
  const directory = await temporaryDirectory(stack);
  const durable = ["--appendonly", "yes", "--appendfsync", "always", "--save", ""];
  const args = ["--bind", "127.0.0.1", "--dir", directory, "--requirepass", PASSWORD, ...durable, ...listen(port)];
  const start = (): Promise<ServerProcess> => startServer(stack, { command: "redis-server", args, port });
  const server = await start();
  return {
    port,
    signal: (name) => server.signal(name),
    ended: () => server.ended(),
    again: start,
    command(words) {
      const program = findProgram("redis-cli") ?? "redis-cli";
      const env = { ...process.env, REDISCLI_AUTH: PASSWORD };
      const { stdout } = spawnSync(program, ["-p", String(port), ...words.split(" ")], { encoding: "utf8", env });
      assert.match(stdout, /^OK/u, words);
    },
  };
}

async function startExporter(
  stack: AsyncDisposableStack,
  options: {
    readonly configuration: string;
    readonly flags: readonly string[];
    readonly environment?: Readonly<Record<string, string>>;
  },
): Promise<ServerProcess> {
  const file = join(await temporaryDirectory(stack), "status.yml");
  await writeFile(file, options.configuration);
  const port = await freePort();
  const args = [MAIN, `--config.file=${file}`, `--web.listen-address=127.0.0.1:${port}`, ...options.flags];
  const { environment = {} } = options;
  return await startServer(stack, { command: process.execPath, args, port, environment });
}

/** The status of the answer to a report. */
async function send({ origin }: ServerProcess, name: string, sentAt: number): Promise<number> {
  const response = await fetch(`${origin}/reports/${name}`, {
    method: "POST",
    headers: { Authorization: `Bearer ${TOKEN}`, "Content-Type": "application/json" },
    body: JSON.stringify({ sent_at: sentAt, load_average: [1, 1, 1] }),
  });
  await response.text();
  return response.status;
}

function probe(exporter: ServerProcess, query: string): Promise<string> {
  return page(exporter, `/probe?${query}`);
}

function metrics(exporter: ServerProcess): Promise<string> {
  return page(exporter, "/metrics");
}

async function page({ origin }: ServerProcess, path: string): Promise<string> {
  return await (await fetch(`${origin}${path}`)).text();
}

function codeIn(text: string): string {
  return /^probe_status_code\{catalogue="hitflow"[^}]*\} (.*)$/mu.exec(text)?.[1] ?? text;
}

/** When each server sent the report that the store has as its last. */
async function keptReports(port: number, names: readonly string[]): Promise<ReadonlyMap<string, number>> {
  using store = createRedisStore({
    address: readRedisUrl(`redis://:${PASSWORD}@127.0.0.1:${port}/3`),
    now: Date.now,
    observer: { onFault: (_kind, detail) => assert.fail(detail), onRecovery: () => undefined },
  });
  const kept = await store.namespace("server-reports").getMany(names);
  return new Map(names.map((name, index) => [name, sentAtIn(JSON.stringify(kept[index]?.value))]));
}

/** The first is the newest; a report is JSON within JSON. */
function sentAtIn(value: string | undefined): number {
  return Number(/\\"sent_at\\":(?<seconds>[\d.]+)/u.exec(value ?? "")?.groups?.["seconds"] ?? 0);
}

/** As many as a busy load balancer has under way. */
const AT_ONCE = 10;

async function inParallel<T>(items: readonly T[], work: (item: T, index: number) => Promise<void>): Promise<void> {
  const queue = items.entries();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const [index, item] of queue) await work(item, index);
    }),
  );
}
