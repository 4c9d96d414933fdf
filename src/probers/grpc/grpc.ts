import { defineProber } from "../../probe/prober.ts";
import { grpcSettings } from "./settings.ts";

/** gRPC: one health check (grpc.health.v1), which has to answer SERVING. */
export const grpc = defineProber({
  protocol: "grpc",
  settings: grpcSettings,
  probe: { load: async () => (await import("./probe-grpc.ts")).probeGrpc },
});
