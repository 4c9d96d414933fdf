import type { DocumentedCode } from "../../catalogue/documented-codes.ts";
import type { Handling } from "./handling.ts";

/**
 * How much longer than its cause an alert fires that stands for those without a code, in Prometheus' notation. Targets
 * are scraped up to a minute apart and rules evaluated up to 15 s apart, so what has one cause does not end at one
 * moment: an alert that ended first would leave those that it stands for to be told of, although all is well.
 */
export const OUTLIVING = "90s";

/** Hitflow's of a certificate or a server stand for those of Cloud Monitor's of the same target, too. */
const OUTLIVING_THE_SAME_TARGET = "2m";

/** Hitflow's other codes stand for those of certificates and servers besides, which are targets of their own. */
const OUTLIVING_ALL = "4m";

/** How long the alert of a code goes on; not at all where it is only written down, for that stands for nothing. */
export function keepFiring({ catalogue, list }: DocumentedCode, { severity }: Handling): string | undefined {
  if (severity === "info") return undefined;
  if (catalogue === "cloudmonitor") return OUTLIVING;
  return list === "ssl" || list === "server" ? OUTLIVING_THE_SAME_TARGET : OUTLIVING_ALL;
}
