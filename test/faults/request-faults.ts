import type { Approach } from "./approach.ts";
import type { Fault } from "./fault.ts";
import { staticFault } from "./static-fault.ts";

/** What may be wrong with the scrape itself, before any traffic. */
export function requestFaults({ subject, settings, target }: Approach): readonly Fault[] {
  // Without a timeout of its own: that would be enough where the scrape leaves none.
  const module = { prober: subject, ...settings({ channel: "plain" }) };
  const nowhere = target({ host: "127.0.0.1", port: 1 }, "plain");
  return [
    staticFault(subject, {
      name: "a scrape without a target",
      outcome: "request/target-missing",
      target: "",
      module,
    }),
    staticFault(subject, {
      name: "a scrape whose timeout is no number",
      outcome: "deadline/no-time-left",
      target: nowhere,
      module,
      scrapeTimeout: "soon",
    }),
    staticFault(subject, {
      name: "a scrape whose timeout leaves no time",
      outcome: "deadline/no-time-left",
      target: nowhere,
      module,
      scrapeTimeout: "0.1",
    }),
  ];
}
