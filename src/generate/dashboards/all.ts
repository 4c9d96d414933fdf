import { CERTIFICATES } from "./certificates.ts";
import type { DashboardSpec } from "./dashboard.ts";
import { EXPORTER } from "./exporter.ts";
import { FLEET } from "./fleet.ts";
import { NETWORK } from "./network.ts";
import { SERVERS } from "./servers.ts";
import { TARGET } from "./target.ts";

/** Every dashboard, in the order in which somebody who looks for a fault opens them. */
export const DASHBOARDS: readonly DashboardSpec[] = [FLEET, TARGET, NETWORK, CERTIFICATES, SERVERS, EXPORTER];
