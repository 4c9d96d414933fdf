import { startDeadline } from "../../network/deadline.ts";
import { ProbeFailure } from "../../outcome/probe-failure.ts";
import type { Line } from "./line.ts";

/** Does one piece of a look-up within the time that the module allows for it. `who` is asked, for the failure's detail. */
export async function withinTime<T>(who: string, line: Line, work: (line: Line) => Promise<T>): Promise<T> {
  const seconds = line.settings.lookupTimeoutSeconds;
  using deadline = startDeadline({ seconds, signal: line.signal });
  try {
    return await work({ ...line, signal: deadline.signal });
  } catch (error) {
    if (!deadline.expired) throw error;
    throw new ProbeFailure("registry/unavailable", {
      detail: `${who} gave no answer within ${seconds} s`,
      cause: error,
    });
  }
}
