import type { Area } from "../alerts/handling.ts";

/** Who is told about the areas of alerts: whoever keeps the sites, the certificates and domains, the servers, the exporter. */
export const OWNERS = ["sites", "certificates", "servers", "exporter"] as const;

export type Owner = (typeof OWNERS)[number];

/** Who keeps an area. */
export const OWNER_OF_AREA = {
  connectivity: "sites",
  name: "sites",
  content: "sites",
  login: "sites",
  performance: "sites",
  certificate: "certificates",
  registry: "certificates",
  server: "servers",
  setup: "exporter",
} as const satisfies Record<Area, Owner>;
