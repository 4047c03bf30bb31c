import { Button } from '@mantine/core';
import { LESSONS } from '../../lessons/lessons';
import type { LessonProgress } from '../../store/lessons/lessons-state';
import { useConductor, useLessons } from '../app-context';
import kit from '../kit/kit.module.css';
import { hashOf } from '../kit/place';
import { RacePanel } from '../twin/race-panel';
import classes from './lessons.module.css';

interface LessonsPageProps {
  readonly id: string;
}

/** The lessons, with how far one has come in each. */
export function LessonsPage({ id }: LessonsPageProps) {
  const progress = useLessons((state) => state.progress);
  const openName = useLessons((state) => state.open?.lesson.name ?? null);
  const conductor = useConductor();
  return (
    <main id={id} className={kit.page} tabIndex={-1}>
      <div className={classes.list}>
        <header className={classes.intro}>
          <h2>Lessons</h2>
          <p>
            Each lesson sets the live page step by step, measures this machine, and explains the result with
            the measured figures. At the end you predict a result, and two rounds of measurement judge the
            prediction. No figure is prepared. Where this machine shows something unexpected, the lesson says
            so and gives possible reasons.
          </p>
        </header>
        <ol className={classes.cards}>
          {LESSONS.map((lesson, index) => (
            <li key={lesson.name} className={classes.card}>
              <span className={classes.number} aria-hidden="true">
                {index + 1}
              </span>
              <div className={classes.cardText}>
                <h3>
                  <a href={hashOf({ page: 'lessons', item: lesson.name })}>{lesson.title}</a>
                </h3>
                <p>{lesson.says}</p>
                <p className={kit.dim}>
                  about {lesson.minutes} min · {lesson.steps.length} steps and a question ·{' '}
                  {lesson.name === openName ? 'open' : standing(progress[lesson.name], lesson.steps.length)}
                </p>
              </div>
            </li>
          ))}
        </ol>
        <RacePanel />
        {Object.keys(progress).length > 0 ? (
          <Button
            size="compact-sm"
            variant="default"
            className={classes.forget ?? ''}
            onClick={conductor.forgetProgress}
          >
            Forget my progress
          </Button>
        ) : null}
      </div>
    </main>
  );
}

function standing(progress: LessonProgress | undefined, steps: number): string {
  if (!progress) return 'not begun';
  if (progress.isRight !== null)
    return progress.isRight ? 'done, prediction right' : 'done, prediction wrong';
  return `${progress.steps} of ${steps} steps done`;
}
