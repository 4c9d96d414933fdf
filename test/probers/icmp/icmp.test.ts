import assert from "node:assert/strict";
import { test } from "node:test";
import { loadConfiguration } from "../../../src/config/load-configuration.ts";
import { createNetwork } from "../../../src/network/create-network.ts";
import type { Report } from "../../../src/outcome/report.ts";
import { PROBERS } from "../../../src/probers/all.ts";
import { icmp } from "../../../src/probers/icmp/icmp.ts";
import { createLocalRunner } from "../../../src/runner/local-runner.ts";
import type { Settings } from "../../faults/fault.ts";
import { throughTunnel } from "../../faults/icmp/through-tunnel.ts";
import { type OnEcho, replyTo, startEchoHost } from "../../support/echo-host.ts";
import { problemsOfModule, valueOf } from "../../support/run-probe.ts";

const PROBERS_THROUGH_TUNNEL = [...PROBERS.filter(({ protocol }) => protocol !== "icmp"), throughTunnel(icmp)];

/** A probe of a host that does this with echo requests. */
async function probe(
  onEcho: OnEcho,
  { settings = {}, module = {} }: { readonly settings?: Settings; readonly module?: Settings } = {},
): Promise<Report> {
  await using host = await startEchoHost(onEcho);
  const text = JSON.stringify({ modules: { case: { prober: "icmp", ...module, icmp: settings } } });
  const loaded = loadConfiguration(text, PROBERS_THROUGH_TUNNEL);
  if ("problems" in loaded) throw new Error(`Cannot use the module: ${loaded.problems.join("\n")}`);
  const runner = createLocalRunner({ modules: () => loaded.modules, network: createNetwork() });
  const timeoutSeconds = loaded.modules.get("case")?.timeoutSeconds ?? 5;
  const request = { module: "case", target: host.host, timeoutSeconds, receivedAt: Date.now() };
  return await runner.run(request, new AbortController().signal);
}

/** The samples of the probe's own metrics, by name and label. */
function samplesOf({ measurements }: Report): ReadonlyMap<string, number> {
  return new Map(
    measurements
      .filter(({ name }) => name.startsWith("probe_icmp_"))
      .map(({ name, labels, value }) => [
        [name.slice("probe_icmp_".length), ...Object.values(labels)].join(" "),
        value,
      ]),
  );
}

test("measures what blackbox_exporter does, and what several packets tell beyond that", async () => {
  const report = await probe((request, number) => [{ message: replyTo(request), hopLimit: 50 + number }], {
    settings: { packets: 3, interval: "10ms" },
  });

  const samples = samplesOf(report);
  assert.equal(report.outcome, "success", report.detail);
  assert.deepEqual(
    ["packets_sent", "packets_received", "packets_duplicate", "packets_malformed", "loss_ratio", "reply_hop_limit"].map(
      (name) => samples.get(name),
    ),
    [3, 3, 0, 0, 0, 52],
  );
  const [least, average, most] = ["min", "avg", "max"].map(
    (statistic) => samples.get(`rtt_seconds ${statistic}`) ?? -1,
  );
  assert.ok(least !== undefined && average !== undefined && most !== undefined);
  assert.ok(0 < least && least <= average && average <= most && most < 1);
  assert.ok((samples.get("rtt_seconds stddev") ?? -1) >= 0 && (samples.get("jitter_seconds") ?? -1) >= 0);
  assert.equal(samples.get("duration_seconds rtt"), average);
  assert.ok((samples.get("duration_seconds setup") ?? -1) > 0);
  assert.equal(valueOf(report, "probe_ip_protocol"), 4);
});

test("invents no spread for one packet, and no round trip for none", async () => {
  const one = samplesOf(await probe((request) => [{ message: replyTo(request) }]));
  const none = samplesOf(await probe(() => [], { module: { timeout: "300ms" } }));

  assert.deepEqual(
    [one.has("rtt_seconds avg"), one.has("rtt_seconds stddev"), one.has("jitter_seconds")],
    [true, false, false],
  );
  assert.deepEqual([none.get("packets_sent"), none.get("packets_received"), none.get("loss_ratio")], [1, 0, 1]);
  assert.equal([...none.keys()].filter((key) => key.startsWith("rtt_seconds")).length, 0);
  assert.equal(none.has("reply_hop_limit"), false);
  assert.equal(none.get("duration_seconds rtt"), 0);
});

