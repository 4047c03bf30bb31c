import { useEffect } from 'react';
import { useApp } from '../app-context';
import { ProblemList } from '../kit/problem-list';
import page from '../shell/page.module.css';
import { goTo } from '../shell/use-place';
import { ActivePanel } from './active-panel';
import classes from './experiments.module.css';
import { PresetList } from './preset-list';
import { RunList } from './run-list';
import { RunView } from './run-view';
import { useOpenRun } from './use-open-run';

interface ExperimentsPageProps {
  readonly id: string;
  /** The kept run that is looked at. */
  readonly runId: string | null;
}

/** What can be measured, what was, and one of them with its plots, which grow as it is measured. */
export function ExperimentsPage({ id, runId }: ExperimentsPageProps) {
  const activeId = useApp((state) => state.experiments.active?.id ?? null);
  // One that begins is looked at; after that one may look at another.
  useEffect(() => {
    if (activeId !== null) goTo({ page: 'experiments', item: activeId });
  }, [activeId]);
  const run = useOpenRun(runId);
  return (
    <main id={id} className={page.page} tabIndex={-1}>
      <ProblemList />
      <div className={classes.columns}>
        <div className={classes.side}>
          <PresetList />
          <RunList shown={runId} />
        </div>
        <div className={classes.content}>
          <ActivePanel />
          {run ? <RunView key={run.id} run={run} /> : <Nothing runId={runId} />}
        </div>
      </div>
    </main>
  );
}

function Nothing({ runId }: { readonly runId: string | null }) {
  const isKept = useApp((state) => state.experiments.headers.some(({ id }) => id === runId));
  const sentence =
    runId === null
      ? 'Start an experiment, or open one that is kept: its plots and figures appear here.'
      : isKept
        ? 'Reading it …'
        : 'There is no such experiment in this browser. Import its file, or open another.';
  return <p className={page.nothing}>{sentence}</p>;
}
