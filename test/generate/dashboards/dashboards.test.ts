import assert from "node:assert/strict";
import { test } from "node:test";
import { MappingType } from "@grafana/grafana-foundation-sdk/dashboard";
import { documentedCodes } from "../../../src/catalogue/documented-codes.ts";
import { DASHBOARDS } from "../../../src/generate/dashboards/all.ts";
import { type DashboardSpec, dashboardText } from "../../../src/generate/dashboards/dashboard.ts";
import { codeMappings, OUTCOME_MAPPINGS } from "../../../src/generate/dashboards/mappings.ts";
import { FAILURES } from "../../../src/outcome/outcome.ts";
import { knownMetrics, metricsIn } from "../known-metrics.ts";

/** The parts of Grafana's JSON that are judged here. */
interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly panels: readonly {
    readonly id: number;
    readonly title: string;
    readonly description: string;
    readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
    readonly fieldConfig: { readonly defaults: { readonly unit?: string } };
    readonly targets: readonly { readonly expr: string; readonly refId: string }[];
  }[];
  readonly tags: readonly string[];
  readonly links: readonly { readonly tags: readonly string[] }[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly query: string }[] };
}

const BUILT = DASHBOARDS.map((spec) => {
  const dashboard: Dashboard = JSON.parse(dashboardText(spec));
  return { name: spec.name, spec, dashboard };
});

void test("dashboards have names, titles and identities of their own", () => {
  for (const part of ["uid", "title"] as const) {
    assert.equal(new Set(BUILT.map(({ dashboard }) => dashboard[part])).size, DASHBOARDS.length);
  }
});

/** What every selector filters by. Grafana escapes no signs of expressions in a variable that has one value at a time. */
const SELECTION = {
  many: /^job=~"\$job",instance=~"\$instance"/,
  one: /^job=~"\$job",instance="\$target"/,
} as const satisfies Record<DashboardSpec["instances"], RegExp>;

for (const { name, spec, dashboard } of BUILT) {
  const queries = dashboard.panels.flatMap(({ title, targets }) => targets.map(({ expr }) => ({ title, expr })));

  void test(`${name}: panels have numbers of their own, a unit and a description`, () => {
    const ids = dashboard.panels.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
    for (const { title, description, fieldConfig } of dashboard.panels) {
      assert.ok(fieldConfig.defaults.unit, `${title} has no unit`);
      assert.notEqual(description, "", title);
    }
  });

  void test(`${name}: panels lie beside each other, within the width of the grid`, () => {
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, index) => `${x + (index % w)} ${y + Math.floor(index / w)}`),
    );
    assert.equal(new Set(cells).size, cells.length);
    for (const { title, gridPos } of dashboard.panels) assert.ok(gridPos.x + gridPos.w <= 24, title);
  });

  void test(`${name}: every selector of every query filters by job and instance`, () => {
    for (const { title, expr } of queries) {
      const selectors = [...expr.matchAll(/\b[a-z_]\w*(?::\w+)*\{([^}]*)\}/g)].map(([, labels = ""]) => labels);
      assert.equal(selectors.length, metricsIn(expr.replaceAll("$__", "")).length, `${title}: ${expr}`);
      for (const labels of selectors) assert.match(labels, SELECTION[spec.instances], title);
    }
  });

  void test(`${name}: every metric that a query asks for exists`, async () => {
    const known = await knownMetrics();
    const asked = [...queries.map(({ expr }) => expr.replaceAll("$__", "")), ...DASHBOARDS.map(({ of }) => of)];
    assert.deepEqual(
      asked.flatMap(metricsIn).filter((metric) => !known.has(metric)),
      [],
    );
  });

  void test(`${name}: every data source is the one that the reader chooses`, () => {
    const sources = [...JSON.stringify(dashboard).matchAll(/"uid":"([^"]+)"/g)].map(([, uid]) => uid);
    assert.deepEqual(new Set(sources), new Set(["${datasource}", dashboard.uid]));
    assert.deepEqual(
      dashboard.templating.list.map((variable) => variable.name),
      ["datasource", "job", spec.instances === "one" ? "target" : "instance"],
    );
  });

  void test(`${name}: each table of targets leads to the dashboard of a target, and names its variables`, () => {
    const target = BUILT.find((other) => other.name === "target")?.dashboard;
    assert.ok(target !== undefined);
    const variables = new Set(target.templating.list.map((variable) => `var-${variable.name}`));
    const urls = [...dashboardText(spec).matchAll(/"url": "([^"]+)"/g)].map(([, url = ""]) => url);
    const tables = spec.rows.flat().filter((panel) => panel.kind === "table" && panel.targets !== undefined);
    assert.equal(urls.length, tables.length);
    for (const url of urls) {
      const { pathname, searchParams } = new URL(url, "http://grafana.example.com");
      assert.equal(pathname, `/d/${target.uid}`);
      for (const variable of [...searchParams.keys()].filter((key) => key.startsWith("var-")))
        assert.ok(variables.has(variable), variable);
    }
  });

  void test(`${name}: the list of links finds every dashboard`, () => {
    const wanted = dashboard.links.flatMap(({ tags }) => tags);
    assert.equal(wanted.length, 1);
    for (const other of BUILT) for (const tag of wanted) assert.ok(other.dashboard.tags.includes(tag), other.name);
  });
}

void test("a documented code is shown with its meaning in its own list", () => {
  for (const { catalogue, list, code, message } of documentedCodes()) {
    const [first] = codeMappings(catalogue, list);
    assert.ok(first !== undefined && first.type === MappingType.ValueToText);
    assert.equal(first.options[String(code)]?.text, `${code} ${message}`);
    assert.ok(first.options[String(code)]?.color);
  }
});

void test("every outcome has a colour", () => {
  const [first] = OUTCOME_MAPPINGS;
  assert.ok(first !== undefined && first.type === MappingType.ValueToText);
  for (const outcome of ["success", ...FAILURES]) assert.ok(first.options[outcome]?.color, outcome);
});
