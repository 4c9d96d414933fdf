import { conformance } from "./conformance.ts";

conformance("server", {
  unknownName: {
    none: "what a name leads to is in the configuration, and every failure on the way is the same outcome",
  },
  closedPort: "a node_exporter that nobody runs",
  silentServer: "a node_exporter that stays silent",
  halfAnAnswer: "a node_exporter that breaks off",
  garbage: "a node_exporter that is something else",
  endlessAnswer: "a node_exporter that speaks without end",
});
