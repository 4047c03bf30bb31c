import { formatFigure, formatShare } from '../core/format';
import type { Policy } from '../core/serving-config';
import { type Lesson, type Seen, seenOf, type Trial } from './lesson';
import { compare, ms, perSecond, times } from './trials';

const MIXED = '2:48';
/** The mean of the mixed lengths. */
const EQUAL = 25;

const answers = (
  name: string,
  label: string,
  policy: Policy,
  outputTokens: typeof MIXED | number,
): Trial => ({
  name,
  label,
  sets: () => ({
    serving: { policy, maxBatch: 8, maxWaitMs: 0 },
    load: { arrival: 'closed', concurrency: 16, outputTokens },
  }),
  needs: { requests: 100, seconds: 5 },
});

export const headOfLine: Lesson = {
  name: 'head-of-line',
  title: 'Head-of-line blocking: static against continuous',
  says: 'In a static batch, short answers wait for the longest one. Continuous batching gives a slot to the next request as soon as its answer is complete.',
  minutes: 2,
  steps: [
    {
      title: 'A static batch ends with its longest',
      says: 'Sixteen clients ask for answers of 2 to 48 tokens; all lengths are equally likely. A static batch of eight starts together and ends with its longest answer. Completed rows are still computed, as padding, and the next eight requests wait.',
      watch:
        'Wasted in the headline, and Slots under the chart: eight rows start together, and the short ones end in wasted steps.',
      trials: [answers('static', 'static batches of 8, 2 to 48 tokens', 'static', MIXED)],
      finds: (seen) => {
        const { wasted, rps, ttftP95Ms } = seenOf(seen, 'static');
        return {
          asExpected: wasted > 0.2,
          says:
            `${formatShare(wasted)} of the computed rows belonged to answers that were already complete. ` +
            `${perSecond(rps)}; TTFT p95 is ${ms(ttftP95Ms)}, since a new request waits until the whole batch has ended.`,
        };
      },
    },
    {
      title: 'Continuous: slots instead of batches',
      says: 'The same clients and lengths. Requests now join and leave between two tokens: a completed request frees its slot, and the next request in the queue takes it in the next step.',
      watch:
        'Slots: each row starts and ends on its own. Wasted falls to nearly nothing, and TTFT falls, too.',
      trials: [answers('continuous', 'continuous, 8 slots, 2 to 48 tokens', 'continuous', MIXED)],
      finds: (seen) => {
        const [still, moving] = [seenOf(seen, 'static'), seenOf(seen, 'continuous')];
        const isSooner = compare(moving.ttftP95Ms, still.ttftP95Ms) === 'less';
        return {
          asExpected: gainOf(seen, 'static', 'continuous') > 1 && isSooner,
          says:
            `Wasted: ${formatShare(moving.wasted)}, static had ${formatShare(still.wasted)}. ${perSecond(moving.rps)}, static had ${perSecond(still.rps)}: ${times(gainOf(seen, 'static', 'continuous'))}. ` +
            `TTFT p95: ${ms(moving.ttftP95Ms)}, static had ${ms(still.ttftP95Ms)}. ` +
            (gainOf(seen, 'static', 'continuous') > 1
              ? 'Rows that were padding now write tokens of an answer.'
              : 'The saved rows do not raise throughput here: the prefill of each new request takes a pass of its own between the others’ tokens, and on this machine these passes cost as much as the padding did.'),
        };
      },
    },
  ],
  question: {
    title: 'All answers of one length',
    says: 'Now every answer has 25 tokens, the mean of the lengths before. Static and continuous are measured again.',
    watch: 'Wasted under the static policy.',
    choices: [
      { name: 'more', label: 'Continuous serves over 15 % more than static' },
      { name: 'same', label: 'They are within 15 % of each other' },
      { name: 'less', label: 'Static serves over 15 % more than continuous' },
    ],
    trials: [
      answers('static-equal', 'static batches of 8, 25 tokens', 'static', EQUAL),
      answers('continuous-equal', 'continuous, 8 slots, 25 tokens', 'continuous', EQUAL),
    ],
    answer: (seen) => {
      const [still, moving] = [seenOf(seen, 'static-equal'), seenOf(seen, 'continuous-equal')];
      const choice = compare(moving.rps, still.rps);
      const why = {
        more: 'There was no padding to save. Continuous gains by something else here: it need not wait to form and start a whole batch.',
        same: 'Answers of one length end together, so a static batch has no padding that continuous could save. The gain of continuous grows with the spread of the lengths.',
        less: 'There was no padding to save. Continuous prefills new requests in passes of their own, while a static batch prefills all eight at once.',
      };
      return {
        choice,
        figures: `static ${perSecond(still.rps)} with ${formatShare(still.wasted)} wasted, continuous ${perSecond(moving.rps)}: ${formatFigure(moving.rps / still.rps)} times, against ${formatFigure(gainOf(seen, 'static', 'continuous'))} times with mixed lengths.`,
        why: why[choice],
      };
    },
  },
};

const gainOf = (seen: Seen, from: string, to: string) => seenOf(seen, to).rps / seenOf(seen, from).rps;
