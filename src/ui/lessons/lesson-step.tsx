import { Button, Progress } from '@mantine/core';
import { useEffect, useId, useRef } from 'react';
import { LESSONS } from '../../lessons/lessons';
import { formatWhole } from '../../store/format';
import {
  isBusy,
  isQuestion,
  type OpenLesson,
  presentStep,
  type Stage,
} from '../../store/lessons/lessons-state';
import { useApp, useAttempt, useConductor } from '../app-context';
import kit from '../kit/kit.module.css';
import { hashOf } from '../kit/place';
import classes from './lessons.module.css';

interface PredictionProps {
  readonly open: OpenLesson;
}

/** The reader commits to an answer before anything is measured; afterwards the measured one is marked. */
function Prediction({ open }: PredictionProps) {
  const { lesson, stage, predicted } = open;
  const conductor = useConductor();
  const group = useId();
  const answer = stage.kind === 'answered' ? stage.choice : null;
  return (
    <fieldset className={classes.prediction} disabled={isBusy(open) || answer !== null}>
      <legend>Your prediction</legend>
      {lesson.question.choices.map(({ name, label }) => (
        <label key={name} data-answer={name === answer || undefined}>
          <input
            type="radio"
            name={group}
            value={name}
            checked={name === predicted}
            onChange={() => conductor.predict(name)}
          />
          <span>
            {label}
            {name === answer ? <b> · measured</b> : null}
          </span>
        </label>
      ))}
    </fieldset>
  );
}

interface LessonStageProps {
  readonly open: OpenLesson;
}

/** How far the step's measurement is, and what came of it; the latter is read out. */
function LessonStage({ open }: LessonStageProps) {
  const { stage } = open;
  const inFlight = useApp((state) => state.snapshot?.inFlight ?? 0);
  const isReady = useApp((state) => state.model.status === 'ready');
  const result = useRef<HTMLDivElement>(null);
  const kind = kindOf(stage);
  useEffect(() => {
    // On a narrow screen it is below the fold of the panel.
    if (kind !== 'none') result.current?.scrollIntoView({ block: 'nearest' });
  }, [kind]);
  return (
    <>
      {stage.kind === 'preparing' ? (
        <p className={kit.dim}>
          What is under way is answered first{inFlight > 0 ? `: ${formatWhole(inFlight)} left` : ''} …
        </p>
      ) : null}
      {stage.kind === 'measuring' ? <Gathered {...stage} /> : null}
      {stage.kind === 'told' && !isReady ? (
        <p className={kit.dim}>The step can be measured when the model is loaded.</p>
      ) : null}
      <div ref={result} role="status" className={classes.result} data-kind={kind}>
        <Result stage={stage} />
      </div>
    </>
  );
}

type GatheredProps = Omit<Stage & { readonly kind: 'measuring' }, 'kind'>;

function Gathered({ trial, place, gathering }: GatheredProps) {
  const { needs, label } = trial;
  const [requests, seconds] =
    gathering.kind === 'gathering'
      ? [gathering.requests, (gathering.evidence?.last.windowMs ?? 0) / 1000]
      : [needs.requests, needs.seconds];
  const share = Math.min(1, requests / needs.requests, seconds / needs.seconds);
  const which = place.of > 1 ? `${place.index} of ${place.of}: ` : '';
  return (
    <div>
      <p className={kit.dim}>
        {which}
        {label}. {formatWhole(Math.min(requests, needs.requests))} of {needs.requests} requests,{' '}
        {formatWhole(Math.min(seconds, needs.seconds))} of {needs.seconds} s
      </p>
      <Progress value={share * 100} size="sm" aria-label="Progress of this step" />
    </div>
  );
}

function Result({ stage }: { readonly stage: Stage }) {
  switch (stage.kind) {
    case 'told':
    case 'preparing':
    case 'measuring':
      return null;
    case 'found':
      return (
        <>
          <b>{stage.finding.asExpected ? 'Seen.' : 'Here it came out otherwise.'}</b> {stage.finding.says}
        </>
      );
    case 'answered':
      return (
        <>
          <b>{judgement(stage.isRight)}</b> {stage.says}
        </>
      );
    case 'interrupted':
      return (
        <>
          <b>Not measured.</b> {stage.says} The step can be measured again.
        </>
      );
  }
}

function judgement(isRight: boolean | null): string {
  if (isRight === null) return 'Inconclusive: measure again.';
  return isRight ? 'Your prediction was right.' : 'Your prediction was wrong.';
}

function kindOf(stage: Stage): 'none' | 'good' | 'other' {
  switch (stage.kind) {
    case 'told':
    case 'preparing':
    case 'measuring':
      return 'none';
    case 'found':
      return stage.finding.asExpected ? 'good' : 'other';
    case 'answered':
      return stage.isRight ? 'good' : 'other';
    case 'interrupted':
      return 'other';
  }
}

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
      <div className={kit.buttons}>
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
