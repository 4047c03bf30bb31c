import { Button, Progress } from '@mantine/core';
import { PRESETS } from '../../experiments/presets';
import { formatDuration, formatWhole } from '../../store/format';
import { useActions, useApp, useAttempt } from '../app-context';
import { hashOf } from '../shell/use-place';
import classes from './experiments.module.css';

/** How far the experiment is that is under way, and its pause, resume and cancel. */
export function ActivePanel() {
  const active = useApp((state) => state.experiments.active);
  const header = useApp((state) => state.experiments.headers.find(({ id }) => id === active?.id) ?? null);
  const actions = useActions();
  const attempt = useAttempt();
  if (!active) return null;
  const { id, status, point, repeat, units, requests, remainingMs } = active;
  const within = requests.total > 0 ? Math.min(1, requests.done / requests.total) : 0;
  const share = units.total > 0 ? ((units.done + within) / units.total) * 100 : 0;
  const isPaused = status === 'paused';
  // One that goes on from what it found plans the rest later.
  const isStaged = PRESETS.find(({ name }) => name === header?.experiment)?.next !== undefined;
  return (
    <section className={classes.active} aria-label="Experiment under way">
      <div className={classes.activeHead}>
        <p>
          <a href={hashOf({ page: 'experiments', item: id })}>{header?.name ?? 'Experiment'}</a>
          {isPaused ? ', paused' : status === 'pausing' ? ', pausing after this one' : ''}
        </p>
        <div className={classes.buttons}>
          {isPaused ? (
            <Button size="compact-sm" onClick={() => attempt(() => actions.resumeExperiment(id))}>
              Resume
            </Button>
          ) : (
            <Button
              size="compact-sm"
              variant="default"
              disabled={status === 'pausing'}
              onClick={() => attempt(actions.pauseExperiment)}
            >
              Pause
            </Button>
          )}
          <Button size="compact-sm" variant="default" onClick={() => attempt(actions.cancelExperiment)}>
            Cancel
          </Button>
        </div>
      </div>
      <Progress value={share} size="sm" aria-label="Progress of the experiment" />
      <p className={classes.dim}>
        {units.done} of {units.total}
        {isStaged ? ' so far planned' : ''} measured
        {point === null || isPaused
          ? ''
          : ` · now ${point}, repeat ${repeat}: ${formatWhole(requests.done)} of ${formatWhole(requests.total)} requests`}
        {remainingMs === null || isPaused
          ? ''
          : ` · ${isStaged ? 'at least' : 'about'} ${formatDuration(remainingMs)} left`}
      </p>
    </section>
  );
}
