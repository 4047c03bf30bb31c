import { Button } from '@mantine/core';
import { useEffect } from 'react';
import { LESSONS } from '../../lessons/lessons';
import { isQuestion, type OpenLesson, presentStep } from '../../store/lessons/lessons-state';
import { useAttempt, useConductor, useLessons } from '../app-context';
import kit from '../kit/kit.module.css';
import { goTo, hashOf } from '../kit/place';
import { LessonStep } from './lesson-step';
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
      <p className={kit.dim}>The settings are the lesson’s now.</p>
      <div className={kit.buttons}>
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

interface LessonPanelProps {
  /** As in the address. */
  readonly name: string;
}

/** The open lesson, beside the live picture that it drives. */
export function LessonPanel({ name }: LessonPanelProps) {
  const lesson = LESSONS.find((candidate) => candidate.name === name);
  const open = useLessons((state) => state.open);
  const conductor = useConductor();
  useEffect(() => {
    if (lesson) conductor.open(lesson);
  }, [lesson, conductor]);
  return (
    <section className={classes.panel} aria-label="Lesson">
      <a className={classes.back} href={hashOf({ page: 'lessons', item: null })}>
        All lessons
      </a>
      {lesson ? null : <p>There is no lesson “{name}”. All there are stand in the list.</p>}
      {lesson && open?.lesson === lesson ? <Taken open={open} /> : null}
    </section>
  );
}

function Taken({ open }: { readonly open: OpenLesson }) {
  const conductor = useConductor();
  const { lesson, step, found } = open;
  return (
    <>
      <h2 className={classes.title}>{lesson.title}</h2>
      <p className={kit.dim}>
        {isQuestion(open) ? 'The question' : `Step ${step + 1} of ${lesson.steps.length}`}
        {step > 0 ? (
          <button type="button" className={classes.again} onClick={conductor.restart}>
            Begin again
          </button>
        ) : null}
      </p>
      {found.length > 0 ? (
        <details className={classes.found}>
          <summary>What was seen so far</summary>
          <ol>
            {found.map(({ title, says }) => (
              <li key={title}>
                <b>{title}.</b> {says}
              </li>
            ))}
          </ol>
        </details>
      ) : null}
      <LessonStep key={presentStep(open).title} open={open} />
      <LeaveLesson open={open} />
    </>
  );
}
