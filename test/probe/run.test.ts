import assert from "node:assert/strict";
import { test } from "node:test";
import { createNetwork } from "../../src/network/create-network.ts";
import { ProbeFailure } from "../../src/outcome/probe-failure.ts";
import type { Report } from "../../src/outcome/report.ts";
import type { Module, ProbeContext } from "../../src/probe/prober.ts";
import { type RunOptions, run } from "../../src/probe/run.ts";
import { createServices } from "../../src/runner/create-services.ts";

const NETWORK = createNetwork();

test("reports success with the phases in order and what was measured", async () => {
  const report = await runProbe(async (context) => {
    await context.during("resolve", () => context.measure("probe_ip_protocol", 4));
    await context.during("connect", () => undefined);
  });

  assert.equal(report.outcome, "success");
  assert.equal(report.detail, "");
  assert.deepEqual(
    report.phases.map(({ phase }) => phase),
    ["resolve", "connect"],
  );
  assert.deepEqual(report.measurements, [{ name: "probe_ip_protocol", labels: {}, value: 4 }]);
});

test("turns what a phase throws into an outcome of that phase, and keeps what was measured before", async () => {
  const report = await runProbe(async (context) => {
    context.measure("probe_ip_protocol", 6);
    await context.during("connect", () => {
      throw Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
    });
  });

  assert.equal(report.outcome, "connect/refused");
  assert.match(report.detail, /ECONNREFUSED/);
  assert.equal(report.measurements.length, 1);
});

test("lets a step say why it failed", async () => {
  const report = await runProbe((context) =>
    context.during("exchange", () => {
      throw new ProbeFailure("content/missing", { detail: 'Expected "hello"' });
    }),
  );

  assert.equal(report.outcome, "content/missing");
  assert.equal(report.detail, 'Expected "hello"');
});

test("calls anything else a defect of the exporter, and keeps its stack", async () => {
  const report = await runProbe(() => Promise.reject(new RangeError("off by one")));

  assert.equal(report.outcome, "local/defect");
  assert.match(report.detail, /RangeError: off by one/);
  assert.ok(report.log.some(({ fields }) => String(fields["stack"]).includes("run.test.ts")));
});

test("holds a probe to the outcomes of its protocol", async () => {
  const report = await runProbe(() => Promise.reject(new ProbeFailure("domain/expired", { detail: "odd" })));

  assert.equal(report.outcome, "local/defect");
  assert.match(report.detail, /domain\/expired.*odd/);
});

test("counts a failed write as a closed connection where the vendors do not tell the two apart", async () => {
  const failure = new ProbeFailure("exchange/send-failed", { detail: "EPIPE" });
  const report = await runProbe(() => Promise.reject(failure), { module: { protocol: "grpc" } });

  assert.equal(report.outcome, "exchange/closed");
  assert.equal(report.detail, "EPIPE");
});

test("answers at the deadline with the phase that was running, even where a step overlooks the signal", async () => {
  const started = performance.now();
  const report = await runProbe((context) => context.during("tls", () => new Promise<void>(() => undefined)), {
    timeoutSeconds: 0.05,
  });

  assert.equal(report.outcome, "tls/timeout");
  assert.match(report.detail, /deadline passed after 0\.0\d+ s in phase tls/);
  assert.ok(performance.now() - started < 1000);
});

test("says what was waited for when the deadline passed, in the phase that was running", async () => {
  const waiting = await runProbe(
    (context) =>
      context.during("exchange", async () => {
        context.noteWait("the reply to EHLO");
        await new Promise<void>(() => undefined);
      }),
    { timeoutSeconds: 0.02 },
  );
  const later = await runProbe(
    async (context) => {
      await context.during("exchange", () => context.noteWait("the reply to EHLO"));
      await context.during("tls", () => new Promise<void>(() => undefined));
    },
    { timeoutSeconds: 0.02 },
  );

  assert.match(waiting.detail, / s in phase exchange, waiting for the reply to EHLO$/);
  assert.match(later.detail, / s in phase tls$/);
});

test("lets a protocol say what its deadline means", async () => {
  const report = await runProbe((context) => context.during("exchange", () => new Promise<void>(() => undefined)), {
    timeoutSeconds: 0.02,
    module: { protocol: "udp", timeouts: { exchange: "exchange/no-reply" } },
  });

  assert.equal(report.outcome, "exchange/no-reply");
});

test("believes the deadline rather than the error of a library that was aborted", async () => {
  const report = await runProbe(
    (context) =>
      context.during(
        "exchange",
        () =>
          new Promise<void>((_resolve, reject) => {
            context.signal.addEventListener("abort", () =>
              reject(Object.assign(new Error("reset"), { code: "ECONNRESET" })),
            );
          }),
      ),
    { timeoutSeconds: 0.02 },
  );

  assert.equal(report.outcome, "exchange/timeout");
});

test("ends as cancelled when the asker hangs up", async () => {
  const asker = new AbortController();
  const report = await runProbe(
    (context) =>
      context.during("resolve", () => {
        asker.abort();
        return new Promise<void>(() => undefined);
      }),
    { signal: asker.signal },
  );

  assert.equal(report.cancelled, true);
  assert.equal(report.outcome, "resolve/timeout");
});

test("refuses, before any traffic, what cannot be probed", async () => {
  const refused: [Partial<RunOptions>, string][] = [
    [{ module: undefined, moduleName: "nope" }, "request/unknown-prober"],
    [{ target: "" }, "request/target-missing"],
    [{ timeoutSeconds: Number.NaN }, "deadline/no-time-left"],
    [{ timeoutSeconds: 0 }, "deadline/no-time-left"],
    [{ timeoutSeconds: -0.5 }, "deadline/no-time-left"],
    [{ timeoutSeconds: 5, waitedSeconds: 5 }, "deadline/no-time-left"],
  ];

  for (const [options, outcome] of refused) {
    const report = await run({ ...defaults(() => assert.fail("probed")), ...options });

    assert.equal(report.outcome, outcome);
    assert.notEqual(report.detail, "");
    assert.ok(report.timeoutSeconds >= 0);
  }
});

