import {
  DashboardBuilder,
  DashboardLinkBuilder,
  DashboardLinkType,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  VariableRefresh,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { DATA_SOURCE, type PanelSpec, panelOf } from "./panel.ts";
import { TARGET_VARIABLE, uidOf } from "./target-link.ts";

/** A dashboard: its file's name, which is the last part of its identity in Grafana as well, and what it shows. */
export interface DashboardSpec {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** The metric whose `job` and `instance` can be chosen. */
  readonly of: string;
  /** How many instances are shown at once. */
  readonly instances: "one" | "many";
  readonly rows: readonly (readonly PanelSpec[])[];
}

/** The selector of series that the variables choose, to be put between braces. */
export const CHOSEN = 'job=~"$job",instance=~"$instance"';

/**
 * The same where one instance is chosen. Grafana escapes the signs of expressions only in variables of which several
 * values can be chosen, so an expression would not find a URL with a query.
 */
export const CHOSEN_ONE = `job=~"$job",instance="$${TARGET_VARIABLE}"`;

/** A dashboard as the JSON that Grafana loads. */
export function dashboardText(spec: DashboardSpec): string {
  const builder = new DashboardBuilder(`Status Exporter: ${spec.title}`)
    .uid(uidOf(spec.name))
    .description(spec.description)
    .tags([TAG])
    .readonly()
    .refresh("1m")
    .time({ from: "now-6h", to: "now" })
    .link(otherDashboards())
    .withVariable(new DatasourceVariableBuilder("datasource").label("Data source").type("prometheus"))
    .withVariable(variable({ name: "job", label: "Job", query: `label_values(${spec.of}, job)`, many: true }))
    .withVariable(instanceVariable(spec));
  for (const [index, panel] of spec.rows.flat().entries()) builder.withPanel(panelOf(panel, index + 1));
  return `${JSON.stringify(builder.build(), undefined, 2)}\n`;
}

const TAG = "status-exporter";

function otherDashboards(): DashboardLinkBuilder {
  return new DashboardLinkBuilder("Status Exporter")
    .type(DashboardLinkType.Dashboards)
    .tags([TAG])
    .asDropdown(true)
    .includeVars(true)
    .keepTime(true);
}

interface Choice {
  readonly name: string;
  readonly label: string;
  readonly query: string;
  readonly many: boolean;
}

function instanceVariable({ of, instances }: DashboardSpec): QueryVariableBuilder {
  const query = `label_values(${of}{job=~"$job"}, instance)`;
  if (instances === "many") return variable({ name: "instance", label: "Target", query, many: true });
  return variable({ name: TARGET_VARIABLE, label: "Target", query, many: false });
}

function variable({ name, label, query, many }: Choice): QueryVariableBuilder {
  const builder = new QueryVariableBuilder(name)
    .label(label)
    .datasource(DATA_SOURCE)
    .query(query)
    .refresh(VariableRefresh.OnTimeRangeChanged);
  if (!many) return builder;
  return builder.multi(true).includeAll(true).allValue(".*").current({ text: "All", value: "$__all" });
}
