import { createServer as createTlsServer } from "node:tls";
import { type Answer, TRUNCATED_RESPONSE } from "dns-packet";
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
import { startClosedDatagramPort } from "../servers/datagram-server.ts";
import { type FaultServer, startServer } from "../servers/fault-server.ts";
import { startStreamServer } from "../servers/stream-server.ts";
import { staticFault } from "../static-fault.ts";
import { tlsFaults } from "../tls-faults.ts";
import { HTTPS_FAULTS } from "./https-faults.ts";
import { type AnswerParts, answerTo, framed, onMessage, startNameServer } from "./name-server.ts";

const QUESTION = { query_name: "shop.example", query_type: "A" } as const;

/** What may go wrong below DNS is that of its streams, so this asks over TCP, and where it has to over TLS. */
const DNS_APPROACH: Approach = {
  subject: "dns",
  listen: startServer,
  target: ({ host, port }) => `${host}:${port}`,
  settings: ({ channel, tls, sourceAddress }) => ({
    dns: {
      ...QUESTION,
      transport_protocol: "tcp",
      dns_over_tls: channel === "tls",
      ...(tls === undefined ? {} : { tls_config: tls }),
      ...(sourceAddress === undefined ? {} : { source_ip_address: sourceAddress }),
    },
  }),
};

const SHOP: Answer = { type: "A", name: "shop.example", ttl: 300, data: "192.0.2.1" };

/** More than fits into the queue of a socket. */
const MANY_ANSWERS = 500;

/** Everything that can be wrong with a name server, or with what it says. */
export const DNS_FAULTS: readonly Fault[] = [
  ...requestFaults(DNS_APPROACH),
  staticFault("dns", {
    name: "a target with a port beyond 65535",
    outcome: "request/parameter-missing",
    target: "127.0.0.1:70000",
    module: { prober: "dns", dns: QUESTION },
  }),
  staticFault("dns", {
    name: "a module that has no name to ask for",
    outcome: "request/parameter-missing",
    target: "127.0.0.1:53",
    module: { prober: "dns" },
  }),
  ...resolveFaults(DNS_APPROACH),
  ...addressFaults(DNS_APPROACH),
  ...connectFaults(DNS_APPROACH),
  ...tlsFaults(DNS_APPROACH),
  dnsFault("a healthy name server", { outcome: "success", start: answering({ answers: [SHOP] }) }),
  dnsFault("a healthy name server over TCP", {
    outcome: "success",
    dns: { transport_protocol: "tcp" },
    start: answering({ answers: [SHOP] }),
  }),
  healthyOverTls(),
  dnsFault("an answer that is whole only over TCP", { outcome: "success", start: startTruncating }),
  dnsFault("a name server that takes longer than it may", {
    outcome: "timing/too-slow",
    module: { max_response_time: "20ms" },
    start: () =>
      startNameServer(({ bytes }, reply) => {
        setTimeout(() => reply(answerTo(bytes, { answers: [SHOP] })), 60);
      }),
  }),
  dnsFault("a closed port behind UDP", { outcome: "connect/refused", start: startClosedDatagramPort }),
  dnsFault("a name server that stays silent", {
    outcome: "exchange/no-reply",
    module: { timeout: "1500ms" },
    start: () => startNameServer(() => undefined),
  }),
  dnsFault("a name server that answers another question, over and over", {
    outcome: "exchange/no-reply",
    module: { timeout: "1500ms" },
    start: startBabbling,
  }),
  dnsFault("a name server that closes the connection without an answer", {
    outcome: "exchange/no-reply",
    dns: { transport_protocol: "tcp" },
    start: () => startStreamServer((socket) => socket.once("data", () => socket.end())),
  }),
  dnsFault("a name server that hangs up within its answer", {
    outcome: "exchange/malformed",
    dns: { transport_protocol: "tcp" },
    start: () => startStreamServer((socket) => onMessage(socket, (query) => socket.end(halfAnAnswer(query)))),
  }),
  dnsFault("an answer that is not DNS", {
    outcome: "exchange/malformed",
    start: () => startNameServer(({ bytes }, reply) => reply(Buffer.concat([bytes.subarray(0, 2), GARBAGE]))),
  }),
  dnsFault("a server that sends back what it is asked", {
    outcome: "exchange/malformed",
    start: () => startNameServer(({ bytes }, reply) => reply(bytes)),
  }),
  dnsFault("a name that the server says does not exist", {
    outcome: "exchange/error-rcode",
    start: answering({ rcode: 3 }),
  }),
  dnsFault("a name server that fails", { outcome: "exchange/error-rcode", start: answering({ rcode: 2 }) }),
  dnsFault("a name server that refuses", { outcome: "exchange/error-rcode", start: answering({ rcode: 5 }) }),
  dnsFault("a name without a record of the wanted type", {
    outcome: "exchange/empty-answer",
    dns: { expected_values: ["192.0.2.1"] },
    start: answering({}),
  }),
  dnsFault("an answer that lacks an expected address", {
    outcome: "content/missing",
    dns: { expected_values: ["192.0.2.1", "192.0.2.2"] },
    start: answering({ answers: [SHOP] }),
  }),
  dnsFault("a record that does not match an expression", {
    outcome: "content/missing",
    dns: { validate_answer_rrs: { fail_if_not_matches_regexp: ["\\t198\\.51\\.100\\."] } },
    start: answering({ answers: [SHOP] }),
  }),
  dnsFault("an answer that nobody vouches for", {
    outcome: "content/missing",
    dns: { require_authenticated_data: true },
    start: answering({ answers: [SHOP] }),
  }),
  dnsFault("an answer with an address beside the expected ones", {
    outcome: "content/forbidden",
    dns: { expected_values: ["198.51.100.1"], match: "within" },
    start: answering({ answers: [SHOP] }),
  }),
  dnsFault("a record that matches an expression that it must not", {
    outcome: "content/forbidden",
    dns: { validate_answer_rrs: { fail_if_matches_regexp: ["192\\.0\\.2\\.1$"] } },
    start: answering({ answers: [SHOP] }),
  }),
  ...HTTPS_FAULTS,
  exhaustionFault(DNS_APPROACH),
  defectFault("dns"),
];

