import { highestRateFor } from '../../../experiments/presets/highest-rate';
import { useActions, useApp, useAttempt } from '../../app-context';
import { goTo } from '../../shell/use-place';
import classes from './rail.module.css';

/** From an objective to its answer: an experiment that searches the highest rate within it, under this load. */
export function FindRateButton() {
  const settings = useApp((state) => state.settings);
  const hasObjective = settings.slo.p95Ms !== null || settings.slo.ttftMs !== null;
  const isFree = useApp(({ model, load }) => model.status === 'ready' && load.status !== 'measuring');
  const actions = useActions();
  const attempt = useAttempt();
  const find = async () => {
    goTo({ page: 'experiments', item: null });
    await actions.startExperiment(highestRateFor(settings));
  };
  return (
    <div className={classes.row}>
      <button
        type="button"
        className={classes.smallButton}
        disabled={!hasObjective || !isFree}
        onClick={() => attempt(find)}
      >
        Find the highest rate
      </button>
      <p className={classes.facts}>
        {hasObjective
          ? 'Measures, in some minutes, how many requests a second this machine takes within the objectives, and with which policy and batch.'
          : 'Set an objective first: how slow is too slow?'}
      </p>
    </div>
  );
}
