import { conformance } from "./conformance.ts";

conformance("websocket", {
  unknownName: "a name that does not exist",
  closedPort: "a port on which nothing listens",
  silentServer: "a server that accepts and stays silent",
  halfAnAnswer: "a server that stops in the middle of a message",
  garbage: "an answer that is not HTTP",
  endlessAnswer: "a message without end",
});
