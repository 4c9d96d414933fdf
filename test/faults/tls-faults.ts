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
import type { Fault, Settings } from "./fault.ts";
import { startServer } from "./servers/fault-server.ts";
import { startStreamServer } from "./servers/stream-server.ts";
import { type StartedStream, type StreamFault, streamFault } from "./stream-fault.ts";
import type { StreamProtocol } from "./stream-protocol.ts";

/** What may go wrong between a connected socket and a channel that can be trusted. */
export function tlsFaults(protocol: StreamProtocol): readonly Fault[] {
  return TLS_FAULTS.map((definition) => streamFault(protocol, definition));
}

const TLS_FAULTS: readonly StreamFault[] = [
  {
    name: "a TLS server that never answers the handshake",
    outcome: "tls/timeout",
    module: { timeout: "400ms" },
    start: async () => ({ server: await startStreamServer(() => undefined), wishes: { channel: "tls" } }),
  },
  {
    name: "a TLS server that resets the connection in the handshake",
    outcome: "tls/handshake-failed",
    start: async () => ({
      server: await startStreamServer((socket) => socket.once("data", () => socket.resetAndDestroy())),
      wishes: { channel: "tls" },
    }),
  },
  {
    name: "a TLS server that hangs up in the handshake",
    outcome: "tls/handshake-failed",
    start: async () => ({
      server: await startStreamServer((socket) => socket.once("data", () => socket.end())),
      wishes: { channel: "tls" },
    }),
  },
  {
    name: "a server without TLS on the port",
    outcome: "tls/not-offered",
    start: async () => ({
      server: await startStreamServer((socket) =>
        socket.once("data", () => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")),
      ),
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
    async start() {
      const { key, chain } = await selfSigned();
      return startSecure({ key, cert: chain });
    },
  },
  {
    name: "a certificate of an authority that nobody knows",
    outcome: "tls/unknown-authority",
    async start() {
      const { key, chain } = await (await createAuthority()).issue();
      return startSecure({ key, cert: chain });
    },
  },
  {
    name: "a certificate whose intermediate is not sent along",
    outcome: "tls/unknown-authority",
    async start() {
      const root = await createAuthority();
      const { key, certificate } = await (await root.intermediate()).issue();
      return startSecure({ key, cert: certificate }, { ca: root.certificate });
    },
  },
  {
    name: "a TLS server with none of the client's ciphers",
    outcome: "tls/no-common-cipher",
    async start() {
      const { key, chain, ca } = await trusted(await createAuthority());
      return startSecure({ key, cert: chain, maxVersion: "TLSv1.2", ciphers: UNOFFERED_CIPHER }, { ca });
    },
  },
  {
    name: "a TLS server with none of the allowed versions",
    outcome: "tls/no-common-cipher",
    async start() {
      const { key, chain, ca } = await trusted(await createAuthority());
      return startSecure({ key, cert: chain, maxVersion: "TLSv1.2" }, { ca, min_version: "TLS13" });
    },
  },
];

/** For peers that share a key beforehand: no client with certificates offers it. */
const UNOFFERED_CIPHER = "ECDHE-PSK-CHACHA20-POLY1305";

/** A certificate of a trusted authority that is wrong in one respect. */
function certificateFault(
  name: string,
  fault: { readonly outcome: FailureOf<"tls">; readonly leaf: () => LeafOptions },
): StreamFault {
  return {
    name,
    outcome: fault.outcome,
    async start() {
      const { key, chain, ca } = await trusted(await createAuthority(), fault.leaf());
      return startSecure({ key, cert: chain }, { ca });
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

async function startSecure(options: TlsOptions, trust: Settings = {}): Promise<StartedStream> {
  const server = createServer(options, (socket) => {
    // The exporter hangs up on a certificate that it does not trust; there is nothing more to say to it.
    socket.on("error", () => socket.destroy());
    socket.resume();
  });
  return { server: await startServer(server), wishes: { channel: "tls", tls: trust } };
}
