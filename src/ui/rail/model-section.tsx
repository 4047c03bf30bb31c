import { NativeSelect, SegmentedControl, TextInput } from '@mantine/core';
import { useState } from 'react';
import { BACKENDS, type BackendChoice } from '../../server/control';
import { MODEL_CATALOGUE } from '../../store/model-catalogue';
import { useActions, useApp, useAttempt } from '../app-context';
import { ModelFacts } from './model-facts';
import classes from './rail.module.css';
import { RailSection } from './rail-section';

const OTHER = 'other';
const inCatalogue = (model: string) => MODEL_CATALOGUE.some((entry) => entry.name === model);

/** Which model answers, on what. Changing either loads it; running requests finish first. */
export function ModelSection() {
  const { model, backend } = useApp((state) => state.settings);
  const actions = useActions();
  const attempt = useAttempt();
  const [other, setOther] = useState(!inCatalogue(model));
  const chosen = other ? OTHER : model;

  return (
    <RailSection title="Model">
      <NativeSelect
        size="xs"
        aria-label="Model"
        value={chosen}
        onChange={(event) => {
          const next = event.currentTarget.value;
          setOther(next === OTHER);
          if (next !== OTHER && next !== model) attempt(() => actions.loadModel({ model: next }));
        }}
        data={[
          ...MODEL_CATALOGUE.map((entry) => ({ value: entry.name, label: `${entry.name}: ${entry.says}` })),
          { value: OTHER, label: 'A directory on this server …' },
        ]}
      />
      {other ? <DirectoryField model={inCatalogue(model) ? '' : model} /> : null}
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
