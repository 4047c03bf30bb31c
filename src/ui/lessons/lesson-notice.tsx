import { Button } from '@mantine/core';
import { useAttempt, useConductor, useLessons } from '../app-context';
import kit from '../kit/kit.module.css';
import { hashOf } from '../kit/place';
import classes from './lessons.module.css';

/** On the live page, while a lesson is open: whose settings these are, and the ways on. */
export function LessonNotice() {
  const lesson = useLessons(({ open }) => (open?.before ? open.lesson : null));
  const conductor = useConductor();
  const attempt = useAttempt();
  if (!lesson) return null;
  return (
    <section className={classes.notice} aria-label="Open lesson">
      <p>
        The settings are those of the lesson{' '}
        <a href={hashOf({ page: 'lessons', item: lesson.name })}>{lesson.title}</a>.
      </p>
      <div className={kit.buttons}>
        <Button size="compact-sm" variant="default" onClick={() => attempt(() => conductor.leave(true))}>
          My settings back
        </Button>
        <Button size="compact-sm" variant="default" onClick={() => attempt(() => conductor.leave(false))}>
          Keep these
        </Button>
      </div>
    </section>
  );
}
