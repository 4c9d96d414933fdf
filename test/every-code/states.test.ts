import assert from "node:assert/strict";
import { test } from "node:test";
import { readFixture } from "../catalogue/fixture.ts";
import { startTestExporter } from "../support/exporter.ts";
import { parseMetrics, type Sample } from "../support/parse-metrics.ts";

/** A module whose probes have their codes in this list of Hitflow's. */
const MODULES = {
  service: { prober: "tcp" },
  server: { prober: "server" },
  ssl: { prober: "tls" },
  domain: { prober: "domain" },
} as const;

const ROWS = readFixture("mapping.tsv").filter((row) => row["protocol"] === "state");

void test("each state of a declared service has its code in each list, without any traffic", async () => {
  await using exporter = await startTestExporter({ configuration: configuration() });
  const expected = new Set<string>();
  const seen = new Set<string>();

  const metrics = parseMetrics(await (await fetch(`${exporter.url}/metrics`)).text());
  for (const { outcome = "", hitflow_list: lists = "", hitflow_code: code = "" } of ROWS) {
    const state = outcome.replace("state/", "");
    for (const list of lists.split("|")) {
      const name = `${list}-${state}`;
      expected.add(`${name} hitflow ${list} ${code}`);
      for (const found of codesOf(metrics, "status_exporter_service_status_code", name)) seen.add(found);
      if (state === "pending") continue;
      const answer = parseMetrics(await (await fetch(`${exporter.url}/probe?service=${name}`)).text());
      assert.deepEqual(codesOf(answer, "probe_status_code"), [`hitflow ${list} ${code}`]);
    }
  }

  assert.equal(expected.size, 12);
  assert.deepEqual(seen, expected);
});

function configuration(): string {
  const services = Object.keys(MODULES).flatMap((module) =>
    ["active", "created", "disabled"].map((state) => ({
      name: `${module}-${state === "active" ? "pending" : state}`,
      module,
      target: "nobody",
      state,
    })),
  );
  const servers = { nobody: { token_sha256: "0".repeat(64) } };
  return JSON.stringify({ modules: MODULES, services, servers });
}

/** `service catalogue list code` of one service, or without the service where none is asked for. */
function codesOf(samples: readonly Sample[], metric: string, service?: string): readonly string[] {
  return samples
    .filter(({ name, labels }) => name === metric && labels["service"] === service)
    .map(({ labels, value }) => {
      const code = `${labels["catalogue"]} ${labels["list"]} ${value}`;
      return service === undefined ? code : `${service} ${code}`;
    });
}
