import type { Limits } from '../figures/limits';
import { stepLimit } from '../figures/physical-limit';
import type { ModelFacts, StepTimes } from '../measures';
import type { FullCopyCell, Measured, StepCell } from './benchmark';
import { figure, percent, table, times } from './format';

/** A line a bucket; a column for each way to run, and the limit. */
export function stepsTable(cells: readonly StepCell[], model: ModelFacts, limits: Limits | null): string {
  const ways = cells
    .filter(({ rows }) => rows === cells[0]?.rows)
    .map(({ capture, lagged }) => ({ capture, lagged }));
  const head =
    ways.length === 1
      ? ['step']
      : ways.map(
          ({ capture, lagged }) =>
            `${capture ? 'captured' : 'not captured'}, ${lagged ? 'lagged' : 'awaited'}`,
        );
  const rows = [...new Set(cells.map((cell) => cell.rows))].map((bucket) => {
    const ofBucket = cells.filter((cell) => cell.rows === bucket);
    return [
      String(bucket),
      ...ofBucket.map(({ times: measured }) => stepCell(bucket, measured, model, limits)),
      limitCell(bucket, ofBucket, model, limits),
    ];
  });
  return table(['rows', ...head, 'limit'], rows);
}

function stepCell(
  rows: number,
  measured: Measured<StepTimes>,
  model: ModelFacts,
  limits: Limits | null,
): string {
  if ('failed' in measured) return `failed: ${short(measured.failed)}`;
  const { medianMs, minMs, liveTokens } = measured.ok;
  const limit = limits && stepLimit(model, { rows, liveTokens, kernels: limits.kernels }, limits);
  return [
    `${figure(medianMs)} ms (${figure(minMs)})`,
    `${figure((1000 * rows) / medianMs)}/s`,
    ...(limit ? [percent(limit.ms / medianMs)] : []),
  ].join(' · ');
}

function limitCell(
  rows: number,
  cells: readonly StepCell[],
  model: ModelFacts,
  limits: Limits | null,
): string {
  const live = cells.flatMap(({ times: measured }) => ('ok' in measured ? [measured.ok.liveTokens] : []))[0];
  if (!limits || live === undefined) return '–';
  const limit = stepLimit(model, { rows, liveTokens: live, kernels: limits.kernels }, limits);
  const bound =
    limit.kernelsMs > Math.max(limit.memoryMs, limit.arithmeticMs)
      ? 'kernels'
      : limit.memoryMs > limit.arithmeticMs
        ? 'memory'
        : 'arithmetic';
  return `${figure(limit.ms)} ms, ${bound}`;
}

export function fullCopyTable(cells: readonly FullCopyCell[]): string {
  return table(
    ['pass', 'Headway, ms', 'full copy, ms', 'full copy over Headway'],
    cells.map(({ pass, times: measured }) =>
      'failed' in measured
        ? [pass, '', '', `failed: ${short(measured.failed)}`]
        : [
            pass,
            figure(measured.ok.ours.medianMs),
            figure(measured.ok.fullCopy.medianMs),
            times(measured.ok.ratio),
          ],
    ),
  );
}

/** The first sentence fits a cell. */
const short = (reason: string): string => reason.replaceAll('|', '/').replaceAll('\n', ' ').slice(0, 120);
