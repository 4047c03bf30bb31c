import type { ExperimentRun } from '../src/core/experiment';
import { figuresOf, type PointFigures } from '../src/experiments/figures';
import { conclusionsOf } from '../src/experiments/presets';

const VERDICTS = new Map([
  [true, 'yes'],
  [false, 'no'],
  [null, '–'],
]);

/** The run for people: a line per point, then what it has shown. What was not measured is a dash, never 0. */
export function sweepTable(run: ExperimentRun): string {
  const { adapter, model } = run.environment;
  const figures = figuresOf(run);
  const { checks, regime, findings } = conclusionsOf(run);
  const early = figures.filter(({ endedEarly }) => endedEarly !== null);
  const blocks = [
    [
      `${run.title}: ${model.name} on ${adapter.kind}: ${adapter.name}${adapter.software ? ' (software)' : ''}`,
    ],
    table(figures),
    early.map(({ point, endedEarly }) => `* ${point.label}: ${endedEarly}`),
    checks.map(({ passed, claim, says }) => `${(VERDICTS.get(passed) ?? '–').padEnd(4)}${claim} ${says}`),
    regime ? [regime] : [],
    findings,
  ];
  return blocks
    .filter((block) => block.length > 0)
    .map((block) => `${block.join('\n')}\n`)
    .join('\n');
}

const HEADS = ['req/s', 'p50 ms', 'p95 ms', 'p95 spread', 'fill', 'wasted', 'ok'];

function table(figures: readonly PointFigures[]): readonly string[] {
  const width = Math.max(8, ...figures.map(({ point }) => point.label.length + 2)) + 2;
  const row = (label: string, cells: readonly string[]) =>
    label.padEnd(width) + cells.map((cell) => cell.padStart(14)).join('');
  return [row('', HEADS), ...figures.map((of) => row(labelOf(of), cellsOf(of)))];
}

const labelOf = ({ point, endedEarly }: PointFigures) => `${point.label}${endedEarly ? ' *' : ''}`;

function cellsOf({ summary: s, p95 }: PointFigures): readonly string[] {
  const figure = (value: number | null | undefined, digits = 1) => value?.toFixed(digits) ?? '–';
  return [
    figure(s.throughput_rps),
    figure(s.latency_ms?.p50),
    figure(s.latency_ms?.p95),
    p95 === null ? '–' : `${figure(p95.min)}–${figure(p95.max)}`,
    figure(s.mean_batch_fill, 2),
    s.wasted_token_share === null ? '–' : `${figure(s.wasted_token_share * 100)} %`,
    `${s.ok}/${s.requests}`,
  ];
}
