import { formatFigure, formatShare, formatWhole } from '../core/format';
import type { ServingConfig } from '../core/serving-config';
import { type Lesson, type Seen, seenOf, type Trial } from './lesson';
import { ANSWER, CROWD, capacityTrial, compare, ms, ofCapacity, perSecond } from './trials';

const SLOTS = { policy: 'continuous', maxBatch: 8 } as const;
/** More than piles up in the seconds of a step. */
const NO_LIMIT = 65_536;

/** An objective that a server at ease meets with room to spare: three times what an answer takes once it is begun. */
function objectiveMs(seen: Seen): number {
  const { p50Ms, queueMs } = seenOf(seen, 'capacity');
  return Math.max(20, Number((3 * (p50Ms - queueMs)).toPrecision(1)));
}

/** So many as are served in half of the objective. */
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
  says: 'A queue without end turns overload into latency for everybody; a short one says no to some and keeps the rest.',
  minutes: 3,
  steps: [
    {
      title: 'What this machine serves',
      says: `Eight slots under ${CROWD.concurrency} clients who always want an answer: that is the capacity. From it come the rates of the next steps, and an objective: 95 % answered within three times what an answer takes once it is begun.`,
      watch: 'Throughput.',
      trials: [capacityTrial(SLOTS)],
      finds: (seen) => ({
        asExpected: true,
        says: `${perSecond(seenOf(seen, 'capacity').rps)}. The objective is ${ms(objectiveMs(seen))}.`,
      }),
    },
    {
      title: 'Half of it',
      says: 'Requests come by themselves at half of that rate. What counts is goodput: requests answered within the objective, a second.',
      watch: 'Goodput against throughput, and the verdict beside the headline.',
      trials: [sent('half', 'half of the capacity', 0.5, () => ({}))],
      finds: (seen) => {
        const { rps, p95Ms } = seenOf(seen, 'half');
        const good = goodput(seen, 'half');
        return {
          asExpected: good > 0.85 * rps,
          says: `${perSecond(rps)} answered, ${formatFigure(good)} of them within ${ms(objectiveMs(seen))}; p95 is ${ms(p95Ms)}.`,
        };
      },
    },
    {
      title: 'Twice as much as can be served',
      says: 'Now twice the capacity comes, and the queue takes everybody. The server is as fast as ever. But each second as many as it can serve are left over, so whoever comes later waits longer, without end.',
      watch: 'Queue over time: a straight line upwards. p95 leaves the chart.',
      trials: [sent('endless', 'twice the capacity, a queue without end', 2, () => ({ maxQueue: NO_LIMIT }))],
      finds: (seen) => {
        const [half, { rps, queued, queueGrowth, seconds }] = [seenOf(seen, 'half'), seenOf(seen, 'endless')];
        const good = goodput(seen, 'endless');
        const grows = queueGrowth > 0.3 * rps;
        return {
          asExpected: grows && good < goodput(seen, 'half'),
          says:
            `After ${Math.round(seconds)} s ${formatWhole(queued)} wait, and each second ${formatFigure(queueGrowth)} more: who comes now waits ${ms((queued * 1000) / rps)}. ` +
            `${perSecond(rps)} were answered, ${formatFigure(good)} within the objective, where half the load gave ${formatFigure(half.goodput_rps)}. ` +
            (grows
              ? 'All are served, and hardly anybody in time.'
              : 'The queue grows little: this machine serves more at this moment than the first step measured.'),
        };
      },
    },
    {
      title: 'A short queue',
      says: 'The same rate, and a queue that holds as many as are served in half of the objective. Whoever finds it full is told so at once (503) and can go elsewhere. Who is accepted cannot have many before him.',
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
            `With room for ${formatWhole(shortQueue(seen))}, ${formatShare(rejectedShare)} were rejected, and p95 of the others is ${ms(p95Ms)} and stays there. ` +
            `Goodput is ${perSecond(good)} after ${formatFigure(endless.goodput_rps)}. ` +
            (good > goodput(seen, 'endless')
              ? 'As many are served as before, now in time.'
              : 'That is no better here: answers take too long for the objective even with a short queue.'),
        };
      },
    },
  ],
  question: {
    title: 'A deadline in place of the short queue',
    says: 'The same rate again. The queue is without end, but each request has a deadline as long as the objective (504 when it passes), so nobody is answered late. How is goodput, compared with the short queue?',
    watch: 'Expired under the headline, and goodput.',
    choices: [
      { name: 'more', label: 'Better: no request is answered late' },
      { name: 'same', label: 'About the same: within 15 %' },
      { name: 'less', label: 'Worse' },
    ],
    trials: [
      sent('deadline', 'twice the capacity, a deadline', 2, (seen) => ({
        maxQueue: NO_LIMIT,
        timeoutMs: objectiveMs(seen),
      })),
    ],
    answer: (seen) => {
      const [short, deadline] = [goodput(seen, 'short'), goodput(seen, 'deadline')];
      const choice = compare(deadline, short);
      const why = {
        more: 'The queue’s line was so short lived that those who were begun could end in time.',
        same: 'Few of those that were begun ran into their deadline: answers are short against it.',
        less: 'First come, first served under a deadline is unkind: each request waits nearly all of its time, is begun, and expires half written. The server works for those who are about to go.',
      };
      return {
        choice,
        says: `Goodput is ${perSecond(deadline)} with a deadline and ${perSecond(short)} with a short queue; ${formatShare(seenOf(seen, 'deadline').lostShare)} ended without an answer. ${why[choice]}`,
      };
    },
  },
};