test("compares the limit with the response time that the probe notes", async () => {
  const module = { maxResponseTimeSeconds: 0.5 };

  const slow = await runProbe(async (context) => context.noteResponseTime(0.75), { module });
  const quick = await runProbe(async (context) => context.noteResponseTime(0.25), { module });

  assert.equal(slow.outcome, "timing/too-slow");
  assert.match(slow.detail, /0\.750000 s/);
  assert.equal(quick.outcome, "success");
});

test("tells a probe how much time it has left", async () => {
  let left = Number.NaN;

  const report = await runProbe(async (context) => {
    left = context.secondsLeft();
  });

  assert.equal(report.outcome, "success");
  assert.ok(left > 0 && left <= 5, `found ${left}`);
});

test("ends a probe that passes but takes too long as timing/too-slow", async () => {
  const report = await runProbe((context) => context.during("exchange", () => undefined), {
    module: { maxResponseTimeSeconds: 0 },
  });

  assert.equal(report.outcome, "timing/too-slow");
  assert.match(report.detail, /more than max_response_time 0 s/);
});

test("counts the time of a phase inside another only once", async () => {
  const report = await runProbe((context) =>
    context.during("login", () => context.during("connect", () => new Promise((resolve) => setTimeout(resolve, 30)))),
  );

  const spent = new Map(report.phases.map(({ phase, seconds }) => [phase, seconds]));
  assert.ok((spent.get("connect") ?? 0) >= 0.025);
  assert.ok((spent.get("login") ?? 1) < 0.025);
  assert.ok(report.phases.reduce((sum, phase) => sum + phase.seconds, 0) <= report.durationSeconds);
});

test("replaces a sample that is measured again and takes samples back", async () => {
  const report = await runProbe(async (context) => {
    context.measure("probe_http_duration_seconds", 1, { phase: "resolve" });
    context.measure("probe_http_duration_seconds", 2, { phase: "connect" });
    context.measure("probe_http_duration_seconds", 3, { phase: "resolve" });
    context.measure("probe_tls_version_info", 1, { version: "TLS 1.3" });
    context.withdraw(["probe_tls_version_info"]);
  });

  assert.deepEqual(
    report.measurements.map(({ labels, value }) => [labels, value]),
    [
      [{ phase: "resolve" }, 3],
      [{ phase: "connect" }, 2],
    ],
  );
});

test("bounds the lines and samples of a probe that never stops talking, and says what it dropped", async () => {
  const report = await runProbe(async (context) => {
    for (let index = 0; index < 5_000; index++) {
      context.log("info", "again");
      context.measure("probe_tls_cipher_info", 1, { cipher: String(index) });
    }
  });

  assert.equal(report.log.length, 202, "the bound, the line about what is missing, the line about the end");
  // One line is "Probe started".
  assert.deepEqual(report.log.at(-2)?.fields, { log_lines: 4_801, samples: 3_000 });
  assert.equal(report.log.at(-2)?.level, "warn");
  assert.equal(report.log.at(-1)?.message, "Probe succeeded");
  assert.equal(report.measurements.length, 2_000);
});

test("drops nothing, and claims nothing of the kind, up to the bounds", async () => {
  const report = await runProbe(async (context) => {
    for (let index = 0; index < 199; index++) context.log("info", "again");
    for (let index = 0; index < 2_000; index++) {
      context.measure("probe_tls_cipher_info", 1, { cipher: String(index) });
      context.measure("probe_tls_cipher_info", 1, { cipher: String(index) });
    }
  });

  assert.equal(report.log.length, 201);
  assert.equal(report.log.at(-2)?.message, "again");
  assert.equal(report.measurements.length, 2_000);
});

test("a defect keeps its stack however much the probe has written", async () => {
  const report = await runProbe((context) => {
    for (let index = 0; index < 500; index++) context.log("info", "again");
    throw new TypeError("broken");
  });

  const stack = report.log.find(({ message }) => message === "Defect of the exporter")?.fields["stack"];
  assert.match(String(stack), /TypeError: broken/);
});

test("yields plain data, and hides the password of a target", async () => {
  const report = await run({ ...defaults(() => Promise.resolve()), target: "https://user:hunter2@example.com/" });

  assert.deepEqual(structuredClone(report), report);
  assert.equal(report.target, "https://user:xxxxx@example.com/");
});

function runProbe(
  probe: (context: ProbeContext) => Promise<unknown>,
  options: Partial<Omit<RunOptions, "module">> & { readonly module?: Partial<Module> } = {},
): Promise<Report> {
  const { module, ...rest } = options;
  const base = defaults(async (context) => {
    await probe(context);
  });
  return run({ ...base, ...rest, module: { ...base.module, ...module } });
}

function defaults(probe: (context: ProbeContext) => Promise<void>): RunOptions & { readonly module: Module } {
  return {
    module: {
      name: "test",
      protocol: "http",
      timeouts: {},
      timeoutSeconds: undefined,
      maxResponseTimeSeconds: undefined,
      internalAddresses: "allow",
      resolver: [],
      probe: (_target, context) => probe(context),
    },
    moduleName: "test",
    target: "target",
    hostname: undefined,
    timeoutSeconds: 5,
    waitedSeconds: 0,
    network: NETWORK,
    services: createServices(NETWORK),
    signal: new AbortController().signal,
  };
}