const GARBAGE = Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n");

function answering(answer: AnswerParts): () => Promise<FaultServer> {
  return () => startNameServer(({ bytes }, reply) => reply(answerTo(bytes, answer)));
}

function startTruncating(): Promise<FaultServer> {
  return startNameServer(({ bytes, transport }, reply) => {
    reply(answerTo(bytes, transport === "udp" ? { flags: TRUNCATED_RESPONSE } : { answers: [SHOP] }));
  });
}

function startBabbling(): Promise<FaultServer> {
  return startNameServer(({ bytes }, reply) => {
    const other = Buffer.from(bytes);
    other.write("S", 13);
    other.writeUInt16BE(28, other.length - 4);
    for (let answers = 0; answers < MANY_ANSWERS; answers += 1) reply(answerTo(other, {}));
  });
}

function halfAnAnswer(query: Buffer): Buffer {
  const answer = framed(answerTo(query, { answers: [SHOP] }));
  return answer.subarray(0, answer.length / 2);
}

function healthyOverTls(): Fault {
  return {
    subject: "dns",
    name: "a healthy name server over TLS",
    outcome: "success",
    async start() {
      const authority = await createAuthority();
      const { key, chain } = await authority.issue();
      const listener = createTlsServer({ key, cert: chain }, (socket) => {
        socket.on("error", () => socket.destroy());
        onMessage(socket, (query) => socket.write(framed(answerTo(query, { answers: [SHOP] }))));
      });
      const server = await startServer(listener);
      const tls = { dns_over_tls: true, tls_config: { ca: authority.certificate } };
      return {
        target: DNS_APPROACH.target(server, "tls"),
        module: { prober: "dns", timeout: "5s", dns: { ...QUESTION, ...tls } },
        server,
      };
    },
  };
}

function dnsFault(
  name: string,
  fault: {
    readonly outcome: Outcome;
    readonly module?: Settings;
    /** The module's `dns` block, beside the question. */
    readonly dns?: Settings;
    readonly start: () => Promise<FaultServer>;
  },
): Fault {
  const { outcome, module = {}, dns = {} } = fault;
  return {
    subject: "dns",
    name,
    outcome,
    async start() {
      const server = await fault.start();
      return {
        target: DNS_APPROACH.target(server, "plain"),
        module: { prober: "dns", timeout: "5s", ...module, dns: { ...QUESTION, ...dns } },
        server,
      };
    },
  };
}
