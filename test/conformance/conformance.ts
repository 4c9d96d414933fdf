import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { loadConfiguration } from "../../src/config/load-configuration.ts";
import { createNetwork } from "../../src/network/create-network.ts";
import type { Protocol } from "../../src/outcome/protocol.ts";
import type { Report } from "../../src/outcome/report.ts";
import { PROBERS } from "../../src/probers/all.ts";
import { createServices } from "../../src/runner/create-services.ts";
import { createLocalRunner } from "../../src/runner/local-runner.ts";
import { FAULTS } from "../faults/all.ts";
import type { Fault, StartedFault } from "../faults/fault.ts";
import { throughTunnel } from "../faults/icmp/through-tunnel.ts";
import type { Traffic } from "../faults/servers/fault-server.ts";
import { eventually } from "../support/eventually.ts";

/** A situation in the words of a protocol: the name of one of its faults, or why there can be none. */
type Situation = string | { readonly none: string };

/** The situations that every protocol must bear. */
export interface ConformanceCases {
  readonly unknownName: Situation;
  readonly closedPort: Situation;
  readonly silentServer: string;
  readonly halfAnAnswer: Situation;
  readonly garbage: Situation;
  readonly endlessAnswer: Situation;
  /** What else may end a conversation of this protocol at an awkward moment. */
  readonly others?: readonly string[];
}

/** The situations of the protocols that talk in lines, mail and FTP. */
export const LINE_DIALOGUE = {
  unknownName: "a name that does not exist",
  closedPort: "a port on which nothing listens",
  silentServer: "a server that accepts and stays silent",
  halfAnAnswer: "a server that stops in the middle of a line",
  garbage: "a server that speaks another protocol",
  endlessAnswer: "a line without end",
} as const satisfies ConformanceCases;

/** Shows that a protocol's prober answers each situation with its outcome, in time, and leaves nothing open. */
export function conformance(protocol: Protocol, cases: ConformanceCases): void {
  const { others = [], ...common } = cases;
  for (const name of [...Object.values<Situation>(common), ...others]) {
    if (typeof name !== "string") continue;
    const fault = faultNamed(protocol, name);
    void test(`${protocol}: ${name} is ${fault.outcome}, in time, and leaves nothing open`, () => bear(fault));
  }
  void test(`${protocol}: an asker that hangs up ends the probe and leaves nothing open`, () =>
    hangUp(faultNamed(protocol, cases.silentServer)));
}

/** What an answer may need after its deadline on a busy machine. */
const MARGIN_SECONDS = 0.25;

/** More than any of these faults needs, so that the module's own timeout is the deadline. */
const SCRAPE_SECONDS = 10;

async function bear(fault: Fault): Promise<void> {
  const started = await fault.start();
  await using server = started.server;
  const before = await settledResources();
  const controller = new AbortController();

  const report = await probe(started, controller.signal);

  assert.equal(report.outcome, fault.outcome, report.detail);
  assert.equal(report.cancelled, false);
  assertInTime(report, report.timeoutSeconds);
  await assertNothingLeft({ server, before, signal: controller.signal });
}

async function hangUp(fault: Fault): Promise<void> {
  const started = await fault.start();
  await using server = started.server;
  const before = await settledResources();
  const controller = new AbortController();

  const answer = probe({ ...started, module: { ...started.module, timeout: "10s" } }, controller.signal);
  await eventually(() => assert.ok(server.arrivals() > 0));
  const hungUpAt = performance.now();
  controller.abort();
  const report = await answer;

  assert.equal(report.cancelled, true);
  assert.ok((performance.now() - hungUpAt) / 1000 <= MARGIN_SECONDS, "the probe went on after the asker hung up");
  await assertNothingLeft({ server, before, signal: controller.signal });
}

function probe({ module, target, servers = {} }: StartedFault, signal: AbortSignal): Promise<Report> {
  const loaded = loadConfiguration(JSON.stringify({ modules: { case: module }, servers }), PROBERS.map(throughTunnel));
  if ("problems" in loaded) throw new Error(`Cannot use the module: ${loaded.problems.join("\n")}`);
  const network = createNetwork();
  const services = createServices(network, {
    storage: { kind: "memory" },
    storeObserver: { onFault: () => undefined, onRecovery: () => undefined },
    servers: () => loaded.servers,
  });
  const runner = createLocalRunner({ modules: () => loaded.modules, network, services });
  const timeoutSeconds = loaded.modules.get("case")?.timeoutSeconds ?? SCRAPE_SECONDS;
  return runner.run({ module: "case", target, timeoutSeconds, receivedAt: Date.now() }, signal);
}

function assertInTime({ durationSeconds }: Report, timeoutSeconds: number): void {
  const most = timeoutSeconds + MARGIN_SECONDS;
  assert.ok(durationSeconds <= most, `expected an answer within ${most} s, found one after ${durationSeconds} s`);
}

async function assertNothingLeft(found: {
  readonly server: Traffic;
  readonly before: readonly string[];
  readonly signal: AbortSignal;
}): Promise<void> {
  await eventually(() => assert.equal(found.server.connections(), 0, "connections to the server"));
  await eventually(() => assert.deepEqual(openResources(), found.before, "sockets, timers and requests"));
  assert.equal(getEventListeners(found.signal, "abort").length, 0, "listeners on the asker's signal");
}

/** What is open while nothing happens: closing what an earlier test used may take some turns of the event loop. */
async function settledResources(): Promise<readonly string[]> {
  let last = openResources();
  for (let quietTurns = 0; quietTurns < QUIET_TURNS; quietTurns += 1) {
    await nextTurn();
    const now = openResources();
    if (now.join() !== last.join()) quietTurns = 0;
    last = now;
  }
  return last;
}

/** Handles close within two turns of each other. */
const QUIET_TURNS = 20;

/** Whatever would keep the process alive, by kind; the turn of the event loop in which this is asked does not count. */
function openResources(): readonly string[] {
  return process
    .getActiveResourcesInfo()
    .filter((kind) => kind !== "Immediate")
    .toSorted();
}

function faultNamed(protocol: Protocol, name: string): Fault {
  const fault = FAULTS.find((one) => one.subject === protocol && one.name === name);
  if (fault === undefined) throw new Error(`Cannot find a fault of ${protocol} that is ${JSON.stringify(name)}`);
  return fault;
}
