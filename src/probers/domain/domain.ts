import { defineProber } from "../../probe/prober.ts";
import { domainSettings } from "./settings.ts";

/**
 * The registration of a domain, by what its registry last said. A probe never waits longer than it may: a first
 * look-up that goes on after the deadline is `state/pending`.
 */
export const domain = defineProber({
  protocol: "domain",
  memory: "stateful",
  timeouts: { registry: "state/pending" },
  settings: domainSettings,
  probe: { load: async () => (await import("./probe-domain.ts")).probeDomain },
});
