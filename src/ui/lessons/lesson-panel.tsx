import { useEffect } from 'react';
import { LESSONS } from '../../lessons/lessons';
import { isQuestion, type OpenLesson, presentStep } from '../../store/lessons/lessons-state';
import { useConductor, useLessons } from '../app-context';
import { hashOf } from '../shell/use-place';
import { LeaveLesson } from './leave-lesson';
import { LessonStep } from './lesson-step';
import classes from './lessons.module.css';

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
      <p className={classes.dim}>
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
