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
  says: 'A batch that is sealed early misses those who come while it waits, and keeps places for those who go.',
  minutes: 3,
  steps: [
    {
      title: 'What this machine serves',
      says: 'Static batches of up to 16 leave after at most 5 ms. Thirty-two clients who always want an answer show what that serves; the spikes to come are two and a half times as much.',
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
      says: 'Little comes, and then for a quarter of a second two and a half times what can be served. Three in ten clients are impatient and go. The channel has no room (capacity 0): a batch is formed when the runner is free to take it, of all who are there by then.',
      watch: 'The queue’s spikes over time, and Batch fill.',
      trials: [inSpikes('late', 0)],
      finds: (seen) => {
        const { fill, stale, p95Ms } = seenOf(seen, 'late');
        return {
          asExpected: stale === 0,
          says: `${formatFigure(fill)} in a batch, p95 ${ms(p95Ms)}, and ${stale === 0 ? 'nobody had gone' : `${formatWhole(stale)} had gone`} from a batch by the time it was taken.`,
        };
      },
    },
    {
      title: 'The same spikes, and room for eight sealed batches',
      says: 'Now up to eight sealed batches may wait for the runner. When the spike begins, each batch is closed after its 5 ms with the few who have come by then. Those who come a moment later cannot join it, and the impatient keep their places in it after they have gone.',
      watch: 'Batch fill, which falls, and p95.',
      trials: [inSpikes('early', 8)],
      finds: (seen) => {
        const [late, early] = [seenOf(seen, 'late'), seenOf(seen, 'early')];
        const isSmaller = early.fill < 0.95 * late.fill;
        return {
          asExpected: isSmaller && early.stale > late.stale,
          says:
            `${formatFigure(early.fill)} in a batch after ${formatFigure(late.fill)}; ${formatWhole(early.stale)} had gone from sealed batches after ${formatWhole(late.stale)}; p95 ${ms(early.p95Ms)} after ${ms(late.p95Ms)}. ` +
            (isSmaller
              ? 'The same work was cut into more batches, and places were kept for nobody.'
              : 'Batches did not become smaller here: a pass is so short that the runner was free before the channel filled, or so long that even early batches were full.'),
        };
      },
    },
  ],
  question: {
    title: 'Room for one',
    says: 'One sealed batch is prepared while one runs: the default here, and what an embedding server does so that its GPU never waits. The same spikes are sent once more.',
    watch: 'Batch fill.',
    choices: [
      { name: 'late', label: 'Batches are nearly as full as with no room (capacity 0)' },
      { name: 'middle', label: 'They are about in the middle' },
      { name: 'early', label: 'They are nearly as small as with room for eight' },
    ],
    trials: [inSpikes('one', 1)],
    answer: (seen) => {
      const [late, early, one] = [seenOf(seen, 'late'), seenOf(seen, 'early'), seenOf(seen, 'one')];
      const apart = late.fill - early.fill;
      const figures = `${formatFigure(one.fill)} in a batch with capacity 1, ${formatFigure(late.fill)} with 0 and ${formatFigure(early.fill)} with 8.`;
      if (apart < 0.05 * late.fill) {
        return {
          choice: 'late',
          says: `${figures} Here 0 and 8 are hardly apart themselves, so 1 is as full as either.`,
        };
      }
      const way = (late.fill - one.fill) / apart;
      const choice = way < 1 / 3 ? 'late' : way > 2 / 3 ? 'early' : 'middle';
      const why = {
        late: 'Only the one batch at the head of a spike leaves too early; those behind it gather in the queue. The harm grows with each further place.',
        middle:
          'A single batch that is sealed too early already costs a part of the company that was about to come.',
        early:
          'The first place does most of the harm here: each spike is so short that the batch which is sealed too early is most of it.',
      };
      return { choice, says: `${figures} ${why[choice]}` };
    },
  },
};
