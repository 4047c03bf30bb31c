import type { ServingEvent, StepEvent } from '../core/events';
import type { StepWork } from '../core/step-work';
import { type CostTerms, farther, KNOTS, NO_REACH, type Reach, StepCost } from './cost-terms';
import { nonNegativeLeastSquares } from './nnls';
import { type Residuals, STRETCH } from './noise';

/** Steps kept of each kind, the latest: a fit follows a machine that becomes slower or faster. */
const KEPT = 192;
/** Residuals kept of each phase, in their order. */
const RESIDUALS = 2048;
/** A pause between two steps from which on the device counts as idle, ms. */
const IDLE_MS = 2;
const FEWEST = 24;
const ROUNDS = 8;

/** What a fit of a model's steps gives. */
export interface FittedSteps {
  readonly terms: CostTerms;
  /** Steps that it rests on, and their time together, s. */
  readonly steps: number;
  readonly seconds: number;
  readonly residuals: Residuals;
  /** |measured / predicted − 1|. */
  readonly residual_p50: number;
  readonly residual_p95: number;
  readonly seen: Reach;
}

interface Sample {
  readonly order: number;
  readonly ms: number;
  readonly work: StepWork;
  /** Whether the device had been idle before. */
  readonly first: boolean;
}

/**
 * Fits what a step costs, as a fold over the server's events: live, over a finished run, or over an exported one. It keeps
 * the latest steps of each kind, so that a load of one kind does not crowd out what is known of another.
 */
export class StepFit {
  readonly #kinds = new Map<string, Sample[]>();
  readonly #gaps: number[] = [];
  #steps = 0;
  #ms = 0;
  #lastAt = Number.NEGATIVE_INFINITY;
  #seen: Reach = NO_REACH;

  /** Steps folded so far. */
  get steps(): number {
    return this.#steps;
  }

  fold(event: ServingEvent): void {
    if (event.type === 'step') this.#add(event);
    // A new device is another machine.
    else if (event.type === 'status' && event.status === 'lost') this.#lastAt = Number.NEGATIVE_INFINITY;
  }

