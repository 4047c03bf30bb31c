import { useMemo } from 'react';
import type { ExperimentRun } from '../../core/experiment';
import { plotsOf } from '../../experiments/plots/plots-of';
import { smallPrint } from '../../experiments/provenance';
import { PlotGrid } from '../charts/plot-grid';
import { hashOf } from '../shell/use-place';
import { Conclusions } from './conclusions';
import classes from './experiments.module.css';
import { ResultsTable } from './results-table';
import { RunButtons } from './run-buttons';
import { RunName } from './run-name';

interface RunViewProps {
  readonly run: ExperimentRun;
}

/** One run: what it is, what it shows, its figures and its plots, as far as it has come. */
export function RunView({ run }: RunViewProps) {
  // They change when a unit was measured, not in between.
  const plots = useMemo(() => plotsOf(run), [run]);
  return (
    <>
      <header className={classes.runHead}>
        <a className={classes.back} href={hashOf({ page: 'experiments', item: null })}>
          All experiments and kept runs
        </a>
        <div className={classes.runTitle}>
          <RunName run={run} />
          <RunButtons run={run} />
        </div>
        <p>{run.says}</p>
        {run.status.kind === 'failed' ? <p className={classes.reason}>{run.status.reason}</p> : null}
        {smallPrint(run).map((line) => (
          <p key={line} className={classes.dim}>
            {line}
          </p>
        ))}
      </header>
      <Conclusions run={run} />
      <PlotGrid plots={plots} />
      <ResultsTable run={run} />
    </>
  );
}
