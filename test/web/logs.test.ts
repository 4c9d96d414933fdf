import assert from "node:assert/strict";
import { test } from "node:test";
import { CONFIGURATION, makeReport, serve } from "./fixture.ts";

const REFUSED = [
  ["id=0&target=a", 400, "Probe id and target can't be defined at the same time"],
  ["", 400, "Probe id or target must be defined as http query parameters"],
  ["id=0&module=http_2xx", 400, "Probe module filter only works in conjunction with target parameter"],
  ["id=x", 400, "Probe id must be a whole number"],
  ["id=7", 404, "Probe id not found"],
  ["target=nowhere", 404, "Probe target not found"],
  ["target=a&module=other", 404, "Probe target not found"],
] as const;

for (const [query, status, message] of REFUSED) {
  test(`answers ${status} to /logs?${query}`, async (context) => {
    const { url, dependencies } = await serve(context);
    dependencies.history.add(makeReport({ target: "a" }), CONFIGURATION);

    const response = await fetch(`${url}/logs?${query}`);

    assert.equal(response.status, status);
    assert.equal(await response.text(), `${message}\n`);
  });
}

test("shows a probe by its id", async (context) => {
  const { url, dependencies } = await serve(context);
  dependencies.history.add(makeReport({ outcome: "connect/refused", detail: "First" }), CONFIGURATION);
  dependencies.history.add(makeReport(), CONFIGURATION);

  const response = await fetch(`${url}/logs?id=0`);

  assert.equal(response.headers.get("content-type"), "text/plain; charset=utf-8");
  assert.match(await response.text(), /^Detail: First$/m);
});

test("shows the newest probe of a target, the password in it concealed as in reports", async (context) => {
  const { url, dependencies } = await serve(context);
  const target = "http://user:xxxxx@host/";
  dependencies.history.add(makeReport({ target, outcome: "connect/refused", detail: "Older" }), CONFIGURATION);
  dependencies.history.add(makeReport({ target, outcome: "connect/refused", detail: "Newer" }), CONFIGURATION);

  const response = await fetch(`${url}/logs?target=${encodeURIComponent("http://user:password@host/")}`);
  const text = await response.text();

  assert.match(text, /^Detail: Newer$/m);
  assert.doesNotMatch(text, /password/);
});

test("shows a probe with the module as it was then", async (context) => {
  const { url, dependencies } = await serve(context);
  const older = { ...CONFIGURATION, moduleText: () => "prober: http\ntimeout: 3s\n" };
  dependencies.history.add(makeReport(), older);

  assert.match(await (await fetch(`${url}/logs?id=0`)).text(), /timeout: 3s\n$/);
});
