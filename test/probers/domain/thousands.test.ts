import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { createNetwork } from "../../../src/network/create-network.ts";
import { Services } from "../../../src/probe/services.ts";
import { DomainLookups } from "../../../src/probers/domain/domain-lookups.ts";
import { domainSettings } from "../../../src/probers/domain/settings.ts";
import { readDomain } from "../../../src/probers/domain/target.ts";
import { createMemoryStore } from "../../../src/storage/memory-store.ts";
import { rdapAnswers, rdapObject } from "../../faults/domain/registry-servers.ts";
import { respond } from "../../faults/servers/answers.ts";
import { createFakeClock, type FakeClock } from "./fake-clock.ts";

const DOMAINS = 1500;
const MINUTES_A_DAY = 24 * 60;

/** Always the same sequence, so that the test is: a linear congruential generator (Knuth's constants for 32 bits). */
function pseudoRandom(): () => number {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

void test("1,500 domains scraped every minute cause about 1,500 look-ups a day, none sooner than a second after another", async () => {
  const clock = createFakeClock(pseudoRandom());
  const asked: number[] = [];
  await using registry = await rdapAnswers((socket, { path }) => {
    asked.push(clock.now());
    respond(socket, { body: rdapObject(path.slice("/domain/".length), { events: [] }) });
  });
  const settings = domainSettings.parse({
    sources: ["rdap"],
    rdap_servers: { com: `http://${registry.host}:${registry.port}/` },
  });
  using services = new Services({ ...outside(), clock });
  const lookUps = services.get(DomainLookups);
  const domains = Array.from({ length: DOMAINS }, (_, index) => readDomain(`shop-${index}.com`, []));
  const scrape = async (): Promise<void> => {
    await Promise.all(domains.map((domain) => lookUps.find(domain, { settings, module: MODULE })));
  };
  // On the first day, on which all are new, now and then suffices.
  await pass({ every: 30, clock, lookUps, scrape });
  const firstDay = asked.length;

  await pass({ every: 1, clock, lookUps, scrape });

  const secondDay = asked.length - firstDay;
  assert.ok(firstDay >= DOMAINS, `expected every domain on the first day, found ${firstDay} look-ups`);
  assert.ok(Math.abs(secondDay - DOMAINS) < DOMAINS / 2, `expected about ${DOMAINS} look-ups, found ${secondDay}`);
  assert.ok(asked.length < 2.5 * DOMAINS, `expected about ${2 * DOMAINS} look-ups in two days, found ${asked.length}`);
  assert.ok(mostInOneMinute(asked) <= 60, "a registry was asked more often than once a second");
});

const MODULE = {
  name: "domain",
  timeoutSeconds: 5,
  maxResponseTimeSeconds: undefined,
  internalAddresses: "allow",
  resolver: [],
} as const;

function outside(): Pick<ConstructorParameters<typeof Services>[0], "network" | "store" | "servers"> {
  return { network: createNetwork(), store: createMemoryStore(), servers: () => new Map() };
}

/** Lets a day pass, with a scrape in every so many minutes; look-ups whose turn has come end before the clock goes on. */
async function pass(options: {
  readonly every: number;
  readonly clock: FakeClock;
  readonly lookUps: DomainLookups;
  readonly scrape: () => Promise<void>;
}): Promise<void> {
  const { clock, lookUps } = options;
  for (let minute = 0; minute < MINUTES_A_DAY; minute += 1) {
    const scraped = minute % options.every === 0 ? options.scrape() : undefined;
    clock.advance(60);
    await scraped;
    while (lookUps.running > clock.sleepers()) await nextTurn();
  }
}

function mostInOneMinute(times: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const time of times) counts.set(Math.floor(time / 60_000), (counts.get(Math.floor(time / 60_000)) ?? 0) + 1);
  return Math.max(...counts.values());
}
