import { formatBytes, formatWhole } from '../../store/format';
import { useApp } from '../app-context';
import classes from './rail.module.css';

/** What is being served, once it is. */
export function ModelFacts() {
  const model = useApp((state) => state.model);
  if (model.status !== 'ready') return <p className={classes.facts}>{SAYS[model.status]}</p>;
  const { note, model: served } = model.info;
  return (
    <div className={classes.facts}>
      <p>
        {formatBytes(served.bytes)}, context {formatWhole(served.contextLength)}, vocabulary{' '}
        {formatWhole(served.vocabularySize)} tokens
      </p>
      {note ? <p>{note}</p> : null}
    </div>
  );
}

const SAYS = {
  idle: 'No model yet.',
  loading: 'Loading; the last figures stay until it answers.',
  'warming-up': 'Warming up: each shape is compiled once before load may come.',
  failed: 'Not served; the reason stands beside.',
  lost: 'The device was lost.',
} as const;
