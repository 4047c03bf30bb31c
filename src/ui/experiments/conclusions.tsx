import type { ExperimentRun } from '../../core/experiment';
import { conclusionsOf } from '../../experiments/presets';
import { Panel } from '../kit/panel';
import classes from './experiments.module.css';
import { SetLive } from './set-live';

interface ConclusionsProps {
  readonly run: ExperimentRun;
}

/** What the run has shown so far, in sentences: the lab's checks as they come out, and what else was found. */
export function Conclusions({ run }: ConclusionsProps) {
  const { checks, regime, findings, answer } = conclusionsOf(run);
  if (checks.length === 0 && findings.length === 0 && regime === null) return null;
  return (
    <Panel title={run.status.kind === 'finished' ? 'What it shows' : 'What it shows so far'}>
      <ul className={classes.conclusions}>
        {checks.map(({ name, claim, passed, says }) => (
          <li key={name}>
            <b data-passed={passed}>{passed === null ? 'Open' : passed ? 'Yes' : 'No'}</b>
            <span>
              {claim} {says}
            </span>
          </li>
        ))}
        {[...findings, ...(regime === null ? [] : [regime])].map((sentence, index) => (
          <li key={sentence}>
            <span data-answer={(answer && index === 0) || undefined}>{sentence}</span>
          </li>
        ))}
      </ul>
      {answer ? <SetLive answer={answer} /> : null}
    </Panel>
  );
}
