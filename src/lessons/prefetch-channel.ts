import { formatFigure, formatWhole } from '../core/format';
import { type Lesson, type Seen, seenOf, type Trial } from './lesson';
import { ANSWER, capacityTrial, ms, ofCapacity, perSecond } from './trials';

const served = (channelCapacity: number) =>
  ({ policy: 'static', maxBatch: 16, maxWaitMs: 5, channelCapacity }) as const;

/** A quarter of a second at two and a half times the capacity, each second and a half; next to nothing between. */
const SPIKES = { spikeFactor: 125, spikeStartS: 0.5, spikeDurationS: 0.25, spikeEveryS: 1.5 } as const;
const BETWEEN = 0.02;

const inSpikes = (name: string, channelCapacity: number): Trial => ({
  name,
  label: `spikes, channel of ${channelCapacity}`,
  sets: (seen) => ({
    serving: served(channelCapacity),
    load: {
      ...ANSWER,
      arrival: 'spike',
      rate: ofCapacity(BETWEEN, seen),
      ...SPIKES,
      abandonShare: 0.3,
      abandonAfterMs: patience(seen),
    },
  }),
  needs: { requests: 100, seconds: 9 },
});

/** About as long as a spike's queue lasts on this machine: three full batches. */
const patience = (seen: Seen) =>
  Math.max(20, Math.round((3 * 16 * 1000) / seenOf(seen, 'capacity').rps / 10) * 10);

export const prefetchChannel: Lesson = {
  name: 'prefetch-channel',
  title: 'The prefetch channel in a spike',
  says: 'A batch that is sealed early cannot take requests that come while it waits, and it keeps the rows of clients that have gone.',
  minutes: 3,
  steps: [
    {
      title: 'What this machine serves',
      says: 'Static batches of up to 16 leave after at most 5 ms. Thirty-two clients in a closed loop show the capacity. The spikes of the next steps bring two and a half times as much.',
      watch: 'Batch fill.',
      trials: [capacityTrial(served(0))],
      finds: (seen) => {
        const { rps, fill } = seenOf(seen, 'capacity');
        return {
          asExpected: fill > 12,
          says: `${perSecond(rps)} in batches of ${formatFigure(fill)} on average.`,
        };
      },
    },
    {
      title: 'Spikes, and batches sealed as late as can be',
      says: 'Few requests come, and then for a quarter of a second two and a half times the capacity. Three in ten clients lose patience and go. The channel has no room (capacity 0): a batch is formed when the runner is free, from all requests in the queue at that moment.',
      watch: 'Queue over time, and Batch fill.',
      trials: [inSpikes('late', 0)],
      finds: (seen) => {
        const { fill, stale, p95Ms } = seenOf(seen, 'late');
        return {
          asExpected: stale === 0,
          says: `${formatFigure(fill)} in a batch on average, p95 ${ms(p95Ms)}. Clients that had gone when their batch started: ${formatWhole(stale)}.`,
        };
      },
    },
    {
      title: 'The same spikes, and room for eight sealed batches',
      says: 'Now up to eight sealed batches may wait for the runner. When the spike starts, each batch is sealed after 5 ms with the few requests that have come by then. Later requests cannot join it, and clients that go leave their rows empty.',
      watch: 'Batch fill, which falls, and p95.',
      trials: [inSpikes('early', 8)],
      finds: (seen) => {
        const [late, early] = [seenOf(seen, 'late'), seenOf(seen, 'early')];
        const isSmaller = early.fill < 0.95 * late.fill;
        return {
          asExpected: isSmaller && early.stale > late.stale,
          says:
            `${formatFigure(early.fill)} in a batch on average, ${formatFigure(late.fill)} without room; ${formatWhole(early.stale)} clients had gone when their batch started, ${formatWhole(late.stale)} without room; p95 ${ms(early.p95Ms)}, ${ms(late.p95Ms)} without room. ` +
            (isSmaller
              ? 'The same work was cut into more batches, and some of their rows were empty.'
              : 'Batches did not become smaller here: a pass is so short that the runner was free before the channel filled, or so long that even early batches were full.'),
        };
      },
    },
  ],
  question: {
    title: 'Room for one',
    says: 'One sealed batch waits while one runs. This is the default here, and embedding servers do the same so that the GPU never waits. The same spikes are sent again. How full are the batches?',
    watch: 'Batch fill.',
    choices: [
      { name: 'late', label: 'Nearly as full as with no room (capacity 0)' },
      { name: 'middle', label: 'About in the middle' },
      { name: 'early', label: 'Nearly as small as with room for eight' },
    ],
    trials: [inSpikes('one', 1)],
    answer: (seen) => {
      const [late, early, one] = [seenOf(seen, 'late'), seenOf(seen, 'early'), seenOf(seen, 'one')];
      const apart = late.fill - early.fill;
      const figures = `${formatFigure(one.fill)} in a batch with capacity 1, ${formatFigure(late.fill)} with 0 and ${formatFigure(early.fill)} with 8.`;
      if (apart < 0.05 * late.fill) {
        return {
          choice: null,
          figures,
          why: 'Batches with capacity 0 and with 8 are equally full here (less than 5 % apart), so the question has no answer on this machine.',
        };
      }
      const way = (late.fill - one.fill) / apart;
      const choice = way < 1 / 3 ? 'late' : way > 2 / 3 ? 'early' : 'middle';
      const why = {
        late: 'Only the first batch of a spike is sealed too early; later requests gather in the queue. Each further place in the channel adds harm.',
        middle:
          'Even one batch that is sealed too early misses some of the requests that were about to come.',
        early:
          'The first place does most of the harm here: each spike is so short that the batch that is sealed too early holds most of it.',
      };
      return { choice, figures, why: why[choice] };
    },
  },
};
