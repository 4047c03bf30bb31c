import type { Calibration } from '../src/core/calibration';
import type { BenchSummary } from '../src/core/experiment';
import type { PredictionError, spreadOfRepeats } from '../src/experiments/predict';

/** One cell of the grid, under the names of `predict.json`. */
export interface PredictedCell {
  readonly policy: string;
  readonly max_batch: number;
  readonly max_wait_ms: number;
  readonly arrival: string;
  readonly rate?: number;
  readonly concurrency?: number;
  readonly replicas: number;
  /** What of it the calibration had not seen; false if all was. */
  readonly extrapolated: readonly string[] | false;
  readonly predicted: BenchSummary;
  readonly measured: BenchSummary | null;
  /** predicted / measured − 1. */
  readonly error: PredictionError | null;
  /** Lowest and highest of the measured repeats. */
  readonly measured_spread: ReturnType<typeof spreadOfRepeats> | null;
}

/** `predict.json`. */
export interface Prediction {
  readonly calibration: Pick<
    Calibration,
    'kind' | 'steps' | 'seconds' | 'terms' | 'residual_p50' | 'residual_p95' | 'adapter' | 'model'
  >;
  readonly cells: readonly PredictedCell[];
  /** Median absolute error of each figure over the verified cells. */
  readonly errors: PredictionError | null;
  readonly simulated_requests: number;
  readonly simulate_s: number;
}

const number = (value: number | null | undefined, digits = 1) =>
  value === null || value === undefined ? '–' : value.toFixed(digits);
const signed = (share: number | null | undefined) =>
  share === null || share === undefined
    ? '–'
    : `${share < 0 ? '−' : '+'}${Math.abs(share * 100).toFixed(1)} %`;

const HEADS = ['req/s', 'p50 ms', 'p95 ms', 'TTFT p95', 'TPOT p50', 'fill'];

/** The prediction for people: a line a cell, and under it what was measured and how far off it was. */
export function predictTable({
  calibration,
  cells,
  errors,
  simulated_requests,
  simulate_s,
}: Prediction): string {
  const { adapter, model, steps, seconds, residual_p50, residual_p95, kind } = calibration;
  const name = Math.max(20, ...cells.map((cell) => nameOf(cell).length + 2));
  const line = (head: string, values: readonly string[]) =>
    `${head.padEnd(name)}${values.map((value) => value.padStart(11)).join('')}`;
  return [
    `Twin of ${adapter.name}, ${model.name}: ${steps} ${kind === 'steps' ? 'steps' : 'requests'}, ${seconds.toFixed(1)} s; a single step is off by ${(residual_p50 * 100).toFixed(1)} % (median), ${(residual_p95 * 100).toFixed(0)} % (p95)`,
    '',
    line('', HEADS),
    ...cells.flatMap((cell) => linesOf(cell, line)),
    '',
    ...(errors
      ? [
          `Median error over ${cells.filter(({ error }) => error).length} cells: throughput ${percent(errors.throughput_rps)}, latency p50 ${percent(errors.latency_p50)}, p95 ${percent(errors.latency_p95)}, TTFT p50 ${percent(errors.ttft_p50)}, p95 ${percent(errors.ttft_p95)}, TPOT ${percent(errors.tpot_p50)}`,
        ]
      : []),
    `${simulated_requests.toLocaleString('en')} requests simulated in ${simulate_s.toFixed(2)} s`,
    '',
  ].join('\n');
}

const percent = (share: number | null) => (share === null ? '–' : `${(share * 100).toFixed(1)} %`);

const nameOf = (cell: PredictedCell): string =>
  [
    cell.policy,
    cell.policy === 'sequential' ? '' : cell.max_batch,
    cell.arrival,
    cell.rate ?? cell.concurrency,
    cell.replicas > 1 ? `× ${cell.replicas}` : '',
  ]
    .filter((part) => part !== '')
    .join(' ');

function linesOf(
  cell: PredictedCell,
  line: (head: string, values: readonly string[]) => string,
): readonly string[] {
  const { predicted, measured, error, extrapolated } = cell;
  const figures = (of: PredictedCell['predicted']) => [
    number(of.throughput_rps),
    number(of.latency_ms?.p50),
    number(of.latency_ms?.p95),
    number(of.ttft_ms?.p95),
    number(of.tpot_ms?.p50, 2),
    number(of.mean_batch_fill, 2),
  ];
  return [
    line(nameOf(cell), figures(predicted)),
    ...(measured ? [line('  measured', figures(measured))] : []),
    ...(error
      ? [
          line('  error', [
            signed(error.throughput_rps),
            signed(error.latency_p50),
            signed(error.latency_p95),
            signed(error.ttft_p95),
            signed(error.tpot_p50),
          ]),
        ]
      : []),
    ...(extrapolated ? [`  extrapolated: ${extrapolated.join('; ')}`] : []),
  ];
}
