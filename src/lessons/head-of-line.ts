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
  says: 'In a static batch the short wait for the long; continuous batching gives a finished slot away at once.',
  minutes: 2,
  steps: [
    {
      title: 'A static batch ends with its longest',
      says: 'Sixteen clients want answers of 2 to 48 tokens, each length as likely. A static batch of eight leaves together and is over when its longest answer is. Rows that have ended are computed on as padding, and the next eight wait in front of them.',
      watch:
        'Wasted in the headline, and Slots under the chart: eight rows that begin together, and the wasted ends of the short ones.',
      trials: [answers('static', 'static batches of 8, 2 to 48 tokens', 'static', MIXED)],
      finds: (seen) => {
        const { wasted, rps, ttftP95Ms } = seenOf(seen, 'static');
        return {
          asExpected: wasted > 0.2,
          says:
            `${formatShare(wasted)} of the rows that were computed belonged to answers that had already ended. ` +
            `${perSecond(rps)}; 95 % of the first tokens came within ${ms(ttftP95Ms)}, for a newcomer waits until the whole batch is over.`,
        };
      },
    },
    {
      title: 'Continuous: slots instead of batches',
      says: 'The same clients and lengths. Requests now join and leave between two tokens: who has ended frees the slot, and the next in line takes it at the next step.',
      watch:
        'Slots: each begins and ends when it likes. Wasted falls to nothing or nearly, and TTFT with it.',
      trials: [answers('continuous', 'continuous, 8 slots, 2 to 48 tokens', 'continuous', MIXED)],
      finds: (seen) => {
        const [still, moving] = [seenOf(seen, 'static'), seenOf(seen, 'continuous')];
        const isSooner = compare(moving.ttftP95Ms, still.ttftP95Ms) === 'less';
        return {
          asExpected: gainOf(seen, 'static', 'continuous') > 1 && isSooner,
          says:
            `Wasted: ${formatShare(moving.wasted)} after ${formatShare(still.wasted)}. ${perSecond(moving.rps)} after ${perSecond(still.rps)}: ${times(gainOf(seen, 'static', 'continuous'))}. ` +
            `First tokens at p95: ${ms(moving.ttftP95Ms)} after ${ms(still.ttftP95Ms)}. ` +
            (gainOf(seen, 'static', 'continuous') > 1
              ? 'Rows that were padding now are somebody’s answer.'
              : 'The rows saved do not pay here: each newcomer’s prompt takes a pass of its own between the others’ tokens, and on this machine those cost as much as the padding did.'),
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
        more: 'There was no padding to save, so continuous wins by something else here: the next batch need not be formed and begun as a whole.',
        same: 'Answers of one length end together, so a static batch has no padding, and there is nothing for continuous to save. Its gain is as large as the lengths are different.',
        less: 'There was no padding to save, and continuous prefills newcomers in passes of their own, where a static batch prefills all eight at once.',
      };
      return {
        choice,
        says: `Static ${perSecond(still.rps)} with ${formatShare(still.wasted)} wasted, continuous ${perSecond(moving.rps)}: ${formatFigure(moving.rps / still.rps)} times, after ${formatFigure(gainOf(seen, 'static', 'continuous'))} times with mixed lengths. ${why[choice]}`,
      };
    },
  },
};

const gainOf = (seen: Seen, from: string, to: string) => seenOf(seen, to).rps / seenOf(seen, from).rps;
