import { createServer, type TlsOptions } from "node:tls";
import type { Outcome } from "../../../src/outcome/outcome.ts";
import { createAuthority } from "../../support/certificates.ts";
import { addressFaults } from "../address-faults.ts";
import type { Approach } from "../approach.ts";
import { connectFaults } from "../connect-faults.ts";
import { defectFault } from "../defect-fault.ts";
import { exhaustionFault } from "../exhaustion-fault.ts";
import type { Fault, Settings } from "../fault.ts";
import { requestFaults } from "../request-faults.ts";
import { resolveFaults } from "../resolve-faults.ts";
import { type FaultServer, startServer } from "../servers/fault-server.ts";
import { startStreamServer } from "../servers/stream-server.ts";
import { staticFault } from "../static-fault.ts";
import { tlsFaults } from "../tls-faults.ts";
import { healthAnswer, type OnCall, reply, replyWithStatus, startGrpcServer } from "./grpc-server.ts";

const GRPC_APPROACH: Approach = {
  subject: "grpc",
  listen: startServer,
  target: ({ host, port }) => `${host}:${port}`,
  settings: ({ channel, tls, sourceAddress }) => ({
    grpc: {
      tls: channel === "tls",
      ...(tls === undefined ? {} : { tls_config: tls }),
      ...(sourceAddress === undefined ? {} : { source_ip_address: sourceAddress }),
    },
  }),
};

/** Everything that can be wrong with a gRPC service. */
export const GRPC_FAULTS: readonly Fault[] = [
  ...requestFaults(GRPC_APPROACH),
  staticFault("grpc", {
    name: "a target without a host",
    outcome: "request/parameter-missing",
    target: ":50051",
    module: { prober: "grpc" },
  }),
  ...resolveFaults(GRPC_APPROACH),
  ...addressFaults(GRPC_APPROACH),
  ...connectFaults(GRPC_APPROACH),
  ...tlsFaults(GRPC_APPROACH),
  callFault("a healthy server", { outcome: "success", onCall: (stream) => reply(stream) }),
  secureFault("a healthy server over TLS", {
    outcome: "success",
    start: (tls) => startGrpcServer((stream) => reply(stream), tls),
  }),
  secureFault("a TLS server that does not agree to HTTP/2", {
    outcome: "exchange/malformed",
    start: (tls) => startServer(createServer(tls, (socket) => socket.resume().on("error", () => socket.destroy()))),
  }),
  callFault("a server that takes longer than it may", {
    outcome: "timing/too-slow",
    module: { max_response_time: "20ms" },
    onCall(stream) {
      const wait = setTimeout(() => reply(stream), 60);
      stream.on("close", () => clearTimeout(wait));
    },
  }),
  grpcFault("a server that accepts and stays silent", {
    outcome: "exchange/timeout",
    module: { timeout: "1500ms" },
    start: () => startStreamServer(() => undefined),
  }),
  callFault("a server that does not answer the call", {
    outcome: "exchange/timeout",
    module: { timeout: "1500ms" },
    onCall: () => undefined,
  }),
  grpcFault("a server that hangs up at once", {
    outcome: "exchange/closed",
    start: () => startStreamServer((socket) => socket.end()),
  }),
  callFault("a server that hangs up within its answer", {
    outcome: "exchange/closed",
    onCall(stream) {
      stream.respond({ ":status": 200, "content-type": "application/grpc" });
      stream.write(healthAnswer(1).subarray(0, 4), () => stream.session?.socket.destroy());
    },
  }),
  callFault("a server that resets the call", {
    outcome: "exchange/closed",
    onCall: (stream) => stream.close(INTERNAL_ERROR),
  }),
  grpcFault("a server that does not speak HTTP/2", {
    outcome: "exchange/malformed",
    start: () => startStreamServer((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")),
  }),
  callFault("an answer without end", {
    outcome: "exchange/malformed",
    onCall(stream) {
      stream.respond({ ":status": 200, "content-type": "application/grpc" });
      const writing = setInterval(() => {
        if (!stream.writableNeedDrain) stream.write(Buffer.alloc(16 * 1024));
      }, 1);
      stream.on("close", () => clearInterval(writing));
    },
  }),
  callFault("a web page in place of an answer", {
    outcome: "exchange/malformed",
    onCall(stream) {
      stream.respond({ ":status": 404, "content-type": "text/html" });
      stream.end("<h1>Not found</h1>");
    },
  }),
  statusFault("a service that nobody knows", { outcome: "exchange/error-status", status: 5 }),
  statusFault("a server without health checks", { outcome: "exchange/error-status", status: 12 }),
  statusFault("a server that is unavailable", { outcome: "exchange/error-status", status: 14 }),
  statusFault("a server that wants to know who calls", { outcome: "login/rejected", status: 16 }),
  statusFault("a server that does not permit the call", { outcome: "login/rejected", status: 7 }),
  servingFault("a service that is not served", 2),
  servingFault("a service of unknown health", 0),
  servingFault("a service that the health check does not know", 3),
  exhaustionFault(GRPC_APPROACH),
  defectFault("grpc"),
];

/** RFC 9113 §7. */
const INTERNAL_ERROR = 2;

interface GrpcFault {
  readonly outcome: Outcome;
  readonly module?: Settings;
  readonly grpc?: Settings;
}

function grpcFault(name: string, fault: GrpcFault & { readonly start: () => Promise<FaultServer> }): Fault {
  const { outcome, module = {}, grpc = {} } = fault;
  return {
    subject: "grpc",
    name,
    outcome,
    async start() {
      const server = await fault.start();
      return {
        target: GRPC_APPROACH.target(server, "plain"),
        module: { prober: "grpc", timeout: "5s", ...module, grpc },
        server,
      };
    },
  };
}

function callFault(name: string, { onCall, ...fault }: GrpcFault & { readonly onCall: OnCall }): Fault {
  return grpcFault(name, { ...fault, start: () => startGrpcServer(onCall) });
}

function statusFault(name: string, { outcome, status }: { readonly outcome: Outcome; readonly status: number }): Fault {
  const onCall: OnCall = (stream) => replyWithStatus(stream, { "grpc-status": String(status) });
  return callFault(name, { outcome, onCall });
}

function servingFault(name: string, status: number): Fault {
  const onCall: OnCall = (stream) => reply(stream, { body: healthAnswer(status) });
  return callFault(name, { outcome: "content/status-not-allowed", onCall });
}

function secureFault(
  name: string,
  fault: { readonly outcome: Outcome; readonly start: (tls: TlsOptions) => Promise<FaultServer> },
): Fault {
  return {
    subject: "grpc",
    name,
    outcome: fault.outcome,
    async start() {
      const authority = await createAuthority();
      const { key, chain } = await authority.issue();
      const server = await fault.start({ key, cert: chain });
      return {
        target: GRPC_APPROACH.target(server, "tls"),
        module: { prober: "grpc", timeout: "5s", grpc: { tls: true, tls_config: { ca: authority.certificate } } },
        server,
      };
    },
  };
}
