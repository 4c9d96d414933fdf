import { AREAS } from "../alerts/handling.ts";
import { OWNER_OF_AREA, OWNERS, type Owner } from "./owners.ts";

/** A branch of Alertmanager's tree of routes. */
export interface Route {
  readonly receiver: string;
  readonly matchers?: readonly string[];
  readonly group_by?: readonly string[];
  readonly group_wait?: string;
  readonly group_interval?: string;
  readonly repeat_interval?: string;
  readonly routes?: readonly Route[];
}

/** The receiver of what is only written down. */
export const WRITTEN_DOWN = "written-down";

/** The receivers of an owner: for what somebody is called, and for what somebody is told. */
export function receiverOf(owner: Owner, way: "called" | "told"): string {
  return `${owner}-${way}`;
}

/**
 * Targets are scraped up to a minute apart, and rules evaluated up to 15 s apart: so late may come what has the same
 * cause, and an alert that stands for those before it.
 */
const LONGER_THAN_ONE_CAUSE = "90s";

/**
 * First what is only written down, then one branch for each owner with a twig for what is critical. Everything about one
 * host comes in one notification; faults of ours come by kind, because one mistake mostly hits many targets.
 */
export const ROUTES: Route = {
  receiver: receiverOf("sites", "told"),
  group_by: ["host"],
  group_wait: LONGER_THAN_ONE_CAUSE,
  group_interval: "5m",
  repeat_interval: "24h",
  routes: [
    {
      receiver: WRITTEN_DOWN,
      matchers: ['severity="info"'],
      group_by: ["alertname"],
      group_wait: "5m",
      repeat_interval: "30d",
    },
    ...OWNERS.map(routeOf),
  ],
};

function routeOf(owner: Owner): Route {
  const areas = AREAS.filter((area) => OWNER_OF_AREA[area] === owner);
  return {
    receiver: receiverOf(owner, "told"),
    matchers: [areas.length === 1 ? `area="${areas.join()}"` : `area=~"${areas.join("|")}"`],
    ...(owner === "exporter" ? { group_by: ["alertname", "job", "outcome"] } : {}),
    routes: [{ receiver: receiverOf(owner, "called"), matchers: ['severity="critical"'], repeat_interval: "4h" }],
  };
}
