import { type Backend, decodeRows, promptRow } from '../../src/core/backend';
import { medianAndMin, windowsOf } from '../figures/windows';
import type { PassTimes, PrefillsAsked, StepsAsked, StepTimes } from '../measures';

export const PROMPT_TOKENS = 16;
/** Steps after each prefill, so that rows are of about the same lengths in every cell; fewer in a short context. */
export const MOST_STEPS = 96;
/** Steps before the clock runs: captures are recorded, passes run ahead. */
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
  const most = Math.min(MOST_STEPS, contextLength - PROMPT_TOKENS - 1);
  const slots = Array.from({ length: rows }, (_, slot) => slot);
  const windows: number[] = [];
  let steps = 0;
  let tokens = 0;
  let deadline = performance.now() + budgetMs;
  do {
    await backend.step(slots.map((slot) => promptFor(slot, backend.capabilities.vocabularySize)));
    const ends = await run(backend, slots, ahead, most, (ended) => {
      // What compiling and recording took of the budget must not leave too little of it.
      if (steps === 0 && ended === WARM_UP) deadline = Math.max(deadline, performance.now() + budgetMs / 2);
      return ended + ahead >= WARM_UP + FEWEST_STEPS && performance.now() >= deadline;
    });
    windows.push(...windowsOf(ends.slice(WARM_UP - 1)));
    const counted = ends.length - WARM_UP;
    steps += counted;
    tokens += counted * (PROMPT_TOKENS + WARM_UP + counted / 2);
  } while (performance.now() < deadline);
  return { ...medianAndMin(windows), steps, liveTokens: tokens / steps };
}

/** One prompt at a time into the first slot, until the budget is used up. */
export function prefills(backend: Backend, { tokens, budgetMs }: PrefillsAsked): Promise<PassTimes> {
  const prompt = promptFor(0, backend.capabilities.vocabularySize, tokens);
  return repeated(() => backend.step([prompt]), budgetMs);
}

/** One pass after another, until the budget is used up. @returns how many were counted, too: all but the warm-up */
export async function repeated(
  pass: () => Promise<unknown>,
  budgetMs: number,
): Promise<PassTimes & { readonly passes: number }> {
  const ends: number[] = [];
  const deadline = performance.now() + budgetMs;
  while (ends.length < WARM_UP + FEWEST_STEPS || performance.now() < deadline) {
    await pass();
    ends.push(performance.now());
  }
  return { ...medianAndMin(windowsOf(ends.slice(WARM_UP - 1))), passes: ends.length - WARM_UP };
}

/** @returns when each step's tokens were known */
async function run(
  backend: Backend,
  slots: readonly number[],
  ahead: number,
  most: number,
  isOver: (ended: number) => boolean,
): Promise<number[]> {
  const underWay: Promise<unknown>[] = [];
  const ends: number[] = [];
  const end = async () => {
    await underWay.shift();
    ends.push(performance.now());
  };
  for (let step = 0; step < most; step++) {
    underWay.push(backend.step(decodeRows(slots)));
    if (underWay.length <= ahead) continue;
    await end();
    if (isOver(ends.length)) break;
  }
  while (underWay.length > 0) await end();
  return ends;
}

function promptFor(slot: number, vocabulary: number, length = PROMPT_TOKENS) {
  const tokens = Array.from({ length }, (_, i) => 4 + ((slot * 131 + i * i * 37) % (vocabulary - 4)));
  return promptRow(slot, tokens);
}
