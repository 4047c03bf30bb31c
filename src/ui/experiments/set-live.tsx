import { Button } from '@mantine/core';
import type { PlannedPoint } from '../../core/experiment';
import { useActions, useApp, useAttempt } from '../app-context';
import { goTo } from '../shell/use-place';
import classes from './experiments.module.css';

interface SetLiveProps {
  /** The setting that the experiment found. */
  readonly answer: PlannedPoint;
}

/** Puts what was found in force on the live page, where its address carries it. */
export function SetLive({ answer }: SetLiveProps) {
  const actions = useActions();
  const attempt = useAttempt();
  const isFree = useApp(({ model, load }) => model.status === 'ready' && load.status !== 'measuring');
  const set = async () => {
    goTo({ page: 'live', item: null });
    await actions.configure({ serving: answer.serving, load: answer.load, slo: answer.slo });
    await actions.startLoad();
  };
  return (
    <div className={classes.setLive}>
      <Button size="compact-sm" disabled={!isFree} onClick={() => attempt(set)}>
        Set this on the live page
      </Button>
    </div>
  );
}
