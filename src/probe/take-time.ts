import type { ProbeContext } from "./prober.ts";

/**
 * Does some work and notes how many seconds it took, whether it succeeds or fails. Where the deadline ends the probe in
 * the middle, the time until then is noted at that moment: the report is written before the work has come to its end.
 */
export async function takeTime<T>(
  work: () => T | Promise<T>,
  { context, note }: { readonly context: ProbeContext; readonly note: (seconds: number) => void },
): Promise<T> {
  const { signal } = context;
  const started = context.elapsedSeconds();
  const stop = (): void => {
    signal.removeEventListener("abort", stop);
    note(context.elapsedSeconds() - started);
  };
  signal.addEventListener("abort", stop);
  try {
    return await work();
  } finally {
    if (!signal.aborted) stop();
  }
}
