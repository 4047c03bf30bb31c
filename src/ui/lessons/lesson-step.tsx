import { Button } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { LESSONS } from '../../lessons/lessons';
import { isBusy, isQuestion, type OpenLesson, presentStep } from '../../store/lessons/lessons-state';
import { useApp, useAttempt, useConductor } from '../app-context';
import { hashOf } from '../shell/use-place';
import { LessonStage } from './lesson-stage';
import classes from './lessons.module.css';
import { Prediction } from './prediction';

interface LessonStepProps {
  readonly open: OpenLesson;
}

/** What one reads, does and finds in one step. The heading takes the focus when the step is come to by its button. */
export function LessonStep({ open }: LessonStepProps) {
  const { title, says, watch } = presentStep(open);
  const heading = useRef<HTMLHeadingElement>(null);
  const isFirst = open.step === 0;
  useEffect(() => {
    if (!isFirst) heading.current?.focus();
  }, [isFirst]);
  return (
    <div className={classes.step}>
      <h3 ref={heading} tabIndex={-1}>
        {title}
      </h3>
      <p>{says}</p>
      <p className={classes.watch}>
        <b>Watch:</b> {watch}
      </p>
      {isQuestion(open) ? <Prediction open={open} /> : null}
      <Changes open={open} />
      <LessonStage open={open} />
      <div className={classes.buttons}>
        <RunButton open={open} />
        <OnwardButton open={open} />
      </div>
    </div>
  );
}

/** What the lesson has set on the page, as the settings call it. */
function Changes({ open: { changes } }: LessonStepProps) {
  if (changes.length === 0) return null;
  return (
    <ul className={classes.changes} aria-label="Set by this step">
      {changes.map(({ name, from, to }) => (
        <li key={name}>
          {name} {from} → <b>{to}</b>
        </li>
      ))}
    </ul>
  );
}

function RunButton({ open }: LessonStepProps) {
  const conductor = useConductor();
  const attempt = useAttempt();
  const isReady = useApp((state) => state.model.status === 'ready');
  const isMeasuring = useApp((state) => state.load.status === 'measuring');
  if (isBusy(open)) {
    return (
      <Button size="xs" variant="default" onClick={conductor.stop}>
        Stop this step
      </Button>
    );
  }
  const isDone = open.stage.kind === 'found' || open.stage.kind === 'answered';
  const mustPredict = isQuestion(open) && open.predicted === null;
  return (
    <Button
      size="xs"
      variant={isDone ? 'default' : 'filled'}
      disabled={!isReady || isMeasuring || mustPredict}
      onClick={() => attempt(conductor.run)}
    >
      {isDone ? 'Measure again' : isQuestion(open) ? 'Measure the answer' : 'Set it and measure'}
    </Button>
  );
}

/** To the next step, or from the answered question to the next lesson. */
function OnwardButton({ open }: LessonStepProps) {
  const conductor = useConductor();
  if (open.stage.kind === 'found') {
    return (
      <Button size="xs" onClick={conductor.next}>
        {open.step + 1 === open.lesson.steps.length ? 'To the question' : 'Next'}
      </Button>
    );
  }
  const following = LESSONS[LESSONS.indexOf(open.lesson) + 1];
  if (open.stage.kind !== 'answered' || !following) return null;
  return (
    <Button component="a" size="xs" href={hashOf({ page: 'lessons', item: following.name })}>
      Next lesson
    </Button>
  );
}
