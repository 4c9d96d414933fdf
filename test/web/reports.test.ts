import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import { type TestContext, test } from "node:test";
import type { ReportReceipt } from "../../src/outcome/report-receipt.ts";
import type { ServerSettings } from "../../src/settings/server-settings.ts";
import { serverSettings } from "../../src/settings/server-settings.ts";
import { parseMetrics } from "../support/parse-metrics.ts";
import { CONFIGURATION, type Served, serve } from "./fixture.ts";

const TOKEN = "s3cret-token";
const BEARER = { Authorization: `Bearer ${TOKEN}` };

interface Inbox {
  readonly served: Served;
  readonly received: readonly (readonly [server: string, text: string])[];
}

void test("a report with the right token is handed on, and acknowledged without words", async (context) => {
  const { served, received } = await open(context);

  const response = await send(served, { headers: BEARER, body: '{"uptime":1}' });

  assert.equal(response.status, 204);
  assert.deepEqual(received, [["web-1", '{"uptime":1}']]);
  assert.equal(await counted(served, "status_exporter_reports_received_total"), 1);
});

void test("Hitflow's two headers do as well", async (context) => {
  const { served, received } = await open(context);

  const headers = { "HitFlow-Agent-Server": "web-1", "HitFlow-Agent-Token": TOKEN };
  const response = await send(served, { headers, body: "{}" });

  assert.equal(response.status, 204);
  assert.equal(received.length, 1);
});

void test("the path that a password protects does not ask a server for that password", async (context) => {
  const { served } = await open(context, {
    guards: [(_request, response) => void response.writeHead(401).end("Unauthorized")],
  });

  assert.equal((await send(served, { headers: BEARER, body: "{}" })).status, 204);
  assert.equal((await fetch(`${served.url}/metrics`)).status, 401);
});

for (const { what, path = "web-1", headers, body = "{}", status, reason } of [
  { what: "a wrong token", headers: { Authorization: "Bearer wrong" }, status: 401, reason: "wrong-token" },
  { what: "no token", headers: {}, status: 401, reason: "wrong-token" },
  { what: "another scheme", headers: { Authorization: `Basic ${TOKEN}` }, status: 401, reason: "wrong-token" },
  { what: "an unknown name", path: "web-9", headers: BEARER, status: 404, reason: "unknown-server" },
  { what: "a server that is asked", path: "db-1", headers: BEARER, status: 404, reason: "unknown-server" },
  {
    what: "an alias that names another server",
    headers: { "HitFlow-Agent-Server": "web-2", "HitFlow-Agent-Token": TOKEN },
    status: 404,
    reason: "unknown-server",
  },
  { what: "a form", headers: { ...BEARER, "Content-Type": "text/plain" }, status: 415, reason: "unsupported-type" },
  {
    what: "a packed body",
    headers: { ...BEARER, "Content-Encoding": "gzip" },
    status: 415,
    reason: "unsupported-type",
  },
  { what: "a body too large", headers: BEARER, body: "x".repeat(65_537), status: 413, reason: "too-large" },
]) {
  void test(`${what} is refused, counted by its reason, and nothing is stored`, async (context) => {
    const { served, received } = await open(context);

    const response = await send(served, { path, headers, body });

    assert.equal(response.status, status);
    assert.match(await response.text(), new RegExp(`^${reason}: `, "u"));
    assert.deepEqual(received, []);
    assert.equal(await counted(served, "status_exporter_reports_rejected_total", reason), 1);
  });
}

void test("the largest body is taken", async (context) => {
  const { served } = await open(context);

  assert.equal((await send(served, { headers: BEARER, body: "x".repeat(65_536) })).status, 204);
});

void test("a body of unknown length is counted while it comes", async (context) => {
  const { served, received } = await open(context);
  const body = new ReadableStream({
    start(controller) {
      for (let sent = 0; sent < 5; sent += 1) controller.enqueue(new Uint8Array(16_384));
      controller.close();
    },
  });

  const response = await fetch(`${served.url}/reports/web-1`, {
    method: "POST",
    headers: { ...BEARER, "Content-Type": "application/json" },
    body,
    duplex: "half",
  });

  assert.equal(response.status, 413);
  assert.deepEqual(received, []);
});

