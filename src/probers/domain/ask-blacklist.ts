import { ProbeFailure } from "../../outcome/probe-failure.ts";
import type { Blacklist } from "./blacklists.ts";
import type { Line } from "./line.ts";
import type { Domain } from "./target.ts";
import { withinTime } from "./within-time.ts";

/** The addresses with which a zone answers for a domain: none where it has no such name, which is how lists say "not listed". */
export async function askBlacklist(
  { name }: Pick<Domain, "name">,
  blacklist: Blacklist,
  line: Line,
): Promise<readonly string[]> {
  try {
    // With its final dot, so that the search list of this host is left out of it.
    const addresses = await withinTime(blacklist.zone, line, ({ module, environment, signal }) =>
      environment.network.resolver.resolve(`${name}.${blacklist.zone}.`, {
        preferred: 4,
        fallback: false,
        servers: module.resolver,
        signal,
      }),
    );
    return addresses.map(({ ip }) => ip);
  } catch (error) {
    const outcome = error instanceof ProbeFailure ? error.outcome : undefined;
    if (outcome === "resolve/name-not-found" || outcome === "resolve/no-address") return [];
    throw error;
  }
}
