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
  says: 'Waiting for a fuller batch costs latency at low load, and nothing at high load, where the batch fills at once.',
  minutes: 3,
  steps: [
    {
      title: 'What is high load here, and what is low load',
      says: 'First one client, which sends its next request when it has its answer: no queue, and batches of one. Then thirty-two clients, in batches of eight that leave without waiting. The next steps send a quarter of the one client’s rate, so the server is idle most of the time.',
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
          says: `One client gets ${perSecond(lone.rps)}, an answer in ${ms(lone.p50Ms)}. Thirty-two clients get ${perSecond(rps)} in batches of ${formatFigure(fill)} on average. The next steps set Max wait to ${ms(waitMs(seen))}, three times the latency of one answer.`,
        };
      },
    },
    {
      title: 'Low load, without waiting',
      says: 'Requests now come at random times (Poisson), at a quarter of the one client’s rate. A request that finds the server idle starts at once, mostly in a batch of one.',
      watch: 'p50, and Batch fill.',
      trials: [quiet('quiet', 'low load, no wait', MAX_BATCH, () => 0)],
      finds: (seen) => {
        const { p50Ms, p95Ms, fill, rps } = seenOf(seen, 'quiet');
        return {
          asExpected: fill < 4,
          says: `${perSecond(rps)}, ${formatFigure(fill)} in a batch, p50 ${ms(p50Ms)}, p95 ${ms(p95Ms)}.`,
        };
      },
    },
    {
      title: 'The same load, with a wait',
      says: 'The first request of a batch may now wait for others, three times as long as an answer takes. Batches are fuller, but the first request has waited. The clients send no more requests because of it.',
      watch: 'p50 in the headline, and the same throughput as before.',
      trials: [quiet('waiting', 'low load, with the wait', MAX_BATCH, waitMs)],
      finds: (seen) => {
        const [before, after] = [seenOf(seen, 'quiet'), seenOf(seen, 'waiting')];
        const isWorse = compare(after.p50Ms, before.p50Ms) === 'more';
        return {
          asExpected: isWorse,
          says:
            `p50 went from ${ms(before.p50Ms)} to ${ms(after.p50Ms)}, batches from ${formatFigure(before.fill)} to ${formatFigure(after.fill)}, and throughput from ${perSecond(before.rps)} to ${perSecond(after.rps)}. ` +
            (isWorse
              ? 'The server was idle, so the wait delayed requests that could have started at once.'
              : 'The wait did not raise p50 here: the server was busier than in the first step, so requests had to wait anyway.'),
        };
      },
    },
    {
      title: 'High load, with the same wait',
      says: 'Thirty-two clients again, with the same wait. The wait is an upper limit: a full batch leaves before it ends.',
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
              : 'Batches did not fill at once here, so the wait delayed them.') +
            (isFull && !isSteady
              ? ' Throughput differs all the same. Other work on this machine can be the reason: measure again.'
              : ''),
        };
      },
    },
  ],
  question: {
    title: 'Smaller batches, same wait',
    says: 'Low load again, with the same wait, and batches of at most two instead of eight. How does p50 change?',
    watch: 'p50 and Batch fill.',
    choices: [
      { name: 'less', label: 'p50 is over 15 % lower than with batches of eight' },
      { name: 'same', label: 'Both are within 15 % of each other' },
      { name: 'more', label: 'p50 is over 15 % higher than with batches of eight' },
    ],
    trials: [
      quiet('eights', 'low load, batches of 8, with the wait', MAX_BATCH, waitMs),
      quiet('pairs', 'low load, batches of 2, with the wait', 2, waitMs),
    ],
    answer: (seen) => {
      const [eights, pairs] = [seenOf(seen, 'eights'), seenOf(seen, 'pairs')];
      const choice = compare(pairs.p50Ms, eights.p50Ms);
      const why = {
        less: 'The second request fills the batch and ends the wait, so fewer requests wait the whole time. A long wait for a large batch that seldom fills costs latency and gains nothing.',
        same: 'Either batches of eight filled as quickly here, or requests are so rare that not even a second one comes in time.',
        more: 'Smaller batches need more passes. Here these cost more time than the shorter wait saves.',
      };
      return {
        choice,
        figures: `p50 is ${ms(pairs.p50Ms)} with batches of two, ${ms(eights.p50Ms)} with batches of eight.`,
        why: why[choice],
      };
    },
  },
};
