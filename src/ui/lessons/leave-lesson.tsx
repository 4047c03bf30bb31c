import { Button } from '@mantine/core';
import type { OpenLesson } from '../../store/lessons/lessons-state';
import { useAttempt, useConductor } from '../app-context';
import { goTo } from '../shell/use-place';
import classes from './lessons.module.css';

interface LeaveLessonProps {
  readonly open: OpenLesson;
}

/** Ends the lesson, with the settings from before it or with its own. */
export function LeaveLesson({ open }: LeaveLessonProps) {
  const conductor = useConductor();
  const attempt = useAttempt();
  const leave = (putBack: boolean) => {
    attempt(() => conductor.leave(putBack));
    goTo({ page: 'live', item: null });
  };
  if (!open.before) return null;
  return (
    <div className={classes.leave}>
      <p className={classes.dim}>The settings are the lesson’s now.</p>
      <div className={classes.buttons}>
        <Button size="compact-sm" variant="default" onClick={() => leave(true)}>
          Leave, my settings back
        </Button>
        <Button size="compact-sm" variant="default" onClick={() => leave(false)}>
          Leave, keep these
        </Button>
      </div>
    </div>
  );
}
