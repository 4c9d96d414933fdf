import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { freePort } from "./free-port.ts";
import type { CertificateFiles } from "./self-signed-certificate.ts";
import { startServer } from "./server-process.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

/** The ports of an unbound: `plain` is for UDP and TCP alike. */
export interface Unbound {
  readonly plain: number;
  readonly tls: number;
  readonly https: number;
}

/** What it answers from, in lines of its configuration's `server` block: local zones and local data. */
export interface UnboundData {
  readonly certificate: CertificateFiles;
  readonly zones: readonly string[];
  /** A zone about which it would have to ask a server that it may not ask. */
  readonly unreachableZone: string;
}

/** Starts unbound in the foreground, as a resolver without a way to the outside. */
export async function startUnbound(stack: AsyncDisposableStack, data: UnboundData): Promise<Unbound> {
  const directory = await temporaryDirectory(stack);
  const ports = { plain: await freePort(), tls: await freePort(), https: await freePort() };
  const file = join(directory, "unbound.conf");
  await writeFile(file, configuration(directory, { ports, data }));
  await startServer(stack, { command: "unbound", args: ["-d", "-c", file], port: ports.https });
  return ports;
}

/** It keeps root's rights where it has them, to read what only root may; it may not ask servers on this machine. */
function configuration(
  directory: string,
  { ports, data }: { readonly ports: Unbound; readonly data: UnboundData },
): string {
  return `
server:
  directory: "${directory}"
  chroot: ""
  username: ""
  pidfile: ""
  use-syslog: no
  do-ip6: no
  num-threads: 1
  module-config: "iterator"
  ${Object.values(ports)
    .map((port) => `interface: 127.0.0.1@${port}`)
    .join("\n  ")}
  tls-port: ${ports.tls}
  https-port: ${ports.https}
  tls-service-pem: "${data.certificate.certificate}"
  tls-service-key: "${data.certificate.key}"
  ${data.zones.join("\n  ")}
remote-control:
  control-enable: no
forward-zone:
  name: "${data.unreachableZone}"
  forward-addr: 127.0.0.1@${ports.plain}
`;
}
