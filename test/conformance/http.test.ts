import { conformance } from "./conformance.ts";

conformance("http", {
  unknownName: "a name that does not exist",
  closedPort: "a port on which nothing listens",
  silentServer: "a server that accepts and stays silent",
  halfAnAnswer: "a server that hangs up within the body",
  garbage: "an answer that is not HTTP",
  endlessAnswer: "a body without end",
});
