/**
 * Time, injected, so that the same code runs in real time, in a test and in virtual time.
 * All stamps of Headway are milliseconds on one clock: `performance.timeOrigin + performance.now()`,
 * which the page and its workers share.
 */
export interface Clock {
  /** Milliseconds, monotonic, fractional. */
  now(): number;
  /**
   * Resolves after `ms` milliseconds, or at once when `signal` aborts. `Infinity` waits for the signal alone.
   * It never rejects: waiting less is not an error.
   */
  sleep(ms: number, signal?: SleepSignal): Promise<void>;
}

/** What ends a sleep early. An `AbortSignal` is one. */
export interface SleepSignal {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** A seeded source of randomness: the same seed gives the same numbers, whatever the policy under test. */
export interface Rng {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** An independent stream for one purpose ("arrivals", "lengths"), so that one never shifts the other. */
  fork(purpose: string): Rng;
}
