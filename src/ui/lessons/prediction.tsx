import { useId } from 'react';
import { isBusy, type OpenLesson } from '../../store/lessons/lessons-state';
import { useConductor } from '../app-context';
import classes from './lessons.module.css';

interface PredictionProps {
  readonly open: OpenLesson;
}

/** The reader commits to an answer before anything is measured; afterwards the measured one is marked. */
export function Prediction({ open }: PredictionProps) {
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