test("ends by itself before the deadline, with what has come in by then", async () => {
  const report = await probe((request, number) => (number % 2 === 0 ? [{ message: replyTo(request) }] : []), {
    settings: { packets: 6, interval: "1s", packet_timeout: "30s" },
    module: { timeout: "600ms" },
  });

  assert.equal(report.outcome, "exchange/packet-loss");
  assert.equal(report.detail, "3 of 6 packets were lost, more than max_loss_ratio 0");
  assert.equal(samplesOf(report).get("packets_received"), 3);
  assert.ok(report.durationSeconds < 0.6, `took ${report.durationSeconds} s`);
});

test("compares the average round trip, not the whole probe, with max_response_time", async () => {
  const settings = { packets: 5, interval: "30ms" };

  const quick = await probe((request) => [{ message: replyTo(request) }], {
    settings,
    module: { max_response_time: "60ms" },
  });
  const slow = await probe((request) => [{ message: replyTo(request), afterMilliseconds: 90 }], {
    settings,
    module: { max_response_time: "60ms" },
  });

  assert.ok(quick.durationSeconds > 0.1);
  assert.equal(quick.outcome, "success", quick.detail);
  assert.equal(slow.outcome, "timing/too-slow", slow.detail);
});

test("keeps what was measured when the loss is tolerated", async () => {
  const report = await probe((request, number) => (number === 0 ? [] : [{ message: replyTo(request) }]), {
    settings: { packets: 4, interval: "10ms", packet_timeout: "500ms", max_loss_ratio: 0.25 },
  });

  assert.equal(report.outcome, "exchange/packet-loss-tolerated");
  assert.equal(samplesOf(report).get("loss_ratio"), 0.25);
  assert.ok((samplesOf(report).get("rtt_seconds avg") ?? 0) > 0);
});

test("sends as many bytes as blackbox_exporter does, unless told otherwise", async () => {
  const lengths: number[] = [];
  const onEcho: OnEcho = (request) => {
    lengths.push(request.length - 8);
    return [{ message: replyTo(request) }];
  };
  for (const settings of [{}, { payload_size: 0 }, { payload_size: 1 }, { payload_size: 1_000 }]) {
    await probe(onEcho, { settings });
  }

  assert.deepEqual(lengths, [28, 28, 1, 1_000]);
});

test("accepts every key at its bounds", () => {
  const accepted: readonly Settings[] = [
    { payload_size: 65_507, ttl: 255, tos: 255, packets: 1_000, interval: "10ms", packet_timeout: "1ms" },
    { payload_size: 0, ttl: 0, tos: 0, packets: 1, max_loss_ratio: 0, dont_fragment: "yes" },
    {
      max_loss_ratio: 0.999,
      source_ip_address: "127.0.0.1",
      preferred_ip_protocol: "ip6",
      ip_protocol_fallback: false,
    },
  ];
  for (const settings of accepted) assert.deepEqual(problemsOfModule("icmp", settings), []);
});

test("finds every value that is out of bounds, and says what is expected", () => {
  const refused: readonly (readonly [Settings, RegExp])[] = [
    [{ payload_size: -1 }, /payload_size.*0 to 65507/u],
    [{ payload_size: 65_508 }, /payload_size.*0 to 65507/u],
    [{ payload_size: 1.5 }, /payload_size.*whole number/u],
    [{ ttl: -1 }, /ttl.*0 to 255/u],
    [{ ttl: 256 }, /ttl.*0 to 255/u],
    [{ tos: 256 }, /tos.*0 to 255/u],
    [{ packets: 0 }, /packets.*1 to 1000/u],
    [{ packets: 1_001 }, /packets.*1 to 1000/u],
    [{ interval: "9ms" }, /interval.*10ms or more/u],
    [{ interval: 1 }, /interval.*duration/u],
    [{ packet_timeout: "0s" }, /packet_timeout.*more than 0s/u],
    [{ max_loss_ratio: 1 }, /max_loss_ratio.*less than 1/u],
    [{ max_loss_ratio: -0.1 }, /max_loss_ratio.*0 or more/u],
    [{ max_loss_ratio: "10%" }, /max_loss_ratio.*number/u],
    [{ source_ip_address: "localhost" }, /source_ip_address.*IP address/u],
    [{ count: 3 }, /count/u],
  ];
  for (const [settings, expected] of refused) {
    const problems = problemsOfModule("icmp", settings);

    assert.equal(problems.length, 1, JSON.stringify(settings));
    assert.match(problems[0] ?? "", expected);
  }
});
