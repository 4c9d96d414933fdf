import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** A query as a dashboard holds it, before its variables are replaced. */
export interface DashboardQuery {
  /** The panel or annotation, for messages. */
  readonly where: string;
  readonly expr: string;
  /** Grafana asks either for this moment or for the time that is shown. */
  readonly mode: "instant" | "range";
  /** Labels of its series that are shown, as columns or in the name of a line. */
  readonly labels: readonly string[];
}

/** A variable whose values Grafana asks Prometheus for. */
export interface DashboardVariable {
  readonly name: string;
  readonly query: string;
  /** Whether several values may be chosen at once; Grafana writes those as an expression of alternatives. */
  readonly multi: boolean;
  /** What stands for "All", where that can be chosen. */
  readonly allValue: string | undefined;
}

/** The parts of a committed dashboard that lead to Prometheus or to another dashboard. */
export interface GrafanaDashboard {
  readonly name: string;
  readonly uid: string;
  readonly tags: readonly string[];
  readonly queries: readonly DashboardQuery[];
  /** In the order in which Grafana asks: a query may name those before it. */
  readonly variables: readonly DashboardVariable[];
  /** Addresses of links to other dashboards, and the tags by which lists of dashboards are made. */
  readonly links: { readonly urls: readonly string[]; readonly tags: readonly string[] };
}

/** Reads `dashboards/NAME.json`. */
export function readDashboard(name: string): GrafanaDashboard {
  const file = fileURLToPath(new URL(`../../../dashboards/${name}.json`, import.meta.url));
  const text = readFileSync(file, "utf8");
  const json: DashboardJson = JSON.parse(text);
  const lists = json.links.filter(({ type }) => type === "dashboards");
  return {
    name,
    uid: json.uid,
    tags: json.tags,
    queries: [...panelQueries(json), ...annotationQueries(json)],
    variables: json.templating.list.filter(({ type }) => type === "query").map(variableOf),
    links: {
      urls: [...text.matchAll(/"url": ("(?:[^"\\]|\\.)*")/g)].map(([, url = ""]): string => JSON.parse(url)),
      tags: lists.flatMap(({ tags }) => tags),
    },
  };
}

interface DashboardJson {
  readonly uid: string;
  readonly tags: readonly string[];
  readonly panels: readonly PanelJson[];
  readonly annotations: { readonly list?: readonly { readonly name: string; readonly expr?: string }[] };
  readonly templating: { readonly list: readonly VariableJson[] };
  readonly links: readonly { readonly type: string; readonly tags: readonly string[] }[];
}

interface PanelJson {
  readonly title: string;
  readonly targets?: readonly QueryJson[];
  readonly transformations?: readonly {
    readonly options: { readonly include?: { readonly names: readonly string[] } };
  }[];
  /** Of a row that is folded up. */
  readonly panels?: readonly PanelJson[];
}

interface QueryJson {
  readonly expr: string;
  readonly instant?: boolean;
  readonly legendFormat?: string;
}

interface VariableJson {
  readonly type: string;
  readonly name: string;
  readonly query: string;
  readonly multi: boolean;
  readonly includeAll: boolean;
  readonly allValue?: string;
}

function panelQueries({ panels }: Pick<DashboardJson, "panels">): readonly DashboardQuery[] {
  return panels.flatMap(({ title, targets = [], transformations = [], panels: folded = [] }) => [
    ...targets.map(({ expr, instant, legendFormat = "" }) => ({
      where: title,
      expr,
      mode: instant === true ? ("instant" as const) : ("range" as const),
      labels: [
        ...transformations
          .flatMap(({ options }) => options.include?.names ?? [])
          .filter((name) => !NO_LABELS.has(name)),
        ...[...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = ""]) => label),
      ],
    })),
    ...panelQueries({ panels: folded }),
  ]);
}

/** Columns that every table has. */
const NO_LABELS: ReadonlySet<string> = new Set(["Time", "Value"]);

function annotationQueries({ annotations }: DashboardJson): readonly DashboardQuery[] {
  return (annotations.list ?? []).flatMap(({ name, expr }) =>
    expr === undefined ? [] : [{ where: `annotation ${name}`, expr, mode: "range" as const, labels: [] }],
  );
}

function variableOf({ name, query, multi, includeAll, allValue = ".*" }: VariableJson): DashboardVariable {
  return { name, query, multi, allValue: includeAll ? allValue : undefined };
}
