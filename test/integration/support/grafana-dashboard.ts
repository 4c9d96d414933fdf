import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** A query as a dashboard holds it, before its variables are replaced. */
export interface DashboardQuery {
  /** The panel or annotation, for messages. */
  readonly where: string;
  readonly expr: string;
  /** Grafana asks either for this moment or for the time that is shown. */
  readonly mode: "instant" | "range";
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
  readonly targets?: readonly { readonly expr: string; readonly instant?: boolean; readonly range?: boolean }[];
  /** Of a row that is folded up. */
  readonly panels?: readonly PanelJson[];
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
  return panels.flatMap(({ title, targets = [], panels: folded = [] }) => [
    ...targets.map(({ expr, instant }) => ({
      where: title,
      expr,
      mode: instant === true ? ("instant" as const) : ("range" as const),
    })),
    ...panelQueries({ panels: folded }),
  ]);
}

function annotationQueries({ annotations }: DashboardJson): readonly DashboardQuery[] {
  return (annotations.list ?? []).flatMap(({ name, expr }) =>
    expr === undefined ? [] : [{ where: `annotation ${name}`, expr, mode: "range" as const }],
  );
}

function variableOf({ name, query, multi, includeAll, allValue = ".*" }: VariableJson): DashboardVariable {
  return { name, query, multi, allValue: includeAll ? allValue : undefined };
}
