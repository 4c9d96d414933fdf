import { conformance } from "./conformance.ts";

conformance("dns", {
  unknownName: "a name that does not exist",
  closedPort: "a closed port behind UDP",
  silentServer: "a name server that stays silent",
  halfAnAnswer: "a name server that hangs up within its answer",
  garbage: "an answer that is not DNS",
  endlessAnswer: "a name server that answers another question, over and over",
  others: [
    "a port on which nothing listens",
    "a healthy name server over TLS",
    "a healthy name server over HTTPS",
    "a name server over HTTPS that stays silent",
    "a web server that knows nothing of DNS",
    "an answer that is whole only over TCP",
    "a TLS server that never answers the handshake",
    "an expired certificate",
  ],
});
