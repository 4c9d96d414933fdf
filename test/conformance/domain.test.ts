import { conformance } from "./conformance.ts";

conformance("domain", {
  unknownName: { none: "the name is looked up at the registry, not in DNS" },
  closedPort: "a registry that is not there",
  silentServer: "a registry that stays silent",
  halfAnAnswer: "half a record",
  garbage: "a page instead of a record",
  endlessAnswer: "an answer without end",
  others: ["a WHOIS answer without end", "WHOIS servers that refer to each other"],
});
