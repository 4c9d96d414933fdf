import { setImmediate as nextTurn } from "node:timers/promises";

/** Longer than anything on the loopback takes to be noticed, also on a busy machine. */
const PATIENCE_MILLISECONDS = 2_000;

/** Returns as soon as the assertion holds, turn by turn of the event loop; throws what it last threw when patience ends. */
export async function eventually(
  assertion: () => void,
  { milliseconds = PATIENCE_MILLISECONDS }: { readonly milliseconds?: number } = {},
): Promise<void> {
  const end = performance.now() + milliseconds;
  for (;;) {
    const failure = failureOf(assertion);
    if (failure === undefined) return;
    if (performance.now() > end) throw failure.error;
    await nextTurn();
  }
}

function failureOf(assertion: () => void): { readonly error: unknown } | undefined {
  try {
    assertion();
    return undefined;
  } catch (error) {
    return { error };
  }
}
