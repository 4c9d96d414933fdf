import { askRecords } from "./ask-records.ts";
import { classify } from "./classify.ts";
import { startDeadline } from "./deadline.ts";
import type { RecordAnswer, RecordQuestion } from "./record-message.ts";

export interface InTurn {
  /** `address` or `address:port`. */
  readonly servers: readonly string[];
  /** For all of them together. */
  readonly seconds: number;
  readonly signal: AbortSignal;
  /** Told why a server gave no answer. */
  readonly onFailure: (server: string, detail: string) => void;
}

const NAME_ERROR = 3;

/**
 * Asks DNS servers for records until one answers, that there are none included; each has its share of the time that is
 * left. Undefined where none answers. Throws only where the signal aborts.
 */
export async function askInTurn(
  question: Omit<RecordQuestion, "id">,
  { servers, seconds, signal, onFailure }: InTurn,
): Promise<RecordAnswer | undefined> {
  const end = performance.now() + seconds * 1000;
  for (const [index, server] of servers.entries()) {
    const share = (end - performance.now()) / 1000 / (servers.length - index);
    using patience = startDeadline({ seconds: share, signal });
    try {
      const answer = await askRecords(question, { server, signal: patience.signal });
      if (answer.code === 0 || answer.code === NAME_ERROR) return answer;
      onFailure(server, `It answers with code ${answer.code}`);
    } catch (error) {
      signal.throwIfAborted();
      onFailure(server, classify("resolve", error).detail);
    }
  }
  return undefined;
}
