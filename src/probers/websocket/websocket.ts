import { defineProber } from "../../probe/prober.ts";
import { websocketSettings } from "./settings.ts";

/** WebSocket (RFC 6455). */
export const websocket = defineProber({
  protocol: "websocket",
  settings: websocketSettings,
  probe: { load: async () => (await import("./probe-websocket.ts")).probeWebSocket },
});
