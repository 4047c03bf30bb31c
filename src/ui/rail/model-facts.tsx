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
      <ServerFacts />
      {note ? <p>{note}</p> : null}
    </div>
  );
}

/** What lives on the GPU now, and whether it went away before. */
function ServerFacts() {
  const server = useApp((state) => state.snapshot?.server);
  const { memory, losses = 0, lastLoss } = server ?? {};
  return (
    <>
      {memory ? (
        <p>
          On the GPU: {formatWhole(memory.buffers)} buffers, {formatBytes(memory.bytes)}
        </p>
      ) : null}
      {lastLoss ? (
        <p>
          Its device went away {losses === 1 ? 'once' : `${losses} times`} and was replaced. {lastLoss.reason}
        </p>
      ) : null}
    </>
  );
}

const SAYS = {
  idle: 'No model yet.',
  loading: 'Loading. Settings changed now hold from its first request on.',
  'warming-up': 'Warming up. Settings changed now hold from its first request on.',
  failed: 'Not served; the reason stands beside.',
  lost: 'The device was lost.',
} as const;
