import type { RateLimit } from "../config/read-web-config.ts";

/** A token bucket: full at first; a request takes one token, and each interval gives one back. */
export class RateLimiter {
  readonly limit: RateLimit;
  readonly #now: () => number;
  #tokens: number;
  #filledAt: number;

  /** `now` is in milliseconds, of a clock that never goes back. */
  constructor(limit: RateLimit, now: () => number) {
    this.limit = limit;
    this.#now = now;
    this.#tokens = limit.burst;
    this.#filledAt = now();
  }

  /** Whether one more request may pass now; takes its token if so. */
  admits(): boolean {
    const now = this.#now();
    const earned = (now - this.#filledAt) / (this.limit.intervalSeconds * 1000);
    this.#tokens = Math.min(this.limit.burst, this.#tokens + earned);
    this.#filledAt = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
