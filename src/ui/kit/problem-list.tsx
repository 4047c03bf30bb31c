import { CloseButton } from '@mantine/core';
import { useActions, useApp } from '../app-context';
import classes from '../shell/shell.module.css';

/** What went wrong, until dismissed. */
export function ProblemList() {
  const problems = useApp((state) => state.problems);
  const actions = useActions();
  return (
    <div role="alert" className={classes.problems}>
      {problems.map((problem) => (
        <div key={problem.id} className={classes.problem}>
          <p>{problem.message}</p>
          <CloseButton size="sm" aria-label="Dismiss" onClick={() => actions.dismissProblem(problem.id)} />
        </div>
      ))}
    </div>
  );
}
