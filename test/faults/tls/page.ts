import { createServer, type TLSSocket } from "node:tls";
import type { Outcome } from "../../../src/outcome/outcome.ts";
import { createAuthority } from "../../support/certificates.ts";
import type { Fault, Settings } from "../fault.ts";
import { respond, writeForever } from "../servers/answers.ts";
import { type FaultServer, startServer } from "../servers/fault-server.ts";

/** What may happen to the page that is asked for once the channel stands; and a server with which nothing is wrong. */
export const PAGE_FAULTS: readonly Fault[] = [
  pageFault("a healthy server", {
    outcome: "success",
    httpStatus: 200,
    answer: (socket) => respond(socket, { body: "Welcome" }),
  }),
  pageFault("a server that stays silent after the handshake", {
    outcome: "exchange/timeout",
    timeout: "1500ms",
    answer: () => undefined,
  }),
  pageFault("a server that stops in the middle of its answer", {
    outcome: "exchange/timeout",
    timeout: "1500ms",
    answer: (socket) => socket.write("HTTP/1.1 200 OK\r\nContent-"),
  }),
  pageFault("a server that hangs up instead of an answer", {
    outcome: "exchange/closed",
    answer: (socket) => socket.end(),
  }),
  pageFault("a server that answers with anything but HTTP", {
    outcome: "exchange/malformed",
    answer: (socket) => socket.end("220 ready\r\n\r\n"),
  }),
  pageFault("an endless line in an answer", {
    outcome: "exchange/malformed",
    answer: (socket) => {
      socket.write("HTTP/1.1 200 ");
      writeForever(socket, ".".repeat(16 * 1024));
    },
  }),
  pageFault("a page that leads to a server without TLS", {
    outcome: "redirect/unsupported-scheme",
    answer: (socket) => respond(socket, { status: 302, headers: { Location: "http://localhost/" } }),
  }),
  pageFault("a page that leads to itself", {
    outcome: "redirect/too-many",
    answer: (socket) => respond(socket, { status: 302, headers: { Location: "/" } }),
  }),
  pageFault("a server that refuses the credentials", {
    outcome: "login/rejected",
    httpStatus: 401,
    page: { authorization: "Bearer wrong" },
    answer: (socket) => respond(socket, { status: 401 }),
  }),
  pageFault("a server that answers with an error", {
    outcome: "content/status-not-allowed",
    httpStatus: 503,
    answer: (socket) => respond(socket, { status: 503 }),
  }),
];

function pageFault(
  name: string,
  fault: {
    readonly outcome: Outcome;
    readonly httpStatus?: number;
    readonly timeout?: string;
    readonly page?: Settings;
    readonly answer: (socket: TLSSocket) => void;
  },
): Fault {
  const { outcome, httpStatus, timeout = "5s", page = {} } = fault;
  return {
    subject: "tls",
    name,
    outcome,
    ...(httpStatus === undefined ? {} : { httpStatus }),
    async start() {
      const authority = await createAuthority();
      const { key, chain } = await authority.issue();
      const server = await startPageServer({ key, cert: chain }, fault.answer);
      const tls = { tls_config: { ca: authority.certificate }, http_request: { max_redirects: 2, ...page } };
      return { target: `https://${server.host}:${server.port}/`, module: { prober: "tls", timeout, tls }, server };
    },
  };
}

function startPageServer(
  options: { readonly key: string; readonly cert: string },
  answer: (socket: TLSSocket) => void,
): Promise<FaultServer> {
  return startServer(
    createServer(options, (socket) => {
      socket.on("error", () => socket.destroy());
      socket.once("data", () => answer(socket));
    }),
  );
}
