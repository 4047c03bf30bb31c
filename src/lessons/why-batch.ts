import { formatFigure, formatShare } from '../core/format';
import { type Lesson, type Seen, seenOf, type Trial } from './lesson';
import { ANSWER, CROWD, compare, ms, perSecond, times } from './trials';

const crowd = (name: string, label: string, serving: ReturnType<Trial['sets']>['serving']): Trial => ({
  name,
  label,
  sets: () => ({ serving, load: CROWD }),
  needs: { requests: 100, seconds: 4 },
});

const lone = (name: string, label: string, serving: ReturnType<Trial['sets']>['serving']): Trial => ({
  name,
  label,
  sets: () => ({ serving, load: { ...ANSWER, arrival: 'closed', concurrency: 1 } }),
  needs: { requests: 40, seconds: 3 },
});

const ALONE = { policy: 'sequential' } as const;
const batchesOf = (maxBatch: number) => ({ policy: 'static', maxBatch, maxWaitMs: 0 }) as const;

/** A gain under this is none. */
const GAIN = 1.15;

export const whyBatch: Lesson = {
  name: 'why-batch',
  title: 'Why batch at all',
  says: 'A pass of eight rows costs less than eight passes, so a batch serves more, and under a crowd even sooner.',
  minutes: 2,
  steps: [
    {
      title: 'One at a time',
      says: 'Thirty-two clients want an answer of 16 tokens each, and the next one as soon as they have it. The server takes one request, writes its 16 tokens, and takes the next. Each token is one pass through the model, and a pass reads all of its weights.',
      watch: 'Throughput in the headline, and Queue: 31 wait while one is served.',
      trials: [crowd('alone', 'one at a time', ALONE)],
      finds: (seen) => {
        const { rps, p50Ms, queueMs, passMs } = seenOf(seen, 'alone');
        const waiting = queueMs / p50Ms;
        return {
          asExpected: waiting > 0.5,
          says:
            `${perSecond(rps)}. A pass takes ${ms(passMs ?? Number.NaN)}, and half of all requests took longer than ${ms(p50Ms)}. ` +
            (waiting > 0.5
              ? `Of that, ${formatShare(waiting)} was the wait for the others.`
              : `Only ${formatShare(waiting)} of that was a wait: this server is hardly busy with 32 clients.`),
        };
      },
    },
    {
      title: 'Eight together',
      says: 'Now up to eight requests go through the model together: one pass writes a token for each of them. The weights are read once for all eight. On a GPU at small batches reading them is most of the work, so a pass of eight rows takes hardly longer than one of a single row; a CPU has to do more of it for each row.',
      watch: 'Batch fill, which goes to 8, and the point in the main chart, which goes up.',
      trials: [crowd('eight', 'batches of 8', batchesOf(8))],
      finds: (seen) => {
        const [one, eight] = [seenOf(seen, 'alone'), seenOf(seen, 'eight')];
        const gain = eight.rps / one.rps;
        const dearer = passRatio(seen, 'alone', 'eight');
        const cost =
          dearer === null
            ? ''
            : ` A pass of ${formatFigure(eight.fill)} rows took ${times(dearer)} as long as one of a single row.`;
        const tail = `p95 went from ${ms(one.p95Ms)} to ${ms(eight.p95Ms)}${
          eight.p95Ms < one.p95Ms
            ? ', since a shorter queue saves more than the batch costs'
            : ': each answer takes longer in company, and the shorter queue does not make up for it'
        }.`;
        return {
          asExpected: gain >= GAIN,
          says:
            `One at a time ${perSecond(one.rps)}, in batches of 8 ${perSecond(eight.rps)}: ${times(gain)}.${cost} ${tail}` +
            (gain >= GAIN
              ? ''
              : ' Batching wins little here: where arithmetic and not the reading of weights takes the time, as with a small model on few CPU cores, eight rows cost nearly eight times one.'),
        };
      },
    },
    {
      title: 'Thirty-two together',
      says: 'If eight are good, are thirty-two four times as good? There are 32 clients, and while some of them travel the others gather for the next batch. Somewhere the arithmetic of the rows costs more than the reading of the weights, and from there on more rows only make each pass longer.',
      watch: 'How far the point in the main chart still moves up, and how far to the right.',
      trials: [crowd('most', 'batches of 32', batchesOf(32))],
      finds: (seen) => {
        const [one, eight, most] = [seenOf(seen, 'alone'), seenOf(seen, 'eight'), seenOf(seen, 'most')];
        const [first, second] = [eight.rps / one.rps, most.rps / eight.rps];
        return {
          asExpected: second < first || second < 2,
          says:
            `${perSecond(most.rps)} in batches of ${formatFigure(most.fill)} on average: ${times(second)} as many as with 8, where 8 gave ${times(first)} as many as one. ` +
            (second < GAIN
              ? 'The curve is flat: what more rows save is used up.'
              : second < 2
                ? 'It still rises, and by far less than four times.'
                : 'It still rises steeply: this machine has room for larger batches than these clients can fill.'),
        };
      },
    },
  ],
  question: {
    title: 'One client alone',
    says: 'One client is left, who sends a request when the last was answered. Batches may hold 32, and nobody is waited for.',
    watch: 'Batch fill.',
    choices: [
      { name: 'more', label: 'It serves more than one at a time does' },
      { name: 'same', label: 'About the same: within 15 %' },
      { name: 'less', label: 'It serves less than one at a time does' },
    ],
    trials: [
      lone('lone', 'one client, one at a time', ALONE),
      lone('lone-batched', 'one client, batches of up to 32', batchesOf(32)),
    ],
    answer: (seen) => {
      const [one, batched] = [seenOf(seen, 'lone'), seenOf(seen, 'lone-batched')];
      const choice = compare(batched.rps, one.rps);
      const why = {
        more: 'That is more than company can explain, since there was none: something else on this machine changed meanwhile.',
        same: 'A batch needs company: without other requests there is nothing to share the pass with.',
        less: 'There was no company to share a pass with. Either keeping room for 32 rows costs something here, or the machine was busier with other things the second time: measure again and see whether it stays.',
      };
      return {
        choice,
        says: `${perSecond(batched.rps)} with batches of up to 32, ${perSecond(one.rps)} one at a time, with ${formatFigure(batched.fill)} in a batch. ${why[choice]}`,
      };
    },
  },
};

function passRatio(seen: Seen, from: string, to: string): number | null {
  const [one, many] = [seenOf(seen, from).passMs, seenOf(seen, to).passMs];
  return one !== null && many !== null && one > 0 ? many / one : null;
}
