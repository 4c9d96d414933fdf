import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { createThreadPool, type ThreadPool } from "../../src/runner/thread-pool.ts";
import { readRedisUrl } from "../../src/storage/redis-address.ts";

const NEVER = new AbortController().signal;

const CONFIGURATION = "modules: { web: { prober: http, http: { preferred_ip_protocol: ip4 } } }";

test("probes in another thread and answers with a report", async () => {
  await using web = await listen();
  await using pool = newPool(() => CONFIGURATION);

  const report = await pool.run(request({ target: web.url }), NEVER);

  assert.equal(report.outcome, "success", report.detail);
  assert.equal(report.httpStatus, 200);
});

test("gives a new configuration to every probe that starts after it", async () => {
  await using web = await listen();
  let text = CONFIGURATION;
  await using pool = newPool(() => text);
  await pool.run(request({ target: web.url }), NEVER);

  text = "modules: { renamed: { prober: http } }";
  pool.configure(text);
  const before = await pool.run(request({ target: web.url }), NEVER);
  const after = await pool.run(request({ module: "renamed", target: web.url }), NEVER);

  assert.equal(before.outcome, "request/unknown-prober");
  assert.equal(after.outcome, "success", after.detail);
});

test("cancels a probe for which nobody waits any more", async () => {
  await using silent = await listen(() => {});
  await using pool = newPool(() => CONFIGURATION);
  const asker = new AbortController();

  const running = pool.run(request({ target: silent.url, timeoutSeconds: 30 }), asker.signal);
  await silent.requested;
  asker.abort();
  const report = await running;

  assert.equal(report.cancelled, true);
  assert.equal(report.outcome, "exchange/timeout");
});

test("counts the time that a request waited against its timeout", async () => {
  await using pool = newPool(() => CONFIGURATION);

  const report = await pool.run(request({ target: "http://127.0.0.1:1", receivedAt: Date.now() - 60_000 }), NEVER);

  assert.equal(report.outcome, "deadline/no-time-left");
});

test("answers local/defect when its thread dies, says why, and goes on with a new thread", async () => {
  await using web = await listen();
  const losses: string[] = [];
  await using pool = newPool(
    () => CONFIGURATION,
    (reason) => losses.push(reason),
  );

  pool.configure("modules: [");
  const lost = await pool.run(request({ target: web.url }), NEVER);
  const next = await pool.run(request({ target: web.url }), NEVER);

  assert.equal(lost.outcome, "local/defect");
  assert.match(lost.detail, /thread ended/);
  assert.equal(losses.length, 1);
  assert.equal(next.outcome, "success", next.detail);
});

function newPool(configuration: () => string, onThreadLost: (reason: string) => void = assert.fail): ThreadPool {
  return createThreadPool({ threads: 1, configuration, subjectOf: () => "http", onThreadLost });
}

function request(options: {
  readonly target: string;
  readonly module?: string;
  readonly timeoutSeconds?: number;
  readonly receivedAt?: number;
}): Parameters<ThreadPool["run"]>[0] {
  return { module: "web", timeoutSeconds: 5, receivedAt: Date.now(), ...options };
}

async function listen(answer?: () => void): Promise<AsyncDisposable & { url: string; requested: Promise<void> }> {
  const requested = Promise.withResolvers<void>();
  const server = createServer((_request, response) => {
    requested.resolve();
    if (answer === undefined) response.end("hello");
    else answer();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  assert.ok(address !== null && typeof address === "object");
  return {
    url: `http://127.0.0.1:${address.port}/`,
    requested: requested.promise,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

test("runs every probe of a stateful protocol in one thread, so that they share what they learn", async () => {
  let asked = 0;
  await using registry = await listen(() => {
    asked += 1;
  });
  const domain = {
    sources: ["rdap"],
    rdap_servers: { com: registry.url },
    lookup_timeout: "400ms",
    query_interval: "0s",
  };
  const text = JSON.stringify({ modules: { web: { prober: "domain", domain } } });
  await using pool = createThreadPool({
    threads: 3,
    configuration: () => text,
    subjectOf: () => "domain",
    onThreadLost: assert.fail,
  });

  const reports = await Promise.all(
    Array.from({ length: 6 }, () => pool.run(request({ target: "example.com" }), NEVER)),
  );

  assert.deepEqual([...new Set(reports.map(({ outcome }) => outcome))], ["registry/unavailable"]);
  assert.equal(asked, 1);
});

test("a thread's store that cannot be used is told; what was wrong with it goes with the thread", async () => {
  await using web = await listen();
  const domain = { sources: ["rdap"], rdap_servers: { com: web.url }, lookup_timeout: "400ms" };
  const told: string[] = [];
  await using pool = createThreadPool({
    threads: 1,
    configuration: () => JSON.stringify({ modules: { web: { prober: "domain", domain } } }),
    subjectOf: () => "domain",
    onThreadLost: () => void told.push("lost"),
    keeping: {
      // Nothing listens on port 1.
      storage: { kind: "redis", address: readRedisUrl("redis://user:a-secret@127.0.0.1:1") },
      storeObserver: {
        onFault: (fault, detail) => void told.push(`${fault} ${detail}`),
        onRecovery: () => void told.push("recovered"),
      },
    },
  });

  const report = await pool.run(request({ target: "example.com" }), NEVER);
  pool.configure("modules: [");
  await pool.run(request({ target: "example.com" }), NEVER);

  assert.equal(report.outcome, "registry/unreadable", report.detail);
  assert.deepEqual(told, ["unavailable redis://127.0.0.1:1/0: connect ECONNREFUSED 127.0.0.1:1", "lost", "recovered"]);
});
