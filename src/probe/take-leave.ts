import type { LineDialogue } from "../network/line-dialogue.ts";
import type { ProbeContext } from "./prober.ts";

/**
 * Ends a dialogue politely, in phase `exchange`, after all that matters: what goes wrong is a line of the log and fails
 * nothing, and `max_response_time` does not count the time.
 */
export async function takeLeave(dialogue: LineDialogue, line: string, context: ProbeContext): Promise<void> {
  context.noteResponseTime(context.elapsedSeconds());
  const patienceSeconds = Math.min(LONGEST_PATIENCE_SECONDS, context.secondsLeft() / 2);
  try {
    const answer = await context.during("exchange", () => dialogue.sendFarewell(line, { patienceSeconds }));
    context.log("debug", answer === "nothing" ? "Said goodbye without an answer" : "Said goodbye", { line });
  } catch (error) {
    context.log("debug", "Could not say goodbye", { line, reason: error instanceof Error ? error.message : "" });
  }
}

/** A server that is well answers at once; one that is not costs the probe no more than this. */
const LONGEST_PATIENCE_SECONDS = 0.5;
