import { defineProber } from "../../probe/prober.ts";
import { dnsSettings } from "./settings.ts";

/** DNS: one question to the server that is the target, over UDP, TCP, TLS or HTTPS. */
export const dns = defineProber({
  protocol: "dns",
  timeouts: { exchange: "exchange/no-reply" },
  settings: dnsSettings,
  probe: { load: async () => (await import("./probe-dns.ts")).probeDns },
});
