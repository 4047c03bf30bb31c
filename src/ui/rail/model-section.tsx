import { NativeSelect, SegmentedControl, TextInput } from '@mantine/core';
import { useState } from 'react';
import { isSynthetic } from '../../model/synthetic/spec';
import { BACKENDS, type BackendChoice } from '../../server/control';
import { MODEL_CATALOGUE } from '../../store/model-catalogue';
import { useActions, useApp, useAttempt } from '../app-context';
import { ModelFacts } from './model-facts';
import classes from './rail.module.css';
import { RailSection } from './rail-section';
import { SyntheticForm } from './synthetic-form';

/** What stands in the list beside the catalogue's names. */
type Kind = 'synthetic' | 'directory';

function kindOf(model: string): Kind | null {
  if (isSynthetic(model)) return 'synthetic';
  return MODEL_CATALOGUE.some((entry) => entry.name === model) ? null : 'directory';
}

const FIRST_SHAPE = 'synthetic:tinystories-15m';

/** Which model answers, on what. Changing either loads it; running requests finish first. */
export function ModelSection() {
  const { model, backend } = useApp((state) => state.settings);
  const actions = useActions();
  const attempt = useAttempt();
  // What was asked for in the list holds until another model is chosen, here or by a program.
  const [asked, setAsked] = useState<{ readonly kind: Kind; readonly beside: string } | null>(null);
  const kind = asked?.beside === model ? asked.kind : kindOf(model);

  return (
    <RailSection title="Model">
      <NativeSelect
        size="xs"
        aria-label="Model"
        value={kind ?? model}
        onChange={(event) => {
          const next = event.currentTarget.value;
          if (next === 'synthetic' || next === 'directory') return setAsked({ kind: next, beside: model });
          setAsked(null);
          if (next !== model) attempt(() => actions.loadModel({ model: next }));
        }}
        data={[
          ...MODEL_CATALOGUE.map((entry) => ({ value: entry.name, label: `${entry.name}: ${entry.says}` })),
          { value: 'synthetic', label: 'A synthetic model of any size …' },
          { value: 'directory', label: 'A directory on this server …' },
        ]}
      />
      {kind === 'synthetic' ? <SyntheticForm spec={isSynthetic(model) ? model : FIRST_SHAPE} /> : null}
      {kind === 'directory' ? <DirectoryField model={kindOf(model) === 'directory' ? model : ''} /> : null}
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
    </RailSection>
  );
}

const BACKEND_LABEL: Readonly<Record<BackendChoice, string>> = {
  auto: 'Auto',
  webgpu: 'WebGPU',
  wasm: 'WASM',
};

function DirectoryField({ model }: { readonly model: string }) {
  const actions = useActions();
  const [text, setText] = useState(model);
  const [error, setError] = useState<string | null>(null);
  const load = async () => {
    setError(null);
    try {
      await actions.loadModel({ model: text.trim() });
    } catch (cause) {
      setError(cause instanceof Error ? cause.message : String(cause));
    }
  };
  return (
    <form
      className={classes.directory}
      onSubmit={(event) => {
        event.preventDefault();
        void load();
      }}
    >
      <TextInput
        size="xs"
        className={classes.directoryInput ?? ''}
        aria-label="Model directory on this server"
        placeholder="models/my-model/"
        spellCheck={false}
        autoComplete="off"
        error={error}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <button type="submit" className={classes.smallButton}>
        Load
      </button>
    </form>
  );
}
