import { Button } from '@mantine/core';
import { useState } from 'react';
import type { ExperimentRun } from '../../core/experiment';
import { JUDGED, type JudgedFigure, medianErrors, type PredictionError } from '../../experiments/predict';
import { errorsOfRun, twinOfRun } from '../../experiments/predicted-run';
import { useActions, useAttempt, useTwinState } from '../app-context';
import kit from '../kit/kit.module.css';
import { Panel } from '../kit/panel';
import { goTo } from '../kit/place';
import { signed } from '../twin/twin-chip';
import classes from './experiments.module.css';

const HEADS: Readonly<Record<JudgedFigure, string>> = {
  throughput_rps: 'Throughput',
  latency_p50: 'Latency p50',
  latency_p95: 'Latency p95',
  ttft_p50: 'TTFT p50',
  ttft_p95: 'TTFT p95',
  tpot_p50: 'TPOT p50',
};
const FIGURES = Object.keys(JUDGED) as JudgedFigure[];

interface TwinErrorsProps {
  readonly run: ExperimentRun;
  readonly twin: ExperimentRun | null;
  readonly onPredicted: (twin: ExperimentRun) => void;
}

/** The run as the machine's twin predicts it, and how far off that is at each point. */
export function TwinErrors({ run, twin, onPredicted }: TwinErrorsProps) {
  const { calibration } = useTwinState();
  const actions = useActions();
  const attempt = useAttempt();
  const [isBusy, setBusy] = useState(false);
  if (run.environment.adapter.kind === 'simulated' || run.units.length === 0) return null;
  const { adapter, model } = run.environment;
  const fits = calibration?.adapter.name === adapter.name && calibration.model.sha256 === model.sha256;
  const predict = async () => {
    if (!calibration) return;
    setBusy(true);
    try {
      onPredicted(await twinOfRun(run, calibration, () => new Promise((resolve) => setTimeout(resolve))));
    } finally {
      setBusy(false);
    }
  };
  const keep = async () => {
    if (!twin) return;
    const { id } = await actions.importRun(twin);
    goTo({ page: 'compare', item: id });
  };
  const errors = twin ? errorsOfRun(run, twin) : [];
  return (
    <Panel
      title="Against the twin"
      aside={
        <div className={kit.buttons}>
          <Button
            size="compact-sm"
            variant="default"
            disabled={!fits || isBusy}
            onClick={() => attempt(predict)}
          >
            {isBusy ? 'Predicting …' : 'Predict this run'}
          </Button>
          {twin ? (
            <Button size="compact-sm" variant="default" onClick={() => attempt(keep)}>
              Keep and compare
            </Button>
          ) : null}
        </div>
      }
    >
      {twin ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
        <section className={kit.scroll} tabIndex={0} aria-label="Errors of the prediction">
          <table className={`${kit.table} ${classes.results}`}>
            <thead>
              <tr>
                <th scope="col">predicted / measured − 1</th>
                {FIGURES.map((figure) => (
                  <th key={figure} scope="col">
                    {HEADS[figure]}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {errors.map(({ point, error }) => (
                <Row key={point.id} name={point.label} error={error} />
              ))}
              <Row name="Median of the sizes" error={medianErrors(errors.map(({ error }) => error))} />
            </tbody>
          </table>
        </section>
      ) : (
        <p className={kit.dim}>
          {fits
            ? 'The twin of this machine predicts each point with the same seeds; its lines then stand in the plots.'
            : `It can be predicted where ${adapter.name} serves ${model.name}, once some steps were seen.`}
        </p>
      )}
    </Panel>
  );
}

const Row = ({ name, error }: { readonly name: string; readonly error: PredictionError }) => (
  <tr>
    <th scope="row">{name}</th>
    {FIGURES.map((figure) => (
      <td key={figure}>{error[figure] === null ? '–' : signed(error[figure])}</td>
    ))}
  </tr>
);
