import { Button } from '@mantine/core';
import { PRESETS } from '../../experiments/presets';
import { formatCount } from '../../store/format';
import { useActions, useApp, useAttempt } from '../app-context';
import { Panel } from '../kit/panel';
import classes from './experiments.module.css';

/** What can be measured, with what it shows and how long it takes. */
export function PresetList() {
  const actions = useActions();
  const attempt = useAttempt();
  const isReady = useApp((state) => state.model.status === 'ready');
  const isBusy = useApp(
    ({ load, experiments }) => load.status === 'measuring' || experiments.active?.status === 'running',
  );
  return (
    <Panel title="Experiments">
      <ul className={classes.presets}>
        {PRESETS.map(({ name, title, says, minutes }) => (
          <li key={name}>
            <h3>{title}</h3>
            <p>{says}</p>
            <div className={classes.presetFoot}>
              <span className={classes.dim}>
                <code>{name}</code>
                {minutes === null ? '' : ` · about ${formatCount(minutes)} min on a CPU`}
              </span>
              <Button
                size="compact-xs"
                variant="default"
                disabled={!isReady || isBusy}
                aria-label={`Start: ${title}`}
                onClick={() => attempt(() => actions.startExperiment(name))}
              >
                Start
              </Button>
            </div>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
