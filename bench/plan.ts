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

export interface PoliciesPlan {
  readonly repeats: number;
  /** In a saturated run. */
  readonly requests: number;
  /** In a run at 0.8 of static's capacity; 0 = there is no time for it. */
  readonly poissonRequests: number;
}

/** A tail of fewer requests than this says nothing. */
const FEWEST_POISSON = 40;

/** Requests of the saturated runs get 60 % of the budget, those under Poisson load the rest. */
export function planPolicies(budgetMs: number, pace: Pace): PoliciesPlan {
  const { oneRowMs, sixteenRowsMs } = pace;
  const perRequest = {
    sequential: MEAN_TOKENS * oneRowMs * PREFILL,
    static: (LONGEST_OF_16 / 16) * sixteenRowsMs * PREFILL,
    continuous: (MEAN_TOKENS / 16) * sixteenRowsMs * PREFILL,
  };
  const all = perRequest.sequential + perRequest.static + perRequest.continuous;
  // The page warms up before each run: two requests one by one, two full batches else.
  const warmUp = 2 * perRequest.sequential + 32 * (perRequest.static + perRequest.continuous);
  const saturated = extent(0.6 * budgetMs, warmUp, all, { fewest: 64, enough: 128, most: 600 });
  // Two runs, each as long as its arrivals take.
  const arrival = (2 * perRequest.static) / 0.8;
  const poissonWarmUp = 32 * (perRequest.static + perRequest.continuous);
  const left = (0.4 * budgetMs) / saturated.repeats;
  const poisson = Math.floor((left - poissonWarmUp) / arrival);
  return {
    ...saturated,
    poissonRequests: poisson < FEWEST_POISSON ? 0 : Math.min(600, poisson),
  };
}

export interface PeersPlan {
  readonly rounds: number;
  /** Of 16 concurrent requests, and of padded batches. */
  readonly requests: number;
  /** Of one by one. */
  readonly single: number;
}

export function planPeers(budgetMs: number, { oneRowMs, sixteenRowsMs }: Pace): PeersPlan {
  const together = ((MEAN_TOKENS + LONGEST_OF_16 * 1.5) / 16) * sixteenRowsMs * PREFILL;
  // transformers.js is expected to take twice as long for one.
  const alone = MEAN_TOKENS * oneRowMs * PREFILL * 3;
  // As many single requests as a third of the others.
  const { repeats, requests } = extent(budgetMs, 0, together + alone / 3, {
    fewest: 32,
    enough: 64,
    most: 192,
  });
  const whole = Math.ceil(requests / 16) * 16;
  return { rounds: repeats, requests: whole, single: Math.ceil(whole / 3) };
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
