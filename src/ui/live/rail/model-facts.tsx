import { isSynthetic } from '../../../model/synthetic/spec';
import { formatBytes, formatWhole } from '../../../store/format';
import { useActions, useApp, useAttempt } from '../../app-context';
import { LoadingProgress } from '../../shell/loading-progress';
import classes from './rail.module.css';

/** What is being served, once it is. */
export function ModelFacts() {
  const model = useApp((state) => state.model);
  const name = useApp((state) => state.settings.model);
  if (model.status === 'loading') {
    return (
      <div className={classes.facts}>
        <LoadingProgress name={name} progress={model.progress} place=" in the rail" />
      </div>
    );
  }
  if (model.status !== 'ready') return <p className={classes.facts}>{SAYS[model.status]}</p>;
  const { note, model: served } = model.info;
  return (
    <div className={classes.facts}>
      <p>
        {formatBytes(served.bytes)}, context {formatWhole(served.contextLength)}, vocabulary{' '}
        {formatWhole(served.vocabularySize)} tokens
      </p>
      {isSynthetic(served.url) ? <EndlessAnswers context={served.contextLength} /> : null}
      <ServerFacts />
      {note ? <p>{note}</p> : null}
    </div>
  );
}

/** A model that has learnt nothing ends nothing: lengths are the load's business. */
function EndlessAnswers({ context }: { readonly context: number }) {
  const outputTokens = useApp((state) => state.settings.load.outputTokens);
  const actions = useActions();
  const attempt = useAttempt();
  if (outputTokens !== 'eos') return null;
  return (
    <p>
      It never ends an answer: with Output tokens at eos each runs to the context of {context}.{' '}
      <button
        type="button"
        className={classes.smallButton}
        onClick={() => attempt(() => actions.configureLoad({ outputTokens: FORCED_TOKENS }))}
      >
        Force {FORCED_TOKENS} tokens
      </button>
    </p>
  );
}

const FORCED_TOKENS = 32;

/** What lives on the GPU now, and how often it or the worker went away before. */
function ServerFacts() {
  const server = useApp((state) => state.snapshot?.server);
  const replacements = useApp((state) => state.replacements);
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
      {replacements > 0 ? (
        <p>A worker failed {replacements === 1 ? 'once' : `${replacements} times`} and was replaced.</p>
      ) : null}
    </>
  );
}

const SAYS = {
  idle: 'No model yet.',
  'warming-up': 'Warming up. Settings changed now hold from its first request on.',
  failed: 'Not served; the reason stands beside.',
  cancelled: 'Loading was cancelled; choose a model, or load it again.',
  replacing: 'Its worker failed and is being replaced. Settings changed now hold from its first request on.',
  lost: 'Not served any more; the reason stands beside.',
} as const;
