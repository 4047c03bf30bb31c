/** A seeded source of randomness: the same seed gives the same numbers, whatever the policy under test. */
export interface Rng {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** An independent stream for one purpose ("arrivals", "lengths"), so that one never shifts the other. */
  fork(purpose: string): Rng;
}
