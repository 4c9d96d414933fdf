import { setTimeout } from "node:timers/promises";

/** Long enough for any server to start and for Prometheus to scrape on a busy machine. */
const GIVE_UP_MILLISECONDS = 30_000;
const POLL_MILLISECONDS = 50;

/** Asks until the answer is neither undefined nor false; throws where that takes too long, saying what was awaited. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined | false>,
  { milliseconds = GIVE_UP_MILLISECONDS }: { readonly milliseconds?: number } = {},
): Promise<T> {
  const giveUpAt = Date.now() + milliseconds;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > giveUpAt) throw new Error(`Waited in vain until ${what}`);
    await setTimeout(POLL_MILLISECONDS);
  }
}
