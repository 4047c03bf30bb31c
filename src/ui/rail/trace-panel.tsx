import { useState } from 'react';
import { useActions, useApp } from '../app-context';
import { TraceFacts } from './trace-facts';
import classes from './trace-panel.module.css';

/** Where a recorded load is chosen or dropped, and what is in it. */
export function TracePanel() {
  const { info, reading, problem } = useApp((state) => state.trace);
  const actions = useActions();
  const [over, setOver] = useState(false);
  const take = (files: FileList | null) => {
    const file = files?.[0];
    // What is wrong with it stands in the state, and so below.
    if (file) actions.setTrace({ name: file.name, content: file }).catch(() => {});
  };
  return (
    <div className={classes.panel}>
      {/* A label is what a click on it chooses with; dropping is beside that, for those who have a pointer. */}
      <label
        className={classes.drop}
        data-over={over || undefined}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          take(event.dataTransfer.files);
        }}
      >
        <input
          type="file"
          className={classes.file}
          accept=".csv,.jsonl,.json,.txt"
          onChange={(event) => {
            take(event.currentTarget.files);
            // Else the same file, mended, could not be chosen again.
            event.currentTarget.value = '';
          }}
        />
        <span className={classes.invitation}>
          {info ? 'Choose another trace, or drop it here' : 'Choose a trace, or drop it here'}
        </span>
        <span className={classes.kinds}>CSV or JSON lines: Azure, BurstGPT, Mooncake, Vidur</span>
      </label>
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
