/** The identity of a dashboard, by which others link to it. */
export function uidOf(name: string): string {
  return `status-exporter-${name}`;
}

/** Its name is its own: the links among dashboards carry variables over, and "All" is no target. */
export const TARGET_VARIABLE = "target";

/** From a cell that holds a target to the dashboard of that target, for the same time and the same source of data. */
export const TARGET_LINK = {
  title: "Open this target",
  url: `/d/${uidOf("target")}?var-${TARGET_VARIABLE}=\${__value.raw:percentencode}&\${datasource:queryparam}&\${__url_time_range}`,
} as const;
