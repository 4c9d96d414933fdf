import { isIPv4 } from "node:net";
import type { Prober } from "../../../src/probe/prober.ts";
import { createTunnelClient } from "../../support/echo-tunnel.ts";

/**
 * The prober `icmp` with its packets carried through the tunnel wherever the target is an echo host of ours; any other
 * prober as it is. The kernel answers every echo request to this machine, so none of these faults can be had of it.
 */
export function throughTunnel(prober: Prober): Prober {
  if (prober.protocol !== "icmp") return prober;
  const icmp = createTunnelClient();
  const settings = prober.settings.transform(
    (probe): typeof probe =>
      (target, context) =>
        probe(target, isEchoHost(target) ? { ...context, network: { ...context.network, icmp } } : context),
  );
  return { ...prober, settings };
}

/** Echo hosts are at 127.x.y.1, where x and y are the bytes of a port; 127.0.0.1 is everybody's. */
function isEchoHost(target: string): boolean {
  return isIPv4(target) && target.startsWith("127.") && target.endsWith(".1") && target !== "127.0.0.1";
}
