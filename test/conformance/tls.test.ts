import { conformance } from "./conformance.ts";

conformance("tls", {
  unknownName: "a name that does not exist",
  closedPort: "a port on which nothing listens",
  silentServer: "a TLS server that never answers the handshake",
  halfAnAnswer: "a server that stops in the middle of its answer",
  garbage: "a server without TLS on the port",
  endlessAnswer: "an endless line in an answer",
  others: [
    "a server that does not greet",
    "a server that hangs up before TLS is agreed on",
    "a server that stays silent after the handshake",
    "a page that leads to itself",
    "an expired certificate",
  ],
});
