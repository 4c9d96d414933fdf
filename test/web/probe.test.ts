import assert from "node:assert/strict";
import { once } from "node:events";
import { get } from "node:http";
import { test } from "node:test";
import { makeReport, serve } from "./fixture.ts";

test("answers a probe with metrics, once decoded, for the module asked for", async (context) => {
  const { url, runner } = await serve(context);

  const response = await fetch(`${url}/probe?module=quick&target=http%3A%2F%2Fhost%2F%3Fq%3Da%252Bb&hostname=shop`);

  assert.equal(response.status, 200);
  assert.equal(response.headers.get("content-type"), "text/plain; version=0.0.4; charset=utf-8");
  assert.match(await response.text(), /^probe_success 1$/m);
  const [request] = runner.requests;
  assert.equal(request?.module, "quick");
  assert.equal(request?.target, "http://host/?q=a%2Bb");
  assert.equal(request?.hostname, "shop");
  assert.equal(request?.timeoutSeconds, 1.5);
});

test("takes module http_2xx where none is named, and the first of repeated parameters", async (context) => {
  const { url, runner } = await serve(context);

  await fetch(`${url}/probe?target=first&target=second`);

  assert.equal(runner.requests[0]?.module, "http_2xx");
  assert.equal(runner.requests[0]?.target, "first");
  assert.ok(!("hostname" in (runner.requests[0] ?? {})));
});

test("leaves a missing target and an unknown module to the runner and still answers 200", async (context) => {
  const { url, runner } = await serve(context);
  runner.answer = (request) =>
    makeReport({ module: request.module, subject: "any", outcome: "request/unknown-prober", httpStatus: undefined });

  const response = await fetch(`${url}/probe?module=nothing`);

  assert.equal(response.status, 200);
  assert.match(await response.text(), /^probe_status_code\{catalogue="hitflow",list="service"\} 100$/m);
  assert.equal(runner.requests[0]?.target, "");
});

test("gives the probe what the scrape grants less the offset", async (context) => {
  const { url, runner } = await serve(context);

  await fetch(`${url}/probe?target=a`, { headers: { "X-Prometheus-Scrape-Timeout-Seconds": "10" } });
  await fetch(`${url}/probe?target=a`, { headers: { "X-Prometheus-Scrape-Timeout-Seconds": "soon" } });

  assert.deepEqual(
    runner.requests.map(({ timeoutSeconds }) => timeoutSeconds),
    [9.5, Number.NaN],
  );
});

test("answers OpenMetrics when asked for", async (context) => {
  const { url } = await serve(context);

  const response = await fetch(`${url}/probe?target=a`, { headers: { Accept: "application/openmetrics-text" } });

  assert.equal(response.headers.get("content-type"), "application/openmetrics-text; version=1.0.0; charset=utf-8");
  assert.ok((await response.text()).endsWith("# EOF\n"));
});

test("shows a person the log, outcome, codes, detail, metrics and module", async (context) => {
  const { url, runner } = await serve(context);
  const log = [
    { time: 0, level: "debug", message: "Resolving", fields: { host: "example.com" } },
    { time: 1000, level: "error", message: "Probe failed", fields: {} },
  ] as const;
  runner.answer = () =>
    makeReport({ outcome: "connect/refused", httpStatus: undefined, detail: "Nothing\nlistens\u001b[2J", log });

  const response = await fetch(`${url}/probe?target=a&debug=true`);
  const text = await response.text();

  assert.equal(response.headers.get("content-type"), "text/plain; charset=utf-8");
  assert.match(
    text,
    /^Logs for the probe:\ntime=1970-01-01T00:00:00\.000Z level=DEBUG msg=Resolving module=http_2xx target=/,
  );
  assert.match(
    text,
    /^Outcome: connect\/refused\nCode: cloudmonitor http 611 \(.+\)\nCode: hitflow service 451 \(.+\)$/m,
  );
  assert.match(text, /^Detail: Nothing\ufffdlistens\ufffd\[2J$/m);
  assert.match(text, /^Metrics that would have been returned:\n# HELP /m);
  assert.match(text, /^Module configuration:\nprober: http\nhttp:\n {2}bearer_token: <secret>\n$/m);
});

test("shows only the lines of the level asked for", async (context) => {
  const { url, runner } = await serve(context, { probeLogLevel: "warn" });
  const log = [
    { time: 0, level: "info", message: "Quiet", fields: {} },
    { time: 0, level: "error", message: "Loud", fields: {} },
  ] as const;
  runner.answer = () => makeReport({ log });

  const text = await (await fetch(`${url}/probe?target=a&debug=true`)).text();

  assert.doesNotMatch(text, /Quiet/);
  assert.match(text, /Loud/);
});

test("cancels a probe whose asker hangs up", async (context) => {
  const { url, runner, dependencies } = await serve(context);
  const started = Promise.withResolvers<AbortSignal>();
  runner.answer = async (_request, signal) => {
    started.resolve(signal);
    await once(signal, "abort");
    return makeReport({ cancelled: true, outcome: "connect/timeout" });
  };

  const request = get(`${url}/probe?target=a`);
  const failed = once(request, "error");
  const signal = await started.promise;
  request.destroy(new Error("Hung up"));
  await failed;
  await aborted(signal);

  const metrics = await (await fetch(`${url}/metrics`)).text();
  assert.match(metrics, /^status_exporter_probes_cancelled_total 1$/m);
  assert.match(metrics, /^status_exporter_probes_in_flight 0$/m);
  assert.equal(dependencies.history.entries()[0]?.report.cancelled, true);
});

test("does not cancel a probe that was answered", async (context) => {
  const closed = Promise.withResolvers<void>();
  const { url, runner } = await serve(context, {
    guards: [
      (_request, response, next) => {
        response.once("close", closed.resolve);
        next();
      },
    ],
  });
  const signals: AbortSignal[] = [];
  runner.answer = (_request, signal) => {
    signals.push(signal);
    return makeReport();
  };

  await (await fetch(`${url}/probe?target=a`)).text();
  await closed.promise;

  assert.deepEqual(
    signals.map((signal) => signal.aborted),
    [false],
  );
});

test("counts probes and remembers them", async (context) => {
  const { url, dependencies } = await serve(context);

  await fetch(`${url}/probe?target=a`);
  await fetch(`${url}/probe?target=b`);

  const metrics = await (await fetch(`${url}/metrics`)).text();
  assert.match(metrics, /^status_exporter_probes_total\{module="http_2xx",outcome="success",protocol="http"\} 2$/m);
  assert.deepEqual(
    dependencies.history.entries().map(({ report }) => report.target),
    ["b", "a"],
  );
});

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, "abort");
}
