import { memo } from 'react';
import type { Sample } from '../../../core/figures';
import { OUTCOME_STATUS } from '../../../core/request';
import { formatMs } from '../../../store/format';
import buttons from '../../kit/buttons.module.css';
import classes from './requests.module.css';
import { diffWords, type WordRun } from './word-diff';

interface SampleRowProps {
  readonly sample: Sample;
  /** Gives it up while it runs; none for what is not the visitor's. */
  readonly onStop?: (id: number) => void;
}

/** One request: the learner's sentence, what the model made of it, and what it took. */
export const SampleRow = memo(function SampleRow({ sample, onStop }: SampleRowProps) {
  const isDone = sample.outcome !== 'running';
  const isWhole = sample.outcome === 'completed' && sample.text !== '' && !sample.meaningless;
  const diff = isWhole ? diffWords(sample.prompt, sample.text) : null;
  return (
    <li
      className={classes.sample}
      data-own={sample.own || undefined}
      data-outcome={sample.outcome}
      data-meaningless={sample.meaningless}
    >
      <div className={classes.texts}>
        <p className={classes.prompt}>
          {sample.own ? <span className={classes.own}>Yours</span> : null}
          {diff ? <Runs runs={diff.before} as="del" /> : sample.prompt}
        </p>
        <p className={classes.answer}>
          {diff ? <Runs runs={diff.after} as="ins" /> : sample.text || waiting(sample)}
          {!isDone && sample.text ? ' …' : null}
        </p>
      </div>
      {onStop && !isDone ? (
        <button
          type="button"
          className={`${buttons.toggle} ${classes.hold}`}
          onClick={() => onStop(sample.id)}
        >
          Stop
        </button>
      ) : null}
      <p className={classes.cost}>
        <span className={classes.latency}>{isDone ? `${formatMs(sample.latencyMs)} ms` : 'running'}</span>
        <span className={classes.detail}>
          {sample.outcome === 'completed' || sample.outcome === 'running'
            ? `${sample.outputTokens} tok`
            : `${OUTCOME_STATUS[sample.outcome]} ${sample.outcome}`}
        </span>
      </p>
    </li>
  );
});

function waiting(sample: Sample): string {
  switch (sample.outcome) {
    case 'running':
      return 'waiting for its first token …';
    case 'completed':
      return '(empty answer)';
    default:
      return sample.message ?? sample.outcome;
  }
}

function Runs({ runs, as: Tag }: { readonly runs: readonly WordRun[]; readonly as: 'ins' | 'del' }) {
  const starts = runs.map((_, index) =>
    runs.slice(0, index).reduce((sum, run) => sum + run.text.length + 1, 0),
  );
  return runs.map((run, index) => (
    <span key={starts[index]}>
      {index > 0 ? ' ' : ''}
      {run.changed ? <Tag>{run.text}</Tag> : run.text}
    </span>
  ));
}
