import { conformance } from "./conformance.ts";

conformance("grpc", {
  unknownName: "a name that does not exist",
  closedPort: "a port on which nothing listens",
  silentServer: "a server that accepts and stays silent",
  halfAnAnswer: "a server that hangs up within its answer",
  garbage: "a server that does not speak HTTP/2",
  endlessAnswer: "an answer without end",
});
