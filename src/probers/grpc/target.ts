import { type HostAndPort, readHostAndPort } from "../../probe/host-and-port.ts";

/**
 * A target such as `example.com:50051`, `[2001:db8::1]` or `https://example.com`: the scheme and a path mean nothing, as
 * in blackbox_exporter, and the port may be left out. Throws ProbeFailure `request/parameter-missing`.
 */
export function readGrpcTarget(target: string, { tls }: { readonly tls: boolean }): HostAndPort {
  const location = target.replace(/^https?:\/\//iu, "").replace(/\/.*$/su, "");
  return readHostAndPort(location, { defaultPort: tls ? 443 : 80 });
}
