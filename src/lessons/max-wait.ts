import { formatFigure } from '../core/format';
import { type Lesson, type Seen, seenOf, type Trial } from './lesson';
import { ANSWER, CROWD, capacityTrial, compare, ms, perSecond, tidyRate } from './trials';

/** Of what one client alone gets: the server is idle three quarters of the time. */
const LOW = 0.25;

/** Three times what an answer takes alone, as one would set it: a wait that can be felt on this machine. */
const waitMs = (seen: Seen) => Math.max(5, Number((3000 / seenOf(seen, 'lone').rps).toPrecision(1)));

const MAX_BATCH = 8;

const served = (maxBatch: number, maxWaitMs: number) => ({ policy: 'static', maxBatch, maxWaitMs }) as const;

const quiet = (name: string, label: string, maxBatch: number, maxWaitMs: (seen: Seen) => number): Trial => ({
  name,
  label,
  sets: (seen) => ({
    serving: served(maxBatch, maxWaitMs(seen)),
    load: { ...ANSWER, arrival: 'poisson', rate: tidyRate(LOW * seenOf(seen, 'lone').rps) },
  }),
  needs: { requests: 80, seconds: 5 },
});

export const maxWait: Lesson = {
  name: 'max-wait',
  title: 'Max wait, at low and at high load',
  says: 'Waiting for company costs latency where there is none, and nothing where the batch fills by itself.',
  minutes: 3,
  steps: [
    {
      title: 'What is a lot here, and what is little',
      says: 'First, one client who sends a request when the last was answered: no queue, no company. Then thirty-two of them, in batches of eight that leave without waiting. The next steps send a quarter of what the one client got, so that the server is idle most of the time.',
      watch: 'Batch fill: 1, and then 8, since the queue fills each batch before it leaves.',
      trials: [
        {
          name: 'lone',
          label: 'one client',
          sets: () => ({
            serving: served(MAX_BATCH, 0),
            load: { ...ANSWER, arrival: 'closed', concurrency: 1 },
          }),
          needs: { requests: 40, seconds: 3 },
        },
        capacityTrial(served(MAX_BATCH, 0)),
      ],
      finds: (seen) => {
        const [lone, { rps, fill }] = [seenOf(seen, 'lone'), seenOf(seen, 'capacity')];
        return {
          asExpected: fill > 6,
          says: `One client gets ${perSecond(lone.rps)}, an answer in ${ms(lone.p50Ms)}. Thirty-two get ${perSecond(rps)} in batches of ${formatFigure(fill)} on average, without waiting for anybody. A wait that can be felt here is ${ms(waitMs(seen))}, three times an answer.`,
        };
      },
    },
    {
      title: 'A quiet hour, without waiting',
      says: 'Requests come by themselves now, at a quarter of the one client’s rate, in no rhythm (Poisson). Whoever comes to an idle server leaves at once, mostly alone.',
      watch: 'p50, and Batch fill.',
      trials: [quiet('quiet', 'a quiet hour, no wait', MAX_BATCH, () => 0)],
      finds: (seen) => {
        const { p50Ms, p95Ms, fill, rps } = seenOf(seen, 'quiet');
        return {
          asExpected: fill < 4,
          says: `${perSecond(rps)}, ${formatFigure(fill)} in a batch, half answered within ${ms(p50Ms)} and 95 % within ${ms(p95Ms)}.`,
        };
      },
    },
    {
      title: 'The same hour, waiting for company',
      says: 'The first in line may now wait for company, three times as long as an answer takes. The bus is fuller, and its first passenger has waited. Nobody sends more because of it.',
      watch: 'p50 in the headline, and the same throughput as before.',
      trials: [quiet('waiting', 'a quiet hour, with the wait', MAX_BATCH, waitMs)],
      finds: (seen) => {
        const [before, after] = [seenOf(seen, 'quiet'), seenOf(seen, 'waiting')];
        const isWorse = compare(after.p50Ms, before.p50Ms) === 'more';
        return {
          asExpected: isWorse,
          says:
            `The median went from ${ms(before.p50Ms)} to ${ms(after.p50Ms)}, batches from ${formatFigure(before.fill)} to ${formatFigure(after.fill)}, and throughput from ${perSecond(before.rps)} to ${perSecond(after.rps)}. ` +
            (isWorse
              ? 'Fuller batches serve nobody sooner who need not have waited.'
              : 'Here the wait did not lengthen the median: the server was busier than the first step showed, so requests waited for it anyway.'),
        };
      },
    },
    {
      title: 'The rush hour, with the same wait',
      says: 'Back to the thirty-two clients, with the wait left on. The wait is a limit, and a batch that is full leaves before it.',
      watch: 'p50 and throughput against the first step: does anything change?',
      trials: [
        {
          name: 'rush',
          label: '32 clients, with the wait',
          sets: (seen) => ({ serving: served(MAX_BATCH, waitMs(seen)), load: CROWD }),
          needs: { requests: 100, seconds: 4 },
        },
      ],
      finds: (seen) => {
        const [without, waiting] = [seenOf(seen, 'capacity'), seenOf(seen, 'rush')];
        const isFull = waiting.fill > 0.9 * MAX_BATCH;
        const isSteady = compare(waiting.rps, without.rps) === 'same';
        return {
          asExpected: isFull,
          says:
            `${formatFigure(waiting.fill)} in a batch; ${perSecond(waiting.rps)} against ${perSecond(without.rps)} without a wait, p50 ${ms(waiting.p50Ms)} against ${ms(without.p50Ms)}. ` +
            (isFull
              ? 'The queue fills the batch at once, so the wait never applies.'
              : 'Batches did not fill at once here, so the wait applied to them.') +
            (isFull && !isSteady
              ? ' That throughput is not the same is this machine’s doing, which had something else to do in one of the two: measure again and see.'
              : ''),
        };
      },
    },
  ],
  question: {
    title: 'Smaller batches, same wait',
    says: 'The quiet hour again, with the same wait, and batches of at most two instead of eight.',
    watch: 'p50 and Batch fill.',
    choices: [
      { name: 'less', label: 'The median is shorter than with batches of eight' },
      { name: 'same', label: 'About the same: within 15 %' },
      { name: 'more', label: 'The median is longer than with batches of eight' },
    ],
    trials: [quiet('pairs', 'a quiet hour, batches of 2, with the wait', 2, waitMs)],
    answer: (seen) => {
      const [eights, pairs] = [seenOf(seen, 'waiting'), seenOf(seen, 'pairs')];
      const choice = compare(pairs.p50Ms, eights.p50Ms);
      const why = {
        less: 'The second to come fills the batch and ends the wait, so fewer wait to its end. A long wait for a large batch that seldom fills is the worst of both.',
        same: 'Either batches of eight had filled as quickly here, or requests come so seldom that even the second does not come in time.',
        more: 'Smaller batches need more passes, and here that costs more than the shorter wait saves.',
      };
      return {
        choice,
        says: `A median of ${ms(pairs.p50Ms)} with batches of two, ${ms(eights.p50Ms)} with batches of eight. ${why[choice]}`,
      };
    },
  },
};
