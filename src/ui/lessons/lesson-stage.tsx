import { Progress } from '@mantine/core';
import { useEffect, useRef } from 'react';
import type { Gathering } from '../../lessons/gathering';
import type { Trial } from '../../lessons/lesson';
import { formatWhole } from '../../store/format';
import { type OpenLesson, presentStep, type Stage } from '../../store/lessons/lessons-state';
import { useApp } from '../app-context';
import classes from './lessons.module.css';

interface LessonStageProps {
  readonly open: OpenLesson;
}

/** How far the step's measurement is, and what came of it; the latter is read out. */
export function LessonStage({ open }: LessonStageProps) {
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
        <p className={classes.dim}>
          What is under way is answered first{inFlight > 0 ? `: ${formatWhole(inFlight)} left` : ''} …
        </p>
      ) : null}
      {stage.kind === 'measuring' ? (
        <Gathered trial={stage.trial} gathering={stage.gathering} trials={presentStep(open).trials} />
      ) : null}
      {stage.kind === 'told' && !isReady ? (
        <p className={classes.dim}>The step can be measured when the model is loaded.</p>
      ) : null}
      <div ref={result} role="status" className={classes.result} data-kind={kind}>
        <Result stage={stage} />
      </div>
    </>
  );
}

interface GatheredProps {
  readonly trial: Trial;
  readonly gathering: Gathering;
  readonly trials: readonly Trial[];
}

function Gathered({ trial, gathering, trials }: GatheredProps) {
  const { needs, label } = trial;
  const [requests, seconds] =
    gathering.kind === 'gathering'
      ? [gathering.requests, (gathering.evidence?.last.windowMs ?? 0) / 1000]
      : [needs.requests, needs.seconds];
  const share = Math.min(1, requests / needs.requests, seconds / needs.seconds);
  const which = trials.length > 1 ? `${trials.indexOf(trial) + 1} of ${trials.length}: ` : '';
  return (
    <div>
      <p className={classes.dim}>
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
          <b>{stage.isRight ? 'You were right.' : 'You predicted otherwise.'}</b> {stage.says}
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