void test("a report that breaks off is not taken", async (context) => {
  const { served, received } = await open(context);
  const socket = connect(Number(new URL(served.url).port), "127.0.0.1");
  await once(socket, "connect");
  const head = `POST /reports/web-1 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${TOKEN}\r\nContent-Length: 10\r\n\r\n{`;

  socket.end(head);
  await once(socket.resume(), "close");

  assert.deepEqual(received, []);
  assert.equal(await counted(served, "status_exporter_reports_rejected_total", "incomplete"), 1);
});

void test("what the inbox refuses is answered with its reason", async (context) => {
  const { served } = await open(context, {
    receipt: { kind: "refused", reason: "not-stored", detail: "The disk is full" },
  });

  const response = await send(served, { headers: BEARER, body: "{}" });

  assert.equal(response.status, 503);
  assert.equal(response.headers.get("retry-after"), "10");
  assert.equal(await response.text(), "not-stored: The disk is full\n");
  assert.equal(await counted(served, "status_exporter_reports_received_total"), 0);
});

void test("a server that runs wild is slowed down, the others are not", async (context) => {
  const { served } = await open(context);
  for (let sent = 0; sent < 10; sent += 1) await send(served, { headers: BEARER, body: "{}" });

  const eleventh = await send(served, { headers: BEARER, body: "{}" });
  const other = await send(served, { path: "web-2", headers: BEARER, body: "{}" });

  assert.deepEqual([eleventh.status, other.status], [429, 204]);
});

void test("a server that is to report often may", async (context) => {
  const { served } = await open(context);

  const statuses = new Set<number>();
  for (let sent = 0; sent < 30; sent += 1) {
    const { status } = await send(served, { path: "quick", headers: BEARER, body: "{}" });
    statuses.add(status);
  }

  assert.deepEqual(statuses, new Set([204]));
});

void test("a report is not read by GET", async (context) => {
  const { served } = await open(context);

  const response = await fetch(`${served.url}/reports/web-1`);

  assert.equal(response.status, 405);
  assert.equal(response.headers.get("allow"), "POST");
});

async function open(
  context: TestContext,
  { receipt = { kind: "stored" }, ...changes }: { readonly receipt?: ReportReceipt } & Parameters<typeof serve>[1] = {},
): Promise<Inbox> {
  const received: (readonly [string, string])[] = [];
  const servers = new Map<string, ServerSettings>([
    ["web-1", settingsOf({ token_sha256: sha256(TOKEN) })],
    ["web-2", settingsOf({ token_sha256: sha256(TOKEN) })],
    ["quick", settingsOf({ token_sha256: sha256(TOKEN), report_interval: "1ms" })],
    ["db-1", settingsOf({ source: "node_exporter", url: "http://127.0.0.1:1" })],
  ]);
  const served = await serve(context, {
    configuration: () => ({ ...CONFIGURATION, servers }),
    reports: {
      async receive(server, text) {
        received.push([server, text]);
        return receipt;
      },
    },
    ...changes,
  });
  return { served, received };
}

function settingsOf(raw: unknown): ServerSettings {
  return serverSettings.parse(raw);
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function send(
  { url }: Served,
  given: { readonly path?: string; readonly headers: Readonly<Record<string, string>>; readonly body: string },
): Promise<Response> {
  const headers = { "Content-Type": "application/json", ...given.headers };
  return fetch(`${url}/reports/${given.path ?? "web-1"}`, { method: "POST", headers, body: given.body });
}

async function counted({ url }: Served, name: string, reason?: string): Promise<number | undefined> {
  const samples = parseMetrics(await (await fetch(`${url}/metrics`)).text());
  return samples.find((sample) => sample.name === name && sample.labels["reason"] === reason)?.value;
}
