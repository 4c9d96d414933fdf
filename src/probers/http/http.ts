import { defineProber } from "../../probe/prober.ts";
import { httpSettings } from "./settings.ts";

/** HTTP and HTTPS. */
export const http = defineProber({
  protocol: "http",
  settings: httpSettings,
  probe: { load: async () => (await import("./probe-http.ts")).probeHttp },
});
