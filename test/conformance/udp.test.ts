import { conformance } from "./conformance.ts";

conformance("udp", {
  unknownName: "a name that does not exist",
  closedPort: "a port on which nothing listens",
  silentServer: "a server that stays silent",
  halfAnAnswer: { none: "a datagram arrives whole or not at all" },
  garbage: "a server that replies something else",
  endlessAnswer: "a server that replies without end",
});
