import { NativeSelect, SegmentedControl } from '@mantine/core';
import { useEffect, useState } from 'react';
import { BACKENDS, type BackendChoice } from '../../../core/engine';
import { isHub, isPicked } from '../../../model/directory/directory-name';
import { isSynthetic } from '../../../model/synthetic/spec';
import { MODEL_CATALOGUE } from '../../../store/model-catalogue';
import { useActions, useApp, useAttempt } from '../../app-context';
import { ModelFacts } from './model-facts';
import { ModelHubForm } from './model-hub-form';
import { ModelKept } from './model-kept';
import { ModelPickedForm } from './model-picked-form';
import { ModelServerForm } from './model-server-form';
import classes from './rail.module.css';
import { RailSection } from './rail-section';
import { SyntheticForm } from './synthetic-form';

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
