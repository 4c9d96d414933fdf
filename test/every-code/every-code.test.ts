import assert from "node:assert/strict";
import { test } from "node:test";
import { isSuccess, splitOutcome } from "../../src/outcome/outcome.ts";
import { PROBERS } from "../../src/probers/all.ts";
import { readFixture } from "../catalogue/fixture.ts";
import { FAULTS } from "../faults/all.ts";
import { sabotage } from "../faults/defect-fault.ts";
import type { Fault } from "../faults/fault.ts";
import { throughTunnel } from "../faults/icmp/through-tunnel.ts";
import { sendReports } from "../faults/send-reports.ts";
import { type Fleet, type Member, startFleet } from "../faults/start-fleet.ts";
import { type ExhaustedExporter, startExhaustedExporter } from "../support/exhausted-exporter.ts";
import { type Scrape, startTestExporter } from "../support/exporter.ts";
import { MAPPING } from "./mapping.ts";
import { type Served, servedBy } from "./served-codes.ts";
import { UNPROVOKED } from "./unprovoked.ts";

const COVERED: ReadonlySet<string> = new Set([...PROBERS.map(({ protocol }) => protocol), "any"]);
const PROVOKED = FAULTS.filter(({ subject }) => COVERED.has(subject));

/** So that probes wait for their deadlines together, and short deadlines are not missed because of the crowd. */
const AT_ONCE = 8;

const seen = new Set<string>();

void test("every fault is told apart at /probe", async (suite) => {
  await using fleet = await startFleet(PROVOKED);
  await using exporter = await startTestExporter({
    configuration: fleet.configuration,
    probers: PROBERS.map(sabotage).map(throughTunnel),
  });
  await sendReports(fleet.members, exporter.url);
  await using exhausted = await startExhausted(fleet);
  await suite.test("in both catalogues", { concurrency: AT_ONCE }, async (faults) => {
    const tests = fleet.members.map(({ fault, started, module }) =>
      faults.test(`${fault.subject}: ${fault.name} is ${fault.outcome}`, async () => {
        const { probe } = fault.exporter === "exhausted" ? exhausted : exporter;

        const served = servedBy(await probe(scrapeOf({ started, module })));

        assert.deepEqual(served, expectedOf(fault));
        for (const code of served.codes) seen.add(code);
      }),
    );
    await Promise.all(tests);
  });
});

void test("every outcome of every protocol that can be probed has a fault", () => {
  const provoked = new Set(PROVOKED.map(({ subject, outcome }) => `${subject} ${outcome}`));
  const rows = MAPPING.filter(({ subject }) => COVERED.has(subject));

  const missing = rows.filter(({ subject, outcome }) => !provoked.has(`${subject} ${outcome}`));
  const excused = UNPROVOKED.filter(({ subject }) => COVERED.has(subject));

  assert.ok(rows.length >= 40, `expected the rows of http at least, found ${rows.length}`);
  assert.deepEqual(
    missing.map(({ subject, outcome }) => `${subject} ${outcome}`).toSorted(),
    excused.map(({ subject, outcome }) => `${subject} ${outcome}`).toSorted(),
  );
});

void test("every documented code of the protocols that can be probed was served", () => {
  const documented = documentedCodes();

  const missing = documented.filter((code) => !seen.has(code));

  assert.ok(documented.length >= 55, `expected the codes of http at least, found ${documented.length}`);
  assert.deepEqual(missing, []);
});

void test("no two faults have the same name", () => {
  const names = FAULTS.map(({ subject, name }) => `${subject} ${name}`);

  assert.equal(new Set(names).size, names.length);
});

/** Of the faults that lie in the exporter's own state. */
function startExhausted({ members, configuration }: Fleet): Promise<ExhaustedExporter> {
  const scrapes = members.filter(({ fault }) => fault.exporter === "exhausted").map(scrapeOf);
  return startExhaustedExporter({ configuration, scrapes });
}

function scrapeOf({ started, module }: Pick<Member, "started" | "module">): Scrape {
  return { module, target: started.target, timeout: started.scrapeTimeout ?? "10" };
}

function expectedOf({ subject, outcome, httpStatus }: Fault): Served {
  const row = MAPPING.find((one) => one.subject === subject && one.outcome === outcome);
  assert.ok(row, `the mapping has no row for ${subject} ${outcome}`);
  const codes = row.codes.map(({ catalogue, list, code }) => {
    assert.ok(code !== STATUS || httpStatus !== undefined, "the fault must say which status stands as its code");
    return `${catalogue} ${list} ${code === STATUS ? httpStatus : code}`;
  });
  return {
    success: isSuccess(outcome) ? 1 : 0,
    outcomes: [{ outcome, ...splitOutcome(outcome) }],
    codes,
    info: codes,
  };
}

const STATUS = "HTTP-STATUS";

/** The rows of the vendors' lists, written `catalogue list code`, to which an outcome of a covered protocol leads. */
function documentedCodes(): readonly string[] {
  const reachable = new Set(
    MAPPING.filter(({ subject }) => COVERED.has(subject)).flatMap(({ codes }) =>
      codes.map(({ catalogue, list, code }) => `${catalogue} ${list} ${code}`),
    ),
  );
  return readFixture("documented.tsv").flatMap(({ catalogue, list, section, codes = "" }) => {
    const common = section === "Common HTTP status codes";
    return codes
      .split(" ")
      .filter((code) => reachable.has(`${catalogue} ${list} ${common ? STATUS : code}`))
      .map((code) => `${catalogue} ${list} ${code}`);
  });
}
