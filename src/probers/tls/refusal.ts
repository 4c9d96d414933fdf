import { PROBLEM_OUTCOMES } from "../../network/certificate-finding.ts";
import type { SecureChannel } from "../../network/secure.ts";
import type { TlsProblem } from "../../network/verdict.ts";
import { printable } from "../../probe/printable.ts";
import { comparePins } from "./pins.ts";
import type { ProberSettings } from "./settings.ts";

/** Why the module does not accept a channel: the gravest of the problems that fail it, or a pin that does not fit. */
export function refusalOf(channel: SecureChannel, settings: ProberSettings): TlsProblem | undefined {
  const { certificates, verdict } = channel;
  const [leaf] = certificates;
  if (leaf === undefined) {
    return { outcome: "tls/not-offered", detail: "The server sent no certificate, so it can be anybody" };
  }
  const found = verdict.findings.find(({ problem, detail }) => detail !== "" && settings.failOn.has(problem));
  if (found !== undefined) return { outcome: PROBLEM_OUTCOMES[found.problem], detail: found.detail };
  const misfit = comparePins(leaf, settings.pins).find(({ fits }) => !fits);
  if (misfit === undefined) return undefined;
  const detail = `The certificate does not fit the pin ${misfit.pin}: it has ${printable(misfit.found)}`;
  return { outcome: "tls/certificate-invalid", detail };
}
