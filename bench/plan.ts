/** Decode step times that tell how many requests a budget has room for, ms. */
export interface Pace {
  readonly oneRowMs: number;
  readonly sixteenRowsMs: number;
}

/** Of output lengths from 2 to 48, each as likely: their mean, and the mean of the longest of 16. */
const MEAN_TOKENS = 25;
const LONGEST_OF_16 = 46;
/** Prefill passes come between decode passes, and rows are not always all taken. */
const PREFILL = 1.3;

const MOST_REPEATS = 3;
/** Tails of one load differ from seed to seed by half, throughputs do not. */
const MOST_POISSON_REPEATS = 9;
const MOST_REQUESTS = 600;

export interface PoliciesPlan {
  readonly repeats: number;
  /** In a saturated run. */
  readonly requests: number;
  /** One by one: fewer where there is no time for as many, which leaves its throughput as it is, but not its tail. */
  readonly sequentialRequests: number;
  readonly poissonRepeats: number;
  /** In a run at 0.8 of static's capacity; 0 = there is no time for it. */
  readonly poissonRequests: number;
}

/** A tail of fewer requests than this says nothing. */
const FEWEST_POISSON = 40;
const FEWEST_SEQUENTIAL = 16;

/** Requests of the saturated runs get 60 % of the budget, those under Poisson load the rest. */
export function planPolicies(budgetMs: number, pace: Pace): PoliciesPlan {
  const { oneRowMs, sixteenRowsMs } = pace;
  const sequential = MEAN_TOKENS * oneRowMs * PREFILL;
  const fixed = (LONGEST_OF_16 / 16) * sixteenRowsMs * PREFILL;
  const batched = fixed + (MEAN_TOKENS / 16) * sixteenRowsMs * PREFILL;
  // The page warms up before each run: two requests one by one, two full batches else.
  const warmUp = 2 * sequential + 32 * batched;
  const alike = extent(0.6 * budgetMs, warmUp, batched + sequential, {
    fewest: 0,
    enough: 128,
    most: MOST_REQUESTS,
  });
  const fewer = extent(0.6 * budgetMs, warmUp, batched + sequential / 4, {
    fewest: 48,
    enough: 96,
    most: MOST_REQUESTS,
  });
  const saturated =
    alike.requests >= 128
      ? { ...alike, sequentialRequests: alike.requests }
      : { ...fewer, sequentialRequests: Math.max(FEWEST_SEQUENTIAL, Math.floor(fewer.requests / 4)) };
  // Of two runs, each as long as its arrivals take.
  const [poissonWarmUp, poisson] = [32 * batched, (2 * fixed) / 0.8];
  const whole = Math.floor((0.4 * budgetMs) / (poissonWarmUp + MOST_REQUESTS * poisson));
  const poissonRepeats = Math.min(MOST_POISSON_REPEATS, Math.max(saturated.repeats, whole));
  const most = Math.floor(((0.4 * budgetMs) / poissonRepeats - poissonWarmUp) / poisson);
  const poissonRequests = most < FEWEST_POISSON ? 0 : Math.min(MOST_REQUESTS, most);
  return { ...saturated, poissonRepeats, poissonRequests };
}

export interface PeersPlan {
  readonly rounds: number;
  /** Of 16 concurrent requests, and of padded batches. */
  readonly requests: number;
  /** Of one by one. */
  readonly single: number;
}

/** A way of a round is one call; a longer one meets more of the machine's moods without saying more. */
const LONGEST_CALL_MS = 100_000;

export function planPeers(budgetMs: number, { oneRowMs, sixteenRowsMs }: Pace): PeersPlan {
  const padded = ((LONGEST_OF_16 * 1.5) / 16) * sixteenRowsMs * PREFILL;
  const together = (MEAN_TOKENS / 16) * sixteenRowsMs * PREFILL + padded;
  // transformers.js is expected to take twice as long for one.
  const alone = MEAN_TOKENS * oneRowMs * PREFILL * 3;
  // As many single requests as a quarter of the others.
  const { repeats, requests } = extent(budgetMs, 0, together + alone / 4, {
    fewest: 32,
    enough: 48,
    most: Math.max(48, Math.min(192, Math.floor(LONGEST_CALL_MS / padded))),
  });
  const whole = Math.ceil(requests / 16) * 16;
  return { rounds: repeats, requests: whole, single: whole / 4 };
}

/** The most repeats with enough requests each, else one with as many as there is time for. */
function extent(
  budgetMs: number,
  warmUpMs: number,
  requestMs: number,
  { fewest, enough, most }: { readonly fewest: number; readonly enough: number; readonly most: number },
): { readonly repeats: number; readonly requests: number } {
  for (let repeats = MOST_REPEATS; repeats >= 1; repeats--) {
    const requests = Math.floor((budgetMs / repeats - warmUpMs) / requestMs);
    if (requests >= enough || repeats === 1) {
      return { repeats, requests: Math.max(fewest, Math.min(most, requests)) };
    }
  }
  throw new Error('unreachable');
}