  /** @returns null while there are too few steps, or none of either phase */
  fit(): FittedSteps | null {
    const samples = [...this.#kinds.values()].flat().sort((a, b) => a.order - b.order);
    const decoded = samples.filter(({ work }) => work.bucket > 0).length;
    if (samples.length < FEWEST || decoded < FEWEST / 4) return null;
    const terms = { ...fitTerms(samples), gap_ms: medianOf(this.#gaps) };
    const cost = new StepCost(terms);
    const ratios = samples.map(({ ms, work, first }) => ms / (cost.of(work) + (first ? terms.lag_ms : 0)));
    const residuals = { prefill: [] as number[], decode: [] as number[] };
    samples.forEach(({ work }, i) => {
      (work.bucket > 0 ? residuals.decode : residuals.prefill).push(rounded(ratios[i] ?? 1));
    });
    const errors = ratios.map((ratio) => Math.abs(ratio - 1)).sort((a, b) => a - b);
    const rank = (share: number) => errors[Math.floor(share * (errors.length - 1))] ?? 0;
    return {
      terms,
      steps: this.#steps,
      seconds: this.#ms / 1000,
      residuals: {
        prefill: thinned(residuals.prefill),
        decode: thinned(residuals.decode),
      },
      residual_p50: rank(0.5),
      residual_p95: rank(0.95),
      seen: this.#seen,
    };
  }

  #add({ startedAt, at, work }: StepEvent): void {
    const gap = startedAt - this.#lastAt;
    this.#lastAt = at;
    const ms = at - startedAt;
    if (!work || !(ms > 0)) return;
    const first = gap > IDLE_MS;
    if (!first && gap >= 0) keep(this.#gaps, gap);
    this.#seen = farther(this.#seen, work);
    const kind = kindOf(work, first);
    const kept = this.#kinds.get(kind) ?? [];
    this.#kinds.set(kind, kept);
    keep(kept, { order: this.#steps, ms, work, first });
    this.#steps += 1;
    this.#ms += ms;
  }
}

/** Twice as many as are kept are held, so that letting the oldest go costs nothing a step. */
function keep<Item>(list: Item[], item: Item): void {
  list.push(item);
  if (list.length >= 2 * KEPT) list.splice(0, KEPT);
}

const kindOf = ({ bucket, passes, tokens, copies }: StepWork, first: boolean): string =>
  `${bucket}/${passes}/${tokens > 0 ? Math.round(2 * Math.log2(tokens)) : 0}/${copies > 0}/${first}`;

/** Stretches of it, evenly spread. */
function thinned(residuals: readonly number[]): readonly number[] {
  const every = Math.ceil(residuals.length / RESIDUALS);
  return residuals.filter((_, i) => Math.floor(i / STRETCH) % every === 0);
}

const rounded = (ratio: number) => Math.round(ratio * 1e4) / 1e4;

type Column = (sample: Sample) => number;

/** Robust: a step that the machine held up counts less the farther it is off. */
function fitTerms(samples: readonly Sample[]): CostTerms {
  const knots = knotsOf(samples);
  const columns: readonly Column[] = [
    ...knots.map(
      (knot, i): Column =>
        ({ work }) =>
          riseOf(work.bucket, knots[i - 1] ?? 0, knot, i === 0),
    ),
    ({ work }) => work.passes,
    ({ work }) => work.tokens,
    ({ work }) => work.squares,
    ({ work }) => work.attended,
    ({ work }) => work.copies,
    ({ work }) => work.sampled,
    ({ first }) => (first ? 1 : 0),
  ];
  const rows = samples.map((sample) => columns.map((column) => column(sample)));
  let weights = samples.map(({ ms }) => 1 / ms ** 2);
  let fitted: readonly number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    fitted = solveWeighted(rows, samples, weights);
    const predicted = rows.map((row) => Math.max(dot(row, fitted), 1e-6));
    const ratios = samples.map(({ ms }, i) => ms / (predicted[i] ?? 1) - 1);
    const reach = 1.5 * Math.max(1.4826 * medianOf(ratios.map(Math.abs)), 1e-4);
    weights = ratios.map((ratio, i) => Math.min(1, reach / Math.abs(ratio)) / (predicted[i] ?? 1) ** 2);
  }
  const [prefill, token, square, attended, copy, sampled, lag] = fitted.slice(knots.length);
  let ms = 0;
  return {
    decode_ms: knots.map((knot, i) => {
      ms += fitted[i] ?? 0;
      return [knot, ms] as const;
    }),
    prefill_ms: prefill ?? 0,
    prefill_token_ms: token ?? 0,
    prefill_square_ms: square ?? 0,
    attended_ms: attended ?? 0,
    copy_ms: copy ?? 0,
    sampled_ms: sampled ?? 0,
    lag_ms: lag ?? 0,
    gap_ms: 0,
  };
}

/** Row counts that were seen, as many as are needed. */
function knotsOf(samples: readonly Sample[]): readonly number[] {
  const seen = [...new Set(samples.map(({ work }) => work.bucket))].filter((rows) => rows > 0);
  const [least, most] = [Math.min(...seen), Math.max(...seen)];
  return seen.filter((rows) => rows === least || rows === most || KNOTS.includes(rows)).sort((a, b) => a - b);
}

/** How much of the rise from one knot to the next a pass of so many rows has behind it. */
function riseOf(rows: number, from: number, to: number, isFirst: boolean): number {
  if (rows === 0) return 0;
  if (isFirst) return 1;
  return Math.min(1, Math.max(0, (rows - from) / (to - from)));
}

function solveWeighted(
  rows: readonly (readonly number[])[],
  samples: readonly Sample[],
  weights: readonly number[],
): readonly number[] {
  const count = rows[0]?.length ?? 0;
  const gram = Array.from({ length: count }, () => new Array<number>(count).fill(0));
  const moment = new Array<number>(count).fill(0);
  rows.forEach((row, at) => {
    const weight = weights[at] ?? 0;
    const ms = samples[at]?.ms ?? 0;
    for (let i = 0; i < count; i++) {
      const left = (row[i] as number) * weight;
      if (left === 0) continue;
      moment[i] = (moment[i] as number) + left * ms;
      const line = gram[i] as number[];
      for (let j = 0; j <= i; j++) line[j] = (line[j] as number) + left * (row[j] as number);
    }
  });
  for (let i = 0; i < count; i++)
    for (let j = 0; j < i; j++) (gram[j] as number[])[i] = gram[i]?.[j] as number;
  return nonNegativeLeastSquares(gram, moment);
}

function dot(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] ?? 0);
  return sum;
}

function medianOf(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[sorted.length >>> 1] ?? 0;
}
