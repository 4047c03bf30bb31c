import { Button, CloseButton, NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { ParameterName } from '../../core/experiment';
import { aboutWords, durationOf } from '../../experiments/estimate';
import { buildGrid, GRID_PARAMETERS, type GridForm } from '../../experiments/grid-builder';
import { useActions, useApp, useAttempt } from '../app-context';
import kit from '../kit/kit.module.css';
import { Panel } from '../kit/panel';
import classes from './experiments.module.css';

type Axis = GridForm['axes'][number];

const OPTIONS = GRID_PARAMETERS.map(({ name, label }) => ({ value: name, label }));
const FIRST: readonly Axis[] = [
  { parameter: 'maxBatch', values: '1, 4, 16' },
  { parameter: 'policy', values: 'static, continuous' },
];

/** Any parameters and values of them, as an experiment over the settings of the live page. */
export function GridBuilder() {
  const actions = useActions();
  const attempt = useAttempt();
  const [axes, setAxes] = useState(FIRST);
  const [repeats, setRepeats] = useState('3');
  const [requests, setRequests] = useState('200');
  const { serving, load, slo } = useApp((state) => state.settings);
  const pace = useApp((state) => state.experiments.pace);
  const isFree = useApp(({ model, load: { status } }) => model.status === 'ready' && status !== 'measuring');
  const name = `Grid of ${axes.map(({ parameter }) => labelOf(parameter)).join(' and ')}`;
  const built = buildGrid({
    name,
    axes,
    repeats,
    requests,
    base: { ...serving, ...load },
    slo,
    seed: load.seed,
  });
  const change = (index: number, changes: Partial<Axis>) =>
    setAxes(axes.map((axis, i) => (i === index ? { ...axis, ...changes } : axis)));
  const free = GRID_PARAMETERS.find((parameter) => !axes.some((axis) => axis.parameter === parameter.name));
  return (
    <Panel title="Your own grid">
      <div className={classes.grid}>
        {axes.map(({ parameter, values }, index) => (
          <div key={parameter} className={classes.gridRow}>
            <NativeSelect
              size="xs"
              aria-label={`Parameter ${index + 1}`}
              data={OPTIONS.filter(
                ({ value }) => value === parameter || !axes.some((axis) => axis.parameter === value),
              )}
              value={parameter}
              onChange={({ currentTarget: { value } }) =>
                change(index, { parameter: value as ParameterName })
              }
            />
            <TextInput
              size="xs"
              aria-label={`Values of ${labelOf(parameter)}`}
              value={values}
              error={built.faults?.[parameter]}
              onChange={({ currentTarget: { value } }) => change(index, { values: value })}
            />
            <CloseButton
              size="sm"
              aria-label={`Remove ${labelOf(parameter)}`}
              disabled={axes.length === 1}
              onClick={() => setAxes(axes.filter((_, i) => i !== index))}
            />
          </div>
        ))}
        <div className={classes.gridRow}>
          <TextInput
            size="xs"
            label="Requests"
            value={requests}
            error={built.faults?.requests}
            onChange={({ currentTarget: { value } }) => setRequests(value)}
          />
          <TextInput
            size="xs"
            label="Repeats"
            value={repeats}
            error={built.faults?.repeats}
            onChange={({ currentTarget: { value } }) => setRepeats(value)}
          />
        </div>
        {built.faults?.grid ? <p className={classes.reason}>{built.faults.grid}</p> : null}
        <div className={classes.presetFoot}>
          <Button
            size="compact-sm"
            variant="subtle"
            disabled={free === undefined}
            onClick={() => free && setAxes([...axes, { parameter: free.name as ParameterName, values: '' }])}
          >
            Add a parameter
          </Button>
          <span className={kit.dim}>
            {built.experiment ? `${built.experiment.points.length} points` : ''}
            {built.experiment && pace ? ` · about ${aboutWords(durationOf(built.experiment, pace))}` : ''}
          </span>
          <Button
            size="compact-sm"
            variant="default"
            disabled={!isFree || built.experiment === null}
            onClick={() => {
              if (built.experiment) attempt(() => actions.startExperiment(built.experiment));
            }}
          >
            Start the grid
          </Button>
        </div>
      </div>
    </Panel>
  );
}

const labelOf = (name: ParameterName) =>
  GRID_PARAMETERS.find((parameter) => parameter.name === name)?.label ?? name;
