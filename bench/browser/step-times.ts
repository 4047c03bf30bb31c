import type { Backend } from '../../src/core/backend';
import { medianAndMin, windowsOf } from '../figures/windows';
import type { StepsAsked, StepTimes } from '../measures';

const PROMPT_TOKENS = 16;
/** Steps after each prefill, so that rows are of about the same lengths in every cell; fewer in a short context. */
const MOST_STEPS = 96;
/** Steps before the clock runs, beside those that run ahead: captures are recorded, caches warm. */
const WARM_UP = 2;
/** The least that a cell says something from, budget or not. */
const FEWEST_STEPS = 3;

/** Prompts of 16 tokens into the first slots, then steps over them, again and again until the budget is used up. */
export async function decodeSteps(
  backend: Backend,
  { rows, lagged, budgetMs }: StepsAsked,
): Promise<StepTimes> {
  const { contextLength, passesAhead } = backend.capabilities;
  const ahead = lagged ? passesAhead : 0;
  const warmUp = WARM_UP + ahead;
  const most = Math.min(MOST_STEPS, contextLength - PROMPT_TOKENS - 1);
  const slots = Array.from({ length: rows }, (_, slot) => slot);
  const windows: number[] = [];
  let steps = 0;
  let tokens = 0;
  let deadline = Number.POSITIVE_INFINITY;
  do {
    await backend.prefill(slots.map((slot) => promptFor(slot, backend.capabilities.vocabularySize)));
    const over = (ended: number) => ended - warmUp >= FEWEST_STEPS && performance.now() >= deadline;
    const ends = await run(backend, slots, ahead, most, (ended) => {
      // Compiling and recording are no part of the budget.
      if (ended === warmUp) deadline = Math.min(deadline, performance.now() + budgetMs);
      return over(ended);
    });
    windows.push(...windowsOf(ends.slice(warmUp - 1)));
    const counted = ends.length - warmUp;
    steps += counted;
    tokens += counted * (PROMPT_TOKENS + warmUp + counted / 2);
  } while (performance.now() < deadline);
  return { ...medianAndMin(windows), steps, liveTokens: tokens / steps };
}

/** @returns when each step's tokens were known, but for those that were under way at the end: nothing followed them */
async function run(
  backend: Backend,
  slots: readonly number[],
  ahead: number,
  most: number,
  isOver: (ended: number) => boolean,
): Promise<number[]> {
  const underWay: Promise<unknown>[] = [];
  const ends: number[] = [];
  for (let step = 0; step < most; step++) {
    underWay.push(backend.decode(slots));
    if (underWay.length <= ahead) continue;
    await underWay.shift();
    ends.push(performance.now());
    if (isOver(ends.length)) break;
  }
  await Promise.all(underWay);
  return ends;
}

function promptFor(slot: number, vocabulary: number) {
  const tokens = Array.from(
    { length: PROMPT_TOKENS },
    (_, i) => 4 + ((slot * 131 + i * i * 37) % (vocabulary - 4)),
  );
  return { slot, tokens, start: 0, sampling: null };
}
