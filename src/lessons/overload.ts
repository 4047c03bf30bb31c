import { formatFigure, formatShare, formatWhole } from '../core/format';
import type { ServingConfig } from '../core/serving-config';
import { type Lesson, type Seen, seenOf, type Trial } from './lesson';
import { ANSWER, CROWD, capacityTrial, compare, ms, ofCapacity, perSecond } from './trials';

const SLOTS = { policy: 'continuous', maxBatch: 8 } as const;
/** More requests than gather in the queue during a step. */
const NO_LIMIT = 65_536;

/** An objective that a server at low load meets easily: three times the service time of an answer. */
function objectiveMs(seen: Seen): number {
  const { p50Ms, queueMs } = seenOf(seen, 'capacity');
  return Math.max(20, Number((3 * (p50Ms - queueMs)).toPrecision(1)));
}

/** Requests that the server completes in half of the objective. */
const shortQueue = (seen: Seen) =>
  Math.max(1, Math.round((seenOf(seen, 'capacity').rps * objectiveMs(seen)) / 2000));

const sent = (
  name: string,
  label: string,
  share: number,
  serving: (seen: Seen) => Partial<ServingConfig>,
): Trial => ({
  name,
  label,
  sets: (seen) => ({
    serving: { ...SLOTS, ...serving(seen) },
    load: { ...ANSWER, arrival: 'poisson', rate: ofCapacity(share, seen) },
    slo: { p95Ms: objectiveMs(seen), ttftMs: null },
  }),
  needs: { requests: 120, seconds: 6 },
});

const goodput = (seen: Seen, name: string) => seenOf(seen, name).goodput_rps ?? 0;

export const overload: Lesson = {
  name: 'overload',
  title: 'Overload: queues and rejection',
  says: 'Under overload, an unlimited queue makes every request late. A short queue rejects some requests and serves the others in time.',
  minutes: 3,
  steps: [
    {
      title: 'What this machine serves',
      says: `Eight slots and ${CROWD.concurrency} clients in a closed loop show the capacity. The rates of the next steps are multiples of it. The objective (SLO) is a p95 latency of three times the service time of an answer.`,
      watch: 'Throughput.',
      trials: [capacityTrial(SLOTS)],
      finds: (seen) => ({
        asExpected: true,
        says: `${perSecond(seenOf(seen, 'capacity').rps)}. The objective is ${ms(objectiveMs(seen))}.`,
      }),
    },
    {
      title: 'Half of the capacity',
      says: 'Requests now come at random times (Poisson), at half of the capacity. Goodput counts the requests per second that meet the objective.',
      watch: 'Goodput against throughput, and the verdict beside the headline.',
      trials: [sent('half', 'half of the capacity', 0.5, () => ({}))],
      finds: (seen) => {
        const { rps, p95Ms } = seenOf(seen, 'half');
        const good = goodput(seen, 'half');
        return {
          asExpected: good > 0.85 * rps,
          says: `${perSecond(rps)} completed, ${formatFigure(good)} of them within ${ms(objectiveMs(seen))}; p95 is ${ms(p95Ms)}.`,
        };
      },
    },
    {
      title: 'Twice the capacity',
      says: 'Now requests come at twice the capacity, and the queue accepts all of them. The server is as fast as before. But in each second it completes only half of the new requests, so the queue grows, and each later request waits longer.',
      watch: 'Queue over time: a straight line upwards. p95 rises without limit.',
      trials: [sent('endless', 'twice the capacity, an unlimited queue', 2, () => ({ maxQueue: NO_LIMIT }))],
      finds: (seen) => {
        const [half, { rps, queued, queueGrowth, seconds }] = [seenOf(seen, 'half'), seenOf(seen, 'endless')];
        const good = goodput(seen, 'endless');
        const grows = queueGrowth > 0.3 * rps;
        return {
          asExpected: grows && good < goodput(seen, 'half'),
          says:
            `After ${Math.round(seconds)} s ${formatWhole(queued)} requests wait, and each second ${formatFigure(queueGrowth)} more: a request that comes now waits ${ms((queued * 1000) / rps)}. ` +
            `${perSecond(rps)} were completed, ${formatFigure(good)} within the objective; at half of the capacity it was ${formatFigure(half.goodput_rps)}. ` +
            (grows
              ? 'All requests are served, but hardly any in time.'
              : 'The queue grows little: this machine now serves more than in the first step.'),
        };
      },
    },
    {
      title: 'A short queue',
      says: 'The same rate, and a queue that holds as many requests as the server completes in half of the objective. A request that finds the queue full is rejected at once (503), so the client can go elsewhere. An accepted request has few others before it.',
      watch: 'Rejected under the headline, p95, and goodput.',
      trials: [
        sent('short', 'twice the capacity, a short queue', 2, (seen) => ({ maxQueue: shortQueue(seen) })),
      ],
      finds: (seen) => {
        const [endless, { rejectedShare, p95Ms, queueGrowth, rps }] = [
          seenOf(seen, 'endless'),
          seenOf(seen, 'short'),
        ];
        const good = goodput(seen, 'short');
        return {
          asExpected: good > goodput(seen, 'endless') && Math.abs(queueGrowth) < 0.3 * rps,
          says:
            `With room for ${formatWhole(shortQueue(seen))} in the queue, ${formatShare(rejectedShare)} were rejected. p95 of the others is ${ms(p95Ms)} and does not grow. ` +
            `Goodput is ${perSecond(good)}; with the unlimited queue it was ${formatFigure(endless.goodput_rps)}. ` +
            (good > goodput(seen, 'endless')
              ? 'The server completes as many requests as before, now in time.'
              : 'That is no better here: even with a short queue, answers take longer than the objective.'),
        };
      },
    },
  ],
  question: {
    title: 'A deadline in place of the short queue',
    says: 'The same rate again. The queue is unlimited, but each request has a deadline as long as the objective and expires when it passes (504), so no answer is late. How does goodput compare with the short queue?',
    watch: 'Expired under the headline, and goodput.',
    choices: [
      { name: 'more', label: 'The deadline gives over 15 % more goodput' },
      { name: 'same', label: 'Both are within 15 % of each other' },
      { name: 'less', label: 'The short queue gives over 15 % more goodput' },
    ],
    trials: [
      sent('short-again', 'twice the capacity, a short queue', 2, (seen) => ({ maxQueue: shortQueue(seen) })),
      sent('deadline', 'twice the capacity, a deadline', 2, (seen) => ({
        maxQueue: NO_LIMIT,
        timeoutMs: objectiveMs(seen),
      })),
    ],
    answer: (seen) => {
      const [short, deadline] = [goodput(seen, 'short-again'), goodput(seen, 'deadline')];
      const choice = compare(deadline, short);
      const why = {
        more: 'Requests expired early enough in the queue that those that started could end in time.',
        same: 'Few requests expired after they had started: answers are short compared with the deadline.',
        less: 'Requests are served in the order of arrival. Each one waits for most of its time, starts, and expires before its answer is complete. The server works on requests that are about to expire.',
      };
      return {
        choice,
        figures: `goodput is ${perSecond(deadline)} with a deadline and ${perSecond(short)} with a short queue; ${formatShare(seenOf(seen, 'deadline').lostShare)} ended without an answer.`,
        why: why[choice],
      };
    },
  },
};
