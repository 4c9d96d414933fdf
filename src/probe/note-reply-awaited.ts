import { printable } from "./printable.ts";
import type { ProbeContext } from "./prober.ts";

/** Notes that the server's reply to a command is awaited, or its greeting, in a form that may be shown. */
export function noteReplyAwaited(cause: string, context: ProbeContext): void {
  context.noteWait(cause === THE_CONNECTION ? "the greeting" : `the reply to ${printable(cause)}`);
}

/** What a greeting is the reply to. */
const THE_CONNECTION = "the connection";
