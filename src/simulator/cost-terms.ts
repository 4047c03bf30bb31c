import type { StepWork } from '../core/step-work';

/** What a step costs, in ms: a step's duration is the sum of its terms. */
export interface CostTerms {
  /** A decode pass over so many rows, by rows, ascending; between them it is interpolated, beyond the last prolonged. */
  readonly decode_ms: readonly (readonly [rows: number, ms: number])[];
  /** Each pass over prompts. */
  readonly prefill_ms: number;
  /** Each prompt token, padding included. */
  readonly prefill_token_ms: number;
  /** Each pair of tokens within a prompt chunk. */
  readonly prefill_square_ms: number;
  /** Each cached token that a row attends. */
  readonly attended_ms: number;
  /** Each row of the cache that is moved before a pass. */
  readonly copy_ms: number;
  /** Each row whose token is drawn. */
  readonly sampled_ms: number;
  /** From the end of a pass until its tokens are known, where the device was idle before. */
  readonly lag_ms: number;
  /** Between two steps: events, settlements, the plan of the next. */
  readonly gap_ms: number;
}

/** Rows of a decode pass where its cost may bend. */
export const KNOTS: readonly number[] = [
  1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 512, 1024,
];

/** How far a step went in everything that its cost depends on. Beyond what was seen, a cost is extrapolated. */
export interface Reach {
  /** Rows decoded in one pass. */
  readonly rows: number;
  /** Prompt tokens of one pass. */
  readonly prompt_tokens: number;
  /** Cached tokens that one row attends, on average over its pass. */
  readonly attended: number;
}

export const NO_REACH: Reach = { rows: 0, prompt_tokens: 0, attended: 0 };

const reachOf = ({ bucket, passes, tokens, attended }: StepWork): Reach => ({
  rows: bucket,
  prompt_tokens: passes > 0 ? tokens / passes : 0,
  attended: attended / Math.max(1, bucket),
});

export function farther(a: Reach, work: StepWork): Reach {
  const b = reachOf(work);
  if (b.rows <= a.rows && b.prompt_tokens <= a.prompt_tokens && b.attended <= a.attended) return a;
  return {
    rows: Math.max(a.rows, b.rows),
    prompt_tokens: Math.max(a.prompt_tokens, b.prompt_tokens),
    attended: Math.max(a.attended, b.attended),
  };
}

/** A little beyond is no news: the terms are smooth. */
const TOLERANCE = 1.5;

/** What of it was never seen, as phrases; none if all was. */
export function beyond(seen: Reach, reached: Reach): readonly string[] {
  const over = (name: keyof Reach) => reached[name] > seen[name] * TOLERANCE;
  const most = (value: number) => Math.round(value).toLocaleString('en');
  const phrases: string[] = [];
  // More rows cost something else entirely, so there is no tolerance for them.
  if (reached.rows > seen.rows) phrases.push(`${reached.rows} rows in a pass (seen: ${seen.rows})`);
  if (over('prompt_tokens'))
    phrases.push(
      `${most(reached.prompt_tokens)} prompt tokens in a pass (seen: ${most(seen.prompt_tokens)})`,
    );
  if (over('attended'))
    phrases.push(`${most(reached.attended)} cached tokens a row (seen: ${most(seen.attended)})`);
  return phrases;
}

/** The terms as a function that a simulation calls for each step. */
export class StepCost {
  readonly #terms: CostTerms;
  /** ms by rows; grown as far as rows were asked for. */
  readonly #decode: number[] = [0];
  #reached: Reach = NO_REACH;

  constructor(terms: CostTerms) {
    this.#terms = terms;
  }

  /** How far the steps went that it was asked for. */
  get reached(): Reach {
    return this.#reached;
  }

  /** ms; without lag, gap and noise. */
  of(work: StepWork): number {
    const terms = this.#terms;
    this.#reached = farther(this.#reached, work);
    return (
      this.#decodeMs(work.bucket) +
      terms.prefill_ms * work.passes +
      terms.prefill_token_ms * work.tokens +
      terms.prefill_square_ms * work.squares +
      terms.attended_ms * work.attended +
      terms.copy_ms * work.copies +
      terms.sampled_ms * work.sampled
    );
  }

  #decodeMs(rows: number): number {
    for (let next = this.#decode.length; next <= rows; next++)
      this.#decode.push(interpolate(this.#terms.decode_ms, next));
    return this.#decode[rows] as number;
  }
}

function interpolate(table: CostTerms['decode_ms'], rows: number): number {
  const above = table.findIndex(([at]) => at >= rows);
  const [last, before] = [table.at(-1), table.at(-2)];
  if (!last) return 0;
  const [low, high] = above < 0 ? [before ?? last, last] : [table[above - 1], table[above] ?? last];
  if (!low || low[0] === high[0]) return above < 0 ? (high[1] * rows) / high[0] : high[1];
  return low[1] + ((high[1] - low[1]) * (rows - low[0])) / (high[0] - low[0]);
}
