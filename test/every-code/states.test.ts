import assert from "node:assert/strict";
import { test } from "node:test";
import { readFixture } from "../catalogue/fixture.ts";
import { RESTING_MODULES, restingName, restingServices } from "../faults/resting-services.ts";
import { startFleet } from "../faults/start-fleet.ts";
import { startTestExporter } from "../support/exporter.ts";
import { parseMetrics, type Sample } from "../support/parse-metrics.ts";

const ROWS = readFixture("mapping.tsv").filter((row) => row["protocol"] === "state");

/** How a service is declared that ends up in a state of the table. */
const DECLARED = { "state/created": "created", "state/disabled": "disabled", "state/pending": "active" } as const;

void test("each state of a declared service has its code in each list, without any traffic", async () => {
  await using fleet = await startFleet([], restingServices(Object.values(DECLARED)));
  await using exporter = await startTestExporter({ configuration: fleet.configuration });
  const expected = new Set<string>();
  const seen = new Set<string>();

  const metrics = parseMetrics(await (await fetch(`${exporter.url}/metrics`)).text());
  for (const [outcome, state] of Object.entries(DECLARED)) {
    const row = ROWS.find((one) => one["outcome"] === outcome);
    for (const list of Object.keys(RESTING_MODULES)) {
      const name = restingName(list, state);
      const code = `hitflow ${list} ${row?.["hitflow_code"]}`;
      expected.add(`${name} ${code}`);
      for (const found of codesOf(metrics, "status_exporter_service_status_code", name)) seen.add(found);
      if (state === "active") continue;
      const query = new URLSearchParams({ service: name }).toString();
      const answer = parseMetrics(await (await fetch(`${exporter.url}/probe?${query}`)).text());
      assert.deepEqual(codesOf(answer, "probe_status_code"), [code]);
    }
  }

  assert.equal(expected.size, 12);
  assert.deepEqual(seen, expected);
});

void test("the table of codes has no other state, and no other list with states", () => {
  assert.deepEqual(new Set(ROWS.map((row) => row["outcome"])), new Set(Object.keys(DECLARED)));
  for (const row of ROWS) assert.deepEqual(row["hitflow_list"]?.split("|"), Object.keys(RESTING_MODULES));
});

/** `service catalogue list code` of one service, or without the service where none is asked for. */
function codesOf(samples: readonly Sample[], metric: string, service?: string): readonly string[] {
  return samples
    .filter(({ name, labels }) => name === metric && labels["service"] === service)
    .map(({ labels, value }) => {
      const code = `${labels["catalogue"]} ${labels["list"]} ${value}`;
      return service === undefined ? code : `${service} ${code}`;
    });
}
