import { Button } from '@mantine/core';
import { useState } from 'react';
import type { ExperimentRun } from '../../core/experiment';
import { packRun } from '../../experiments/run-file';
import { useActions, useApp, useAttempt } from '../app-context';
import { goTo, hashOf } from '../shell/use-place';
import { download } from './download';
import classes from './experiments.module.css';

interface RunButtonsProps {
  readonly run: ExperimentRun;
}

/** Resume, compare, export and delete. What is being measured can be exported as far as it is, and not deleted. */
export function RunButtons({ run }: RunButtonsProps) {
  const isActive = useApp((state) => state.experiments.active?.id === run.id);
  const isMeasuring = useApp((state) => state.load.status === 'measuring');
  const [isExporting, setExporting] = useState(false);
  const actions = useActions();
  const attempt = useAttempt();
  const exportRun = async () => {
    setExporting(true);
    try {
      download(packRun(await actions.exportRun(run.id)), `${slugOf(run.name)}.zip`);
    } finally {
      setExporting(false);
    }
  };
  return (
    <div className={classes.buttons}>
      {run.status.kind === 'finished' || isActive ? null : (
        <Button
          size="compact-sm"
          disabled={isMeasuring}
          onClick={() => attempt(() => actions.resumeExperiment(run.id))}
        >
          Resume
        </Button>
      )}
      <Button
        component="a"
        href={hashOf({ page: 'compare', item: run.id })}
        size="compact-sm"
        variant="default"
      >
        Compare points
      </Button>
      <Button
        size="compact-sm"
        variant="default"
        disabled={isExporting || run.units.length === 0}
        onClick={() => attempt(exportRun)}
      >
        {isExporting ? 'Drawing …' : 'Export'}
      </Button>
      {isActive ? null : <DeleteButton run={run} />}
    </div>
  );
}

/** Asks first: what is deleted is gone. */
function DeleteButton({ run }: RunButtonsProps) {
  const [isAsking, setAsking] = useState(false);
  const actions = useActions();
  const attempt = useAttempt();
  if (!isAsking) {
    return (
      <Button size="compact-sm" variant="default" onClick={() => setAsking(true)}>
        Delete
      </Button>
    );
  }
  const remove = async () => {
    await actions.deleteRun(run.id);
    goTo({ page: 'experiments', item: null });
  };
  return (
    <div className={classes.ask} role="alertdialog" aria-label="Delete this run?">
      <span>Delete it for good?</span>
      <Button size="compact-sm" color="red" variant="default" onClick={() => attempt(remove)}>
        Delete
      </Button>
      <Button size="compact-sm" autoFocus onClick={() => setAsking(false)}>
        Keep
      </Button>
    </div>
  );
}

/** A name as a file's. */
const slugOf = (name: string) =>
  name
    .toLowerCase()
    .replaceAll(/[^\p{Letter}\p{Number}]+/gu, '-')
    .replaceAll(/^-|-$/g, '') || 'run';
