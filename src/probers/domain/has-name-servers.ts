import { askInTurn } from "../../network/ask-in-turn.ts";
import type { Line } from "./line.ts";

/** The type of records that delegate a domain (RFC 1035 §3.2.2). */
const NS = 2;

/** DNS answers within milliseconds, or not at all. */
const PATIENCE_SECONDS = 3;

/** Whether DNS has name servers for a domain; undefined where DNS gives no answer. */
export async function hasNameServers(name: string, line: Line): Promise<boolean | undefined> {
  const { module, environment, signal } = line;
  const servers = module.resolver.length > 0 ? module.resolver : environment.network.resolver.servers();
  const answer = await askInTurn(
    { name, type: NS },
    // No answer is no second opinion, whatever the reason.
    { servers, seconds: PATIENCE_SECONDS, signal, onFailure: () => undefined },
  );
  return answer === undefined ? undefined : answer.records.length > 0;
}
