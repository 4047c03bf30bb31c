import { useActions, useApp } from '../../app-context';
import { DropPlace } from './drop-place';
import { TraceFacts } from './trace-facts';
import classes from './trace-panel.module.css';

/** Where a recorded load is chosen or dropped, and what is in it. */
export function TracePanel() {
  const { info, reading, problem } = useApp((state) => state.trace);
  const actions = useActions();
  const take = ([file]: readonly File[]) => {
    // What is wrong with it stands in the state, and so below.
    if (file) actions.setTrace({ name: file.name, content: file }).catch(() => {});
  };
  return (
    <div className={classes.panel}>
      <DropPlace
        invitation={info ? 'Choose another trace, or drop it here' : 'Choose a trace, or drop it here'}
        kinds="CSV or JSON lines: Azure, BurstGPT, Mooncake, Vidur"
        accept=".csv,.jsonl,.json,.txt"
        onPick={take}
        onDrop={(dropped) => take([...dropped.files])}
      />
      {problem ? (
        <p className={classes.problem} role="alert">
          {problem}
        </p>
      ) : null}
      <p className={classes.state} role="status">
        {reading ? `Reading ${reading} …` : info ? null : 'Nothing is sent until there is one.'}
      </p>
      {info ? <TraceFacts info={info} /> : null}
    </div>
  );
}
