import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import {
  BigValueColorMode,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  StackingConfigBuilder,
  StackingMode,
  TableCellDisplayMode,
  TableSortByFieldStateBuilder,
  VisibilityMode,
  VizLegendOptionsBuilder,
} from "@grafana/grafana-foundation-sdk/common";
import {
  type DataTransformerConfig,
  type DynamicConfigValue,
  type Panel,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type ValueMapping,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { DataqueryBuilder, PromQueryFormat } from "@grafana/grafana-foundation-sdk/prometheus";
import { PanelBuilder as StatBuilder } from "@grafana/grafana-foundation-sdk/stat";
import { PanelBuilder as TimelineBuilder } from "@grafana/grafana-foundation-sdk/statetimeline";
import { PanelBuilder as TableBuilder } from "@grafana/grafana-foundation-sdk/table";
import { PanelBuilder as GraphBuilder } from "@grafana/grafana-foundation-sdk/timeseries";
import { TARGET_LINK } from "./target-link.ts";

/** One query of PromQL and how its series are called (Grafana's `{{label}}`). */
interface Query {
  readonly expr: string;
  readonly legend?: string;
  /** For the values of this query alone. */
  readonly mappings?: readonly ValueMapping[];
}

interface Common {
  readonly title: string;
  /** What it shows and how to read it, in a sentence or two. */
  readonly description: string;
  /** One of Grafana's units. */
  readonly unit: string;
  /** In Grafana's grid, which is 24 wide. */
  readonly width: number;
  readonly height?: number;
  readonly queries: readonly Query[];
  readonly mappings?: readonly ValueMapping[];
  /** Colours from these values upwards; the first has no lower limit. */
  readonly thresholds?: readonly (readonly [from: number | null, colour: string])[];
  readonly max?: number;
}

/** One panel of a dashboard. */
export type PanelSpec =
  | (Common & { readonly kind: "graph"; readonly stacked?: true })
  | (Common & { readonly kind: "stat" })
  | (Common & {
      readonly kind: "timeline";
      /** Where a label holds the state rather than the value: which, and which label names the row. */
      readonly stateLabel?: { readonly state: string; readonly row: string };
    })
  | (Common & {
      readonly kind: "table";
      /** Label → title, in the order of the columns; `Value` is the value. */
      readonly columns: Readonly<Record<string, string>>;
      readonly sort: { readonly column: string; readonly direction: "up" | "down" };
      /** The column whose cells lead to the dashboard of the target that they name. */
      readonly targets?: string;
    });

/** Every query asks the data source that the reader of the dashboard chose. */
export const DATA_SOURCE = { type: "prometheus", uid: "${datasource}" } as const;

/** A panel as Grafana's SDK has it. */
export function panelOf(spec: PanelSpec, id: number): Builder<Panel> {
  const builder = builderOf(spec)
    .id(id)
    .title(spec.title)
    .description(spec.description)
    .unit(spec.unit)
    .span(spec.width)
    .height(spec.height ?? DEFAULT_HEIGHTS[spec.kind])
    .datasource(DATA_SOURCE)
    .targets(spec.queries.map((query, index) => queryOf(spec, { query, refId: refIdOf(index) })))
    .mappings([...(spec.mappings ?? [])])
    .thresholds(thresholdsOf(spec));
  if (spec.max !== undefined) builder.min(0).max(spec.max);
  for (const [index, { mappings }] of spec.queries.entries()) {
    if (mappings !== undefined) builder.overrideByQuery(refIdOf(index), [{ id: "mappings", value: mappings }]);
  }
  return builder;
}

const DEFAULT_HEIGHTS = { graph: 8, stat: 4, timeline: 8, table: 9 } as const satisfies Record<
  PanelSpec["kind"],
  number
>;

/** What the builders of all kinds of panels have alike. */
interface AnyBuilder extends Builder<Panel> {
  id(id: number): this;
  title(title: string): this;
  description(description: string): this;
  unit(unit: string): this;
  span(width: number): this;
  height(height: number): this;
  datasource(source: typeof DATA_SOURCE): this;
  targets(targets: DataqueryBuilder[]): this;
  mappings(mappings: ValueMapping[]): this;
  thresholds(thresholds: ThresholdsConfigBuilder): this;
  min(min: number): this;
  max(max: number): this;
  overrideByQuery(refId: string, properties: DynamicConfigValue[]): this;
}

function builderOf(spec: PanelSpec): AnyBuilder {
  if (spec.kind === "graph") return graph(spec.stacked ? StackingMode.Normal : StackingMode.None);
  if (spec.kind === "stat") return stat();
  if (spec.kind === "timeline") return timeline(spec.stateLabel);
  return table(spec);
}

function graph(stacking: StackingMode): GraphBuilder {
  return new GraphBuilder()
    .fillOpacity(stacking === StackingMode.None ? 0 : 40)
    .showPoints(VisibilityMode.Never)
    .stacking(new StackingConfigBuilder().mode(stacking))
    .legend(legend());
}

function legend(): VizLegendOptionsBuilder {
  return new VizLegendOptionsBuilder()
    .displayMode(LegendDisplayMode.List)
    .placement(LegendPlacement.Bottom)
    .showLegend(true);
}

function stat(): StatBuilder {
  return new StatBuilder()
    .colorMode(BigValueColorMode.Value)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(["lastNotNull"]));
}

