import { NativeSelect, SegmentedControl } from '@mantine/core';
import { useEffect, useState } from 'react';
import { BACKENDS, type BackendChoice } from '../../core/engine';
import type { KeptModel } from '../../core/model';
import { formatDirectoryName, isHub, isPicked } from '../../model/directory/directory-name';
import { isSynthetic } from '../../model/synthetic/spec';
import { formatBytes, formatWhole } from '../../store/format';
import { MODEL_CATALOGUE } from '../../store/models';
import { useActions, useApp, useAttempt } from '../app-context';
import kit from '../kit/kit.module.css';
import { RailSection } from '../kit/panel';
import { ModelHubForm, ModelPickedForm, ModelServerForm } from './model-forms';
import { LoadingProgress } from './model-overlay';
import classes from './rail.module.css';
import { SyntheticForm } from './synthetic-form';

/** What is being served, once it is. */
function ModelFacts() {
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

/** Models of the hub that this browser keeps, with what each takes. */
function ModelKept() {
  const kept = useApp((state) => state.keptModels);
  if (kept.length === 0) return null;
  const all = kept.reduce((sum, { bytes }) => sum + bytes, 0);
  return (
    <details className={classes.more}>
      <summary className={classes.moreSummary}>
        Kept in this browser: {kept.length} {kept.length === 1 ? 'model' : 'models'}, {formatBytes(all)}
      </summary>
      <ul className={classes.kept}>
        {kept.map((model) => (
          <Kept key={nameOf(model)} model={model} />
        ))}
      </ul>
    </details>
  );
}

const nameOf = ({ name, revision }: KeptModel, file: string | null = null) =>
  formatDirectoryName({ kind: 'hub', name, revision, file, context: null, chat: 'auto' });

function Kept({ model }: { readonly model: KeptModel }) {
  const actions = useActions();
  const attempt = useAttempt();
  const name = nameOf(model);
  const loading = useApp(
    (state) => state.model.status === 'loading' && state.settings.model.startsWith(name),
  );
  const [unfinished] = model.unfinished;
  return (
    <li className={classes.keptModel}>
      <span className={classes.keptName}>
        {name.slice('hub:'.length)} · {formatBytes(model.bytes)}
        {unfinished ? (
          <span className={kit.dim}>
            {unfinished.path} not whole: {formatBytes(unfinished.there)} of {formatBytes(unfinished.bytes)}
          </span>
        ) : null}
      </span>
      <button
        type="button"
        className={classes.smallButton}
        aria-label={`Load ${name}`}
        disabled={loading}
        // The file that is there: another may suit the backend better, and would be downloaded beside it.
        onClick={() => attempt(() => actions.loadModel({ model: nameOf(model, model.onnx[0]) }))}
      >
        Load
      </button>
      <button
        type="button"
        className={classes.smallButton}
        aria-label={`Delete ${name} from this browser`}
        disabled={loading}
        onClick={() => attempt(() => actions.removeKeptModel(model))}
      >
        Delete
      </button>
    </li>
  );
}

/** What stands in the list beside the catalogue's names. */
const KINDS = {
  synthetic: 'A synthetic model of any size …',
  hub: 'A model of the hub, downloaded …',
  picked: 'A directory on your disk …',
  server: 'A directory on this server …',
} as const;
type Kind = keyof typeof KINDS;

const isKind = (value: string): value is Kind => value in KINDS;

function kindOf(model: string): Kind | null {
  if (isSynthetic(model)) return 'synthetic';
  if (isHub(model)) return 'hub';
  if (isPicked(model)) return 'picked';
  return MODEL_CATALOGUE.some((entry) => entry.name === model) ? null : 'server';
}

const FIRST_SHAPE = 'synthetic:tinystories-15m';

/** Which model answers, on what. Changing either loads it; running requests finish first. */
export function ModelSection() {
  const { model, backend } = useApp((state) => state.settings);
  const status = useApp((state) => state.model.status);
  const actions = useActions();
  const attempt = useAttempt();
  // What was asked for in the list holds until another model is chosen, here or by a program.
  const [asked, setAsked] = useState<{ readonly kind: Kind; readonly beside: string } | null>(null);
  const chosen = kindOf(model);
  const kind = asked?.beside === model ? asked.kind : chosen;
  const given = kind === chosen ? model : '';

  // Each load and each end of one may have left something in the browser's storage.
  useEffect(() => {
    if (status !== 'loading' && status !== 'warming-up') actions.lookForKeptModels().catch(() => {});
  }, [status, actions]);

  return (
    <RailSection title="Model">
      <NativeSelect
        size="xs"
        aria-label="Model"
        value={kind ?? model}
        onChange={(event) => {
          const next = event.currentTarget.value;
          if (isKind(next)) return setAsked({ kind: next, beside: model });
          setAsked(null);
          if (next !== model) attempt(() => actions.loadModel({ model: next }));
        }}
        data={[
          ...MODEL_CATALOGUE.map((entry) => ({ value: entry.name, label: `${entry.name}: ${entry.says}` })),
          ...Object.entries(KINDS).map(([value, label]) => ({ value, label })),
        ]}
      />
      {kind === 'synthetic' ? <SyntheticForm spec={given || FIRST_SHAPE} /> : null}
      {kind === 'hub' ? <ModelHubForm model={given} /> : null}
      {kind === 'picked' ? <ModelPickedForm model={given} /> : null}
      {kind === 'server' ? <ModelServerForm model={given} /> : null}
      <div className={classes.row}>
        <SegmentedControl
          fullWidth
          size="xs"
          withItemsBorders={false}
          aria-label="Backend"
          data={BACKENDS.map((name) => ({ value: name, label: BACKEND_LABEL[name] }))}
          value={backend}
          onChange={(next) => attempt(() => actions.loadModel({ backend: next as BackendChoice }))}
        />
      </div>
      <ModelFacts />
      <ModelKept />
    </RailSection>
  );
}

const BACKEND_LABEL: Readonly<Record<BackendChoice, string>> = {
  auto: 'Auto',
  webgpu: 'WebGPU',
  wasm: 'WASM',
};
