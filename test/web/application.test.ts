import assert from "node:assert/strict";
import { test } from "node:test";
import { documentedCodes } from "../../src/catalogue/documented-codes.ts";
import { CONFIGURATION, makeReport, serve } from "./fixture.ts";

const PAGES = ["/", "/codes", "/nowhere"] as const;

for (const path of PAGES) {
  test(`allows ${path} no script, no frame and no foreign resource`, async (context) => {
    const { url } = await serve(context);

    const response = await fetch(url + path);
    const policy = response.headers.get("content-security-policy") ?? "";

    assert.match(policy, /default-src 'none'; style-src 'sha256-[^']+';/);
    assert.match(policy, /frame-ancestors 'none'/);
    assert.equal(response.headers.get("x-content-type-options"), "nosniff");
    assert.equal(response.headers.get("referrer-policy"), "no-referrer");
    assert.equal(response.headers.get("content-type"), "text/html; charset=utf-8");
    assert.doesNotMatch(await response.text(), /<script|javascript:|style="/);
  });
}

test("says nothing about what it is made of", async (context) => {
  const { url } = await serve(context);

  const response = await fetch(`${url}/metrics`);

  assert.equal(response.headers.get("x-powered-by"), null);
  assert.equal(response.headers.get("etag"), null);
});

test("shows recent probes with outcome, detail and both codes, newest first", async (context) => {
  const { url, dependencies } = await serve(context);
  dependencies.history.add(makeReport({ target: "https://older.example" }), CONFIGURATION);
  const failed = { outcome: "resolve/name-not-found", httpStatus: undefined, detail: "No such name" } as const;
  dependencies.history.add(makeReport({ target: "https://newer.example", ...failed }), CONFIGURATION);

  const page = await (await fetch(url)).text();

  assert.ok(page.indexOf("newer.example") < page.indexOf("older.example"));
  assert.match(page, /resolve\/name-not-found<\/span><\/div><div class="soft long">No such name</);
  assert.match(page, /<a href="codes#cloudmonitor-http-613">613<\/a>/);
  assert.match(page, /<a href="codes#hitflow-service-452">452<\/a>/);
  assert.match(page, /<time class="number" datetime="2025-11-22T12:30:05\.250Z">2025-11-22 12:30:05 UTC<\/time>/);
  assert.match(page, /<a href="logs\?id=1">Logs<\/a>/);
});

test("offers every module in the form", async (context) => {
  const { url } = await serve(context);

  const page = await (await fetch(url)).text();

  assert.match(page, /<option value="http_2xx">http_2xx \(http\)<\/option><option value="quick">/);
});

test("shows a hostile target, module and detail as text", async (context) => {
  const { url, dependencies } = await serve(context);
  const hostile = `"'><script>alert(1)</script><img src=x onerror=alert(1)>&amp;\u202e\ud800`;
  dependencies.history.add(makeReport({ target: hostile, module: hostile, subject: "any", detail: hostile }), {
    ...CONFIGURATION,
  });

  const page = await (await fetch(url)).text();

  assert.doesNotMatch(page, /<script|<img|\u202e/);
  const shown =
    "&#34;&#39;&#62;&#60;script&#62;alert(1)&#60;/script&#62;&#60;img src=x onerror=alert(1)&#62;&#38;amp;\ufffd\ufffd";
  assert.equal(page.split(shown).length - 1, 3);
});

test("has a row with an anchor for every documented code", async (context) => {
  const { url } = await serve(context);

  const page = await (await fetch(`${url}/codes`)).text();

  assert.equal(page.match(/<tr id="/g)?.length, documentedCodes().length);
  assert.match(page, /<tr id="hitflow-service-412">/);
  for (const [, anchor] of page.matchAll(/href="#([^"]+)"/g)) assert.ok(page.includes(`id="${anchor}"`), anchor);
});

test("serves the codes as data", async (context) => {
  const { url } = await serve(context);

  const response = await fetch(`${url}/codes.json`);

  assert.equal(response.headers.get("content-type"), "application/json; charset=utf-8");
  assert.deepEqual(await response.json(), JSON.parse(JSON.stringify({ codes: documentedCodes() })));
});

test("serves the configuration as text", async (context) => {
  const { url } = await serve(context);

  const response = await fetch(`${url}/config`);

  assert.equal(response.headers.get("content-type"), "text/plain; charset=utf-8");
  assert.equal(await response.text(), CONFIGURATION.text());
});

test("negotiates the format of its own metrics", async (context) => {
  const { url } = await serve(context);

  const plain = await fetch(`${url}/metrics`);
  const open = await fetch(`${url}/metrics`, { headers: { Accept: "application/openmetrics-text;version=1.0.0" } });

  assert.equal(plain.headers.get("content-type"), "text/plain; version=0.0.4; charset=utf-8");
  assert.doesNotMatch(await plain.text(), /# EOF/);
  assert.equal(open.headers.get("content-type"), "application/openmetrics-text; version=1.0.0; charset=utf-8");
  assert.ok((await open.text()).endsWith("# EOF\n"));
});

test("is healthy by any method, and ready when told so", async (context) => {
  let ready = false;
  const { url } = await serve(context, { ready: () => ready });

  const healthy = await fetch(`${url}/-/healthy`, { method: "POST" });
  const before = await fetch(`${url}/-/ready`);
  ready = true;
  const after = await fetch(`${url}/-/ready`);

  assert.equal(await healthy.text(), "Healthy\n");
  assert.equal(before.status, 503);
  assert.equal(after.status, 200);
});

test("reloads by POST only", async (context) => {
  let reloads = 0;
  const { url } = await serve(context, {
    reload: async () => {
      reloads += 1;
      return [];
    },
  });

  const wrong = await fetch(`${url}/-/reload`);
  const right = await fetch(`${url}/-/reload`, { method: "POST" });

  assert.equal(wrong.status, 405);
  assert.equal(wrong.headers.get("allow"), "POST");
  assert.equal(await wrong.text(), "This endpoint requires a POST request.\n");
  assert.equal(right.status, 200);
  assert.equal(await right.text(), "");
  assert.equal(reloads, 1);
});

test("answers 500 with every problem of a configuration that cannot be loaded", async (context) => {
  const { url } = await serve(context, { reload: async () => ["modules.a: expected x", "modules.b: expected y"] });

  const response = await fetch(`${url}/-/reload`, { method: "POST" });

  assert.equal(response.status, 500);
  assert.equal(await response.text(), "failed to reload config: modules.a: expected x\nmodules.b: expected y\n");
});

test("refuses other methods on what is only read", async (context) => {
  const { url } = await serve(context);

  for (const path of ["/", "/metrics", "/codes", "/codes.json", "/config", "/logs"]) {
    const response = await fetch(url + path, { method: "POST" });
    assert.equal(response.status, 405, path);
    assert.equal(response.headers.get("allow"), "GET, HEAD");
    assert.equal((await fetch(url + path, { method: "HEAD" })).status, path === "/logs" ? 400 : 200, path);
  }
});

test("answers 404 to an unknown path, with a way home", async (context) => {
  const { url } = await serve(context, { paths: { prefix: "", home: "https://example.com/status/" } });

  for (const path of ["/nowhere", "/Probe", "/codes/", "/%zz", "/-/reload/"]) {
    const response = await fetch(url + path);
    assert.equal(response.status, 404, path);
    assert.match(await response.text(), /<a href="https:\/\/example\.com\/status\/">home page<\/a>/);
  }
});

test("answers 400 to a name that cannot be decoded, without a word in the log", async (context) => {
  const { url, logged } = await serve(context);

  for (const path of ["/reports/%ff", "/reports/%zz"]) {
    assert.equal((await fetch(url + path, { method: "POST" })).status, 400, path);
  }
  assert.deepEqual(logged, []);
});

test("tells nobody but the log what went wrong inside", async (context) => {
  const { url, logged } = await serve(context, {
    configuration: () => {
      throw new Error("Inner matter");
    },
  });

  const response = await fetch(`${url}/config`);
  const text = await response.text();

  assert.equal(response.status, 500);
  const reference = /reference ([0-9a-f-]{36})\n$/.exec(text)?.[1];
  assert.doesNotMatch(text, /Inner matter/);
  assert.equal(logged.length, 1);
  assert.match(JSON.stringify(logged[0]), new RegExp(`"reference":"${reference}".*Inner matter`));
});

test("asks its guards before any route", async (context) => {
  const { url, runner } = await serve(context, {
    guards: [(_request, response) => response.writeHead(401).end("Who are you?\n")],
  });

  for (const path of ["/", "/probe?target=a", "/-/healthy", "/nowhere"]) {
    assert.equal((await fetch(url + path)).status, 401, path);
  }
  assert.deepEqual(runner.requests, []);
});

test("serves everything under its prefix and sends the rest there", async (context) => {
  const { url } = await serve(context, { paths: { prefix: "/a/b", home: "https://example.com/a/b/" } });

  const root = await fetch(`${url}/`, { redirect: "manual" });
  const bare = await fetch(`${url}/a/b`, { redirect: "manual" });

  assert.equal(root.status, 302);
  assert.equal(root.headers.get("location"), "https://example.com/a/b/");
  assert.equal(bare.status, 301);
  assert.equal(bare.headers.get("location"), "/a/b/");
  assert.match(await (await fetch(`${url}/a/b/`)).text(), /Recent probes/);
  assert.match(await (await fetch(`${url}/a/b/probe?target=x`)).text(), /^probe_success 1$/m);
  assert.equal((await fetch(`${url}/probe?target=x`)).status, 404);
  assert.equal((await fetch(`${url}/a/bc`)).status, 404);
});

test("refuses a request whose headers are longer than Node takes", async (context) => {
  const { url, runner } = await serve(context);

  const response = await fetch(`${url}/probe?target=${"x".repeat(17_000)}`);

  assert.equal(response.status, 431);
  assert.deepEqual(runner.requests, []);
});
