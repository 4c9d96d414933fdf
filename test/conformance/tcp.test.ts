import { conformance } from "./conformance.ts";

conformance("tcp", {
  unknownName: "a name that does not exist",
  closedPort: "a port on which nothing listens",
  silentServer: "a server that accepts and stays silent",
  halfAnAnswer: "a server that stops in the middle of a line",
  garbage: "a server that says something else and hangs up",
  endlessAnswer: "a line without end",
});
