import type { StoreObserver } from "./store-fault.ts";

/**
 * Makes observers for several stores at one place, each thread having its own: `observer` is told once when the first of
 * them fails, and when none fails any more.
 */
export function createJointObserver(observer: StoreObserver): () => StoreObserver {
  const failing = new Set<object>();
  return () => {
    const store = {};
    return {
      onFault(kind, detail) {
        const isNews = kind === "corrupt" || failing.size === 0;
        if (kind === "unavailable") failing.add(store);
        if (isNews) observer.onFault(kind, detail);
      },
      onRecovery() {
        if (failing.delete(store) && failing.size === 0) observer.onRecovery();
      },
    };
  };
}