function timeline(stateLabel: { readonly state: string; readonly row: string } | undefined): TimelineBuilder {
  const builder = new TimelineBuilder()
    .mergeValues(true)
    .showValue(VisibilityMode.Auto)
    .rowHeight(0.8)
    .legend(legend());
  return stateLabel === undefined ? builder : builder.transformations(statesByRow(stateLabel));
}

/** Rows of Time, row and state become one series of states for each row. */
function statesByRow({ state, row }: { readonly state: string; readonly row: string }): DataTransformerConfig[] {
  return [
    { id: "filterFieldsByName", options: { include: { names: ["Time", row, state] } } },
    { id: "partitionByValues", options: { fields: [row], keepFields: false, naming: { asLabels: true } } },
    { id: "renameByRegex", options: { regex: `${state}(.*)`, renamePattern: "$1" } },
  ];
}

type TableSpec = Extract<PanelSpec, { readonly kind: "table" }>;

function table(spec: TableSpec): TableBuilder {
  const { columns, sort, targets } = spec;
  const names = Object.keys(columns);
  const coloured = colouredColumn(spec);
  const builder = new TableBuilder();
  if (targets !== undefined) builder.overrideByName(targets, [{ id: "links", value: [TARGET_LINK] }]);
  if (coloured !== undefined) {
    builder.overrideByName(coloured, [{ id: "custom.cellOptions", value: { type: TableCellDisplayMode.ColorText } }]);
  }
  return builder
    .sortBy([new TableSortByFieldStateBuilder().displayName(sort.column).desc(sort.direction === "down")])
    .transformations([
      { id: "filterFieldsByName", options: { include: { names } } },
      {
        id: "organize",
        options: { indexByName: Object.fromEntries(names.map((name, index) => [name, index])), renameByName: columns },
      },
    ]);
}

/** Thresholds colour the value, mappings the outcome; a table shows colours only where it is told to. */
function colouredColumn({ columns, thresholds, mappings }: TableSpec): string | undefined {
  if (thresholds !== undefined) return columns["Value"];
  return mappings === undefined ? undefined : columns["outcome"];
}

function queryOf(
  spec: PanelSpec,
  { query, refId }: { readonly query: Query; readonly refId: string },
): DataqueryBuilder {
  const builder = new DataqueryBuilder().refId(refId).expr(query.expr).datasource(DATA_SOURCE);
  if (spec.kind === "table") return builder.instant().format(PromQueryFormat.Table);
  if (spec.kind === "timeline" && spec.stateLabel !== undefined) return builder.range().format(PromQueryFormat.Table);
  if (query.legend !== undefined) builder.legendFormat(query.legend);
  return spec.kind === "stat" ? builder.instant() : builder.range();
}

/** Grafana calls the queries of a panel A, B, C. */
const LETTER_A = 65;

function refIdOf(index: number): string {
  return String.fromCodePoint(LETTER_A + index);
}

function thresholdsOf({ thresholds = [[null, "text"]] }: PanelSpec): ThresholdsConfigBuilder {
  const steps = thresholds.map(([value, color]) => ({ value, color }));
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps);
}
