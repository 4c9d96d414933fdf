import type { Socket } from "node:net";
import type { Outcome } from "../../../src/outcome/outcome.ts";
import type { Fault } from "../fault.ts";
import { startStreamServer } from "../servers/stream-server.ts";

/** What may happen between the connection and the handshake, where TLS has to be asked for. */
export const START_TLS_FAULTS: readonly Fault[] = [
  startTlsFault("a mail server that does not list STARTTLS", {
    outcome: "tls/not-offered",
    starttls: "smtp",
    serve: inTurns("220 ready\r\n", "250 HELP\r\n"),
  }),
  startTlsFault("a database without TLS", {
    outcome: "tls/not-offered",
    starttls: "postgres",
    serve: inTurns("", "N"),
  }),
  startTlsFault("a server that does not greet", {
    outcome: "exchange/timeout",
    starttls: "imap",
    timeout: "1500ms",
    serve: () => undefined,
  }),
  startTlsFault("a server that hangs up before TLS is agreed on", {
    outcome: "exchange/closed",
    starttls: "pop3",
    serve: (socket) => socket.end("+OK ready\r\n"),
  }),
  startTlsFault("a server of another protocol than the one that starts TLS", {
    outcome: "exchange/malformed",
    starttls: "ftp",
    serve: (socket) => socket.write("SSH-2.0-server\r\n"),
  }),
  startTlsFault("a server that puts words before the handshake", {
    outcome: "exchange/malformed",
    starttls: "smtp",
    serve: inTurns("220 ready\r\n", "250 STARTTLS\r\n", "220 go\r\n250 injected\r\n"),
  }),
];

function startTlsFault(
  name: string,
  fault: {
    readonly outcome: Outcome;
    readonly starttls: string;
    readonly timeout?: string;
    readonly serve: (socket: Socket) => void;
  },
): Fault {
  const { outcome, starttls, timeout = "5s", serve } = fault;
  return {
    subject: "tls",
    name,
    outcome,
    async start() {
      const server = await startStreamServer(serve);
      return {
        target: `${server.host}:${server.port}`,
        module: { prober: "tls", timeout, tls: { starttls } },
        server,
      };
    },
  };
}

/** Says the first text at once, and each of the others when asked something. */
function inTurns(greeting: string, ...answers: readonly string[]): (socket: Socket) => void {
  return (socket) => {
    const left = [...answers];
    if (greeting !== "") socket.write(greeting);
    socket.on("data", () => socket.write(left.shift() ?? ""));
  };
}
