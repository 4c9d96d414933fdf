import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { RULE_FILES } from "../../src/generate/alerts/rule-files.ts";
import {
  type DashboardQuery,
  type DashboardVariable,
  type GrafanaDashboard,
  readDashboard,
} from "./support/grafana-dashboard.ts";
import { type Chosen, interpolate } from "./support/grafana-interpolation.ts";
import { integrationTest } from "./support/integration-test.ts";
import { type MonitoredFleet, startMonitoredFleet } from "./support/monitored-fleet.ts";
import type { Series } from "./support/prometheus.ts";

const FILES = fileURLToPath(new URL("../../dashboards", import.meta.url));
const DASHBOARDS = readdirSync(FILES)
  .filter((name) => name.endsWith(".json"))
  .map((name) => readDashboard(basename(name, ".json")));

const PAGE = readFileSync(new URL("../../docs/dashboards.md", import.meta.url), "utf8");

integrationTest("everything that Prometheus is asked for has an answer, where everything can be seen that is wrong", {
  programs: ["prometheus", "ping"],
  async body(stack, context) {
    const fleet = await startMonitoredFleet(stack);

    assert.equal(DASHBOARDS.length, 6);
    for (const dashboard of DASHBOARDS) {
      await context.test(`${dashboard.name}: every variable has values, and every query data`, async () => {
        assert.deepEqual(await unanswered(dashboard, fleet), []);
      });
    }

    await context.test("target: each of the targets that can be chosen is found, whatever signs it has", async () => {
      assert.deepEqual(await lostTargets(fleet), []);
    });

    await context.test("every query that docs/dashboards.md shows returns data", async () => {
      const queries = [...PAGE.matchAll(/\| `([^`]*probe_[^`]*)` +\|/g)].map(([, query = ""]) => query);
      assert.ok(queries.length > 0);
      for (const query of queries) {
        // One with a step of a minute may find none of its steps in a test that takes half of one.
        assert.ok(hasNumber(await fleet.prometheus.query(query.replace(":1m]", ":5s]"))), query);
      }
    });

    await context.test("every rule of every file was evaluated without an error", async () => {
      const groups = await fleet.prometheus.rules();
      const wanted = RULE_FILES.flatMap((file) => file.groups.map(({ name }) => name));
      assert.deepEqual(new Set(groups.map(({ name }) => name)), new Set(wanted));
      const rules = groups.flatMap((group) => group.rules.map((rule) => ({ group: group.name, ...rule })));
      assert.deepEqual(
        rules.filter(({ health }) => health !== "ok"),
        [],
      );
    });
  },
});

/** What of a dashboard stays empty, series and shown labels: with everything chosen that can be, and with every value chosen by itself. */
async function unanswered(dashboard: GrafanaDashboard, fleet: MonitoredFleet): Promise<readonly string[]> {
  const values = await valuesOf(dashboard.variables, fleet);
  const empty = [...values].filter(([, found]) => found.length === 0).map(([{ name }]) => `the variable ${name}`);
  for (const query of dashboard.queries.flatMap(partsOf)) {
    for (const extent of ["all", "each"] as const) {
      const series = await ask(query, { chosen: await choose({ query, values, extent, fleet }), fleet });
      if (!hasNumber(series)) empty.push(`${query.where}, of ${extent}: ${query.expr}`);
      const shown = new Set(series.flatMap(({ metric }) => Object.keys(metric)));
      const absent = query.labels.filter((label) => !shown.has(label));
      empty.push(...absent.map((label) => `the label ${label} in ${query.where}`));
    }
  }
  return empty;
}

/** Targets of the choice for which the dashboard's selector finds nothing. */
async function lostTargets(fleet: MonitoredFleet): Promise<readonly string[]> {
  const dashboard = readDashboard("target");
  const query = dashboard.queries.find(({ where }) => where === "Duration");
  const [[job] = [], [target, found] = []] = [...(await valuesOf(dashboard.variables, fleet))];
  assert.ok(job !== undefined && target !== undefined && query !== undefined && found !== undefined);
  const lost: string[] = [];
  for (const value of found) {
    const chosen: readonly Chosen[] = [
      { variable: job, choice: "All" },
      { variable: target, choice: [value] },
    ];
    if (!hasNumber(await ask(query, { chosen, fleet }))) lost.push(value);
  }
  return lost;
}

type Values = ReadonlyMap<DashboardVariable, readonly string[]>;

/** Asked for as Grafana does: from the first variable to the last, with everything chosen of those before. */
async function valuesOf(variables: readonly DashboardVariable[], { prometheus }: MonitoredFleet): Promise<Values> {
  const values = new Map<DashboardVariable, readonly string[]>();
  for (const variable of variables) {
    const [, selector = "", label] = /^label_values\((.+), (\w+)\)$/.exec(variable.query) ?? [];
    assert.ok(label, `Only label_values of a selector is known here, not ${variable.query}`);
    const chosen = [...values.keys()].map((earlier): Chosen => ({ variable: earlier, choice: "All" }));
    values.set(variable, await prometheus.labelValues(label, interpolate(selector, { span: SPAN, chosen })));
  }
  return values;
}

/** What a query puts together by `or`: each part by itself has to have an answer. */
function partsOf(query: DashboardQuery): readonly DashboardQuery[] {
  const parts = query.expr.split(/\s+or\s+/);
  return parts.length === 1
    ? [query]
    : [query, ...parts.map((expr) => ({ where: query.where, mode: query.mode, expr, labels: [] }))];
}

/** Of a variable that has one value at a time, the first for which the query has an answer. */
async function choose(options: {
  readonly query: DashboardQuery;
  readonly values: Values;
  readonly extent: "all" | "each";
  readonly fleet: MonitoredFleet;
}): Promise<readonly Chosen[]> {
  const { query, values, extent, fleet } = options;
  const several = [...values]
    .filter(([{ multi }]) => multi)
    .map(([variable, found]): Chosen => ({ variable, choice: extent === "all" ? "All" : found }));
  const single = [...values].find(([{ multi }]) => !multi);
  if (single === undefined) return several;
  const [variable, found] = single;
  const expr = query.expr.replaceAll(`instance="$${variable.name}"`, 'instance!=""');
  const [series] = await ask({ ...query, expr }, { chosen: several, fleet });
  const value = found.find((one) => one === series?.metric["instance"]) ?? "";
  return [...several, { variable, choice: [value] }];
}

/** A minute is shown; rates are taken over four scrapes, as Grafana does. */
const SPAN = { range: "1m", rateInterval: "20s" } as const;

async function ask(
  { expr, mode }: DashboardQuery,
  { chosen, fleet }: { readonly chosen: readonly Chosen[]; readonly fleet: MonitoredFleet },
): Promise<readonly Series[]> {
  const query = interpolate(expr, { span: SPAN, chosen });
  if (mode === "instant") return await fleet.prometheus.query(query);
  return await fleet.prometheus.queryRange(query, { seconds: 60, step: fleet.scrapeSeconds });
}

function hasNumber(series: readonly Series[]): boolean {
  return series.some(({ value }) => value !== "NaN");
}
