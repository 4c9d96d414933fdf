import { defineProber } from "../../probe/prober.ts";
import { ftpSettings } from "./settings.ts";

/** FTP: the greeting, TLS, a login, anonymous unless there are credentials, and then what the module asks for. */
export const ftp = defineProber({
  protocol: "ftp",
  settings: ftpSettings,
  // In this phase there are transfers, and nothing else.
  timeouts: { content: "exchange/transfer-failed" },
  probe: { load: async () => (await import("./probe-ftp.ts")).probeFtp },
});
