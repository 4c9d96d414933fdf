import { conformance } from "./conformance.ts";

conformance("icmp", {
  unknownName: "a name that does not exist",
  closedPort: { none: "ICMP has no ports" },
  silentServer: "a host that never answers",
  halfAnAnswer: "replies that are cut short",
  garbage: "replies that are not ICMP",
  endlessAnswer: "a host that answers each packet many times",
  others: ["a host that a router calls unreachable", "a link that loses more packets than it may"],
});
