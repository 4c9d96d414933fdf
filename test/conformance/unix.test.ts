import { conformance } from "./conformance.ts";

conformance("unix", {
  unknownName: { none: "a Unix socket has a path and no name" },
  closedPort: "a path at which there is no socket",
  silentServer: "a server that accepts and stays silent",
  halfAnAnswer: "a server that stops in the middle of a line",
  garbage: "a server that says something else and hangs up",
  endlessAnswer: "a line without end",
});
