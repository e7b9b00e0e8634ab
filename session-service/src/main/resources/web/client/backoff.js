/**
 * Waiting times between tries: each up to twice the one before, with full jitter, so that clients cut off together do
 * not come back together.
 */
export class Backoff {
  /**
   * @param {{firstMs?: number, mostMs?: number, random?: () => number}} [options]
   */
  constructor({ firstMs = 250, mostMs = 8000, random = Math.random } = {}) {
    this.firstMs = firstMs;
    this.mostMs = mostMs;
    this.random = random;
    this.tries = 0;
  }

  /** The next waiting time in milliseconds, at least half of `firstMs`. */
  nextMs() {
    const ceilingMs = Math.min(this.mostMs, this.firstMs * 2 ** Math.min(this.tries, 16));
    this.tries += 1;
    return Math.round(Math.max(this.firstMs / 2, ceilingMs * this.random()));
  }

  /** Starts over after a success. */
  reset() {
    this.tries = 0;
  }
}
