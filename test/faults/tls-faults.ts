import { createServer, type TlsOptions } from "node:tls";
import type { FailureOf } from "../../src/outcome/outcome.ts";
import {
  type Authority,
  createAuthority,
  expired,
  type LeafOptions,
  notYetValid,
  selfSigned,
} from "../support/certificates.ts";
import type { Approach } from "./approach.ts";
import type { Fault, Settings } from "./fault.ts";
import { type NetworkFault, networkFault, type StartedNetwork } from "./network-fault.ts";
import type { Listen } from "./servers/fault-server.ts";
import { breakOff, startStreamServer } from "./servers/stream-server.ts";

/** What may go wrong between a connected socket and a channel that can be trusted. */
export function tlsFaults(approach: Approach): readonly Fault[] {
  return TLS_FAULTS.map((definition) => networkFault(approach, definition));
}

const TLS_FAULTS: readonly NetworkFault[] = [
  {
    name: "a TLS server that never answers the handshake",
    outcome: "tls/timeout",
    module: { timeout: "1500ms" },
    start: async (listen) => ({ server: await startStreamServer(() => undefined, listen), wishes: { channel: "tls" } }),
  },
  {
    name: "a TLS server that resets the connection in the handshake",
    outcome: "tls/handshake-failed",
    start: async (listen) => ({
      server: await startStreamServer((socket) => socket.once("data", () => breakOff(socket)), listen),
      wishes: { channel: "tls" },
    }),
  },
  {
    name: "a TLS server that hangs up in the handshake",
    outcome: "tls/handshake-failed",
    start: async (listen) => ({
      server: await startStreamServer((socket) => socket.once("data", () => socket.end()), listen),
      wishes: { channel: "tls" },
    }),
  },
  {
    name: "a server without TLS on the port",
    outcome: "tls/not-offered",
    start: async (listen) => ({
      server: await startStreamServer((socket) => {
        socket.once("data", () => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
      }, listen),
      wishes: { channel: "tls" },
    }),
  },
  certificateFault("an expired certificate", { outcome: "tls/certificate-expired", leaf: expired }),
  certificateFault("a certificate that is not valid yet", {
    outcome: "tls/certificate-not-yet-valid",
    leaf: notYetValid,
  }),
  certificateFault("a certificate for another name", {
    outcome: "tls/name-mismatch",
    leaf: () => ({ names: ["other.example"], addresses: [] }),
  }),
  certificateFault("a certificate that is meant for clients", {
    outcome: "tls/certificate-invalid",
    leaf: () => ({ purposes: ["client"] }),
  }),
  {
    name: "a certificate that signed itself",
    outcome: "tls/unknown-authority",
    async start(listen) {
      const { key, chain } = await selfSigned();
      return startSecure(listen, { server: { key, cert: chain } });
    },
  },
  {
    name: "a certificate of an authority that nobody knows",
    outcome: "tls/unknown-authority",
    async start(listen) {
      const { key, chain } = await (await createAuthority()).issue();
      return startSecure(listen, { server: { key, cert: chain } });
    },
  },
  {
    name: "a certificate whose intermediate is not sent along",
    outcome: "tls/unknown-authority",
    async start(listen) {
      const root = await createAuthority();
      const { key, certificate } = await (await root.intermediate()).issue();
      return startSecure(listen, { server: { key, cert: certificate }, trust: { ca: root.certificate } });
    },
  },
  {
    name: "a TLS server with none of the client's ciphers",
    outcome: "tls/no-common-cipher",
    async start(listen) {
      const { key, chain, ca } = await trusted(await createAuthority());
      return startSecure(listen, {
        server: { key, cert: chain, maxVersion: "TLSv1.2", ciphers: UNOFFERED_CIPHER },
        trust: { ca },
      });
    },
  },
  {
    name: "a TLS server with none of the allowed versions",
    outcome: "tls/no-common-cipher",
    async start(listen) {
      const { key, chain, ca } = await trusted(await createAuthority());
      return startSecure(listen, {
        server: { key, cert: chain, maxVersion: "TLSv1.2" },
        trust: { ca, min_version: "TLS13" },
      });
    },
  },
];

/** For peers that share a key beforehand: no client with certificates offers it. */
const UNOFFERED_CIPHER = "ECDHE-PSK-CHACHA20-POLY1305";

/** A certificate of a trusted authority that is wrong in one respect. */
function certificateFault(
  name: string,
  fault: { readonly outcome: FailureOf<"tls">; readonly leaf: () => LeafOptions },
): NetworkFault {
  return {
    name,
    outcome: fault.outcome,
    async start(listen) {
      const { key, chain, ca } = await trusted(await createAuthority(), fault.leaf());
      return startSecure(listen, { server: { key, cert: chain }, trust: { ca } });
    },
  };
}

async function trusted(
  authority: Authority,
  leaf: LeafOptions = {},
): Promise<{ readonly key: string; readonly chain: string; readonly ca: string }> {
  const { key, chain } = await authority.issue(leaf);
  return { key, chain, ca: authority.certificate };
}

async function startSecure(
  listen: Listen,
  options: { readonly server: TlsOptions; readonly trust?: Settings },
): Promise<StartedNetwork> {
  const server = createServer(options.server, (socket) => {
    // The exporter hangs up on a certificate that it does not trust; there is nothing more to say to it.
    socket.on("error", () => socket.destroy());
    socket.resume();
  });
  return { server: await listen(server), wishes: { channel: "tls", tls: options.trust ?? {} } };
}
