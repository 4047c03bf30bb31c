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
  says: 'One pass for eight requests costs less than eight passes. Batching therefore raises throughput, and under load it lowers latency, too.',
  minutes: 2,
  steps: [
    {
      title: 'One at a time',
      says: 'Thirty-two clients ask for answers of 16 tokens. Each client sends its next request as soon as it has its answer. The server takes one request, writes its 16 tokens, and takes the next. Each token is one pass through the model, and each pass reads all weights.',
      watch: 'Throughput in the headline, and Queue: 31 requests wait while one is served.',
      trials: [crowd('alone', 'one at a time', ALONE)],
      finds: (seen) => {
        const { rps, p50Ms, queueMs, passMs } = seenOf(seen, 'alone');
        const waiting = queueMs / p50Ms;
        return {
          asExpected: waiting > 0.5,
          says:
            `${perSecond(rps)}. A pass takes ${ms(passMs ?? Number.NaN)}, and the median latency was ${ms(p50Ms)}. ` +
            (waiting > 0.5
              ? `Waiting in the queue took ${formatShare(waiting)} of it.`
              : `Waiting in the queue took only ${formatShare(waiting)} of it: 32 clients hardly keep this server busy.`),
        };
      },
    },
    {
      title: 'Eight together',
      says: 'Now up to eight requests go through the model together: one pass writes a token for each of them and reads the weights once. On a GPU with small batches, reading the weights takes most of the time, so a pass of eight rows takes hardly longer than a pass of one row. On a CPU each row adds more time.',
      watch:
        'Batch fill, which rises to 8, and the point in the main chart: it moves to the right, since the horizontal axis is throughput.',
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
            ? ': the shorter queue saves more time than the batch costs'
            : ': each answer takes longer in a batch, and the shorter queue does not make up for it'
        }.`;
        return {
          asExpected: gain >= GAIN,
          says:
            `One at a time ${perSecond(one.rps)}, in batches of 8 ${perSecond(eight.rps)}: ${times(gain)}.${cost} ${tail}` +
            (gain >= GAIN
              ? ''
              : ' Batching gains little here: with a small model on few CPU cores, arithmetic takes most of the time, so eight rows cost nearly eight times as much as one.'),
        };
      },
    },
    {
      title: 'Thirty-two together',
      says: 'Do batches of 32 serve four times as much as batches of 8? With 32 clients, batches stay below 32 rows while some clients read their answers. From some batch size on, arithmetic takes longer than reading the weights. Beyond that size more rows only make each pass longer.',
      watch:
        'How far the point in the main chart still moves to the right (throughput), and how far up (p95 latency).',
      trials: [crowd('most', 'batches of 32', batchesOf(32))],
      finds: (seen) => {
        const [one, eight, most] = [seenOf(seen, 'alone'), seenOf(seen, 'eight'), seenOf(seen, 'most')];
        const [first, second] = [eight.rps / one.rps, most.rps / eight.rps];
        return {
          asExpected: second < first || second < 2,
          says:
            `${perSecond(most.rps)} in batches of ${formatFigure(most.fill)} on average: ${times(second)} the throughput of batches of 8. Batches of 8 had ${times(first)} the throughput of one at a time. ` +
            (second < GAIN
              ? 'The curve is flat: more rows save nothing more.'
              : second < 2
                ? 'Throughput still rises, but by far less than four times.'
                : 'Throughput still rises steeply: this machine could serve larger batches than these clients fill.'),
        };
      },
    },
  ],
  question: {
    title: 'One client alone',
    says: 'One client is left. It sends its next request when it has its answer. Batches may hold 32 requests and leave without waiting. Does batching serve more than one at a time?',
    watch: 'Batch fill.',
    choices: [
      { name: 'more', label: 'Batching serves over 15 % more' },
      { name: 'same', label: 'Both are within 15 % of each other' },
      { name: 'less', label: 'One at a time serves over 15 % more' },
    ],
    trials: [
      lone('lone', 'one client, one at a time', ALONE),
      lone('lone-batched', 'one client, batches of up to 32', batchesOf(32)),
    ],
    answer: (seen) => {
      const [one, batched] = [seenOf(seen, 'lone'), seenOf(seen, 'lone-batched')];
      const choice = compare(batched.rps, one.rps);
      const why = {
        more: 'There was only one request at a time, so batching cannot explain the gain: something else on this machine changed between the measurements.',
        same: 'A batch of one shares its pass with no other request, so batching gains nothing.',
        less: 'A batch of one shares its pass with no other request. Either room for 32 rows costs time here, or other work slowed this machine down: measure again to find out.',
      };
      return {
        choice,
        figures: `${perSecond(batched.rps)} with batches of up to 32, ${perSecond(one.rps)} one at a time, with ${formatFigure(batched.fill)} in a batch.`,
        why: why[choice],
      };
    },
  },
};

function passRatio(seen: Seen, from: string, to: string): number | null {
  const [one, many] = [seenOf(seen, from).passMs, seenOf(seen, to).passMs];
  return one !== null && many !== null && one > 0 ? many / one : null;
}
