import type { ExperimentRun, MeasuredUnit, PlannedPoint } from '../../core/experiment';
import type { RequestRecord } from '../../core/request-record';

/** A point of a run: one side of a comparison. */
export interface Side {
  readonly run: ExperimentRun;
  readonly point: PlannedPoint;
}

export const unitsOf = ({ run, point }: Side): readonly MeasuredUnit[] =>
  run.units
    .filter((unit) => unit.point === point.id && unit.records.length > 0)
    .toSorted((a, b) => a.repeat - b.repeat);

/** Repeats that both sides have, each with its two units. */
export function repeatsOf(a: Side, b: Side): readonly (readonly [MeasuredUnit, MeasuredUnit])[] {
  const others = unitsOf(b);
  return unitsOf(a).flatMap((unit) => {
    const other = others.find(({ repeat }) => repeat === unit.repeat);
    return other ? [[unit, other] as const] : [];
  });
}

/**
 * Whether both sides met the same requests, repeat by repeat: as many of them, and the n-th with a prompt of the same
 * length for the same number of answers. Then they compare request by request.
 */
export function metSameRequests(a: Side, b: Side): boolean {
  const repeats = repeatsOf(a, b);
  const seeds = a.run.seed === b.run.seed && a.point.load.outputTokens === b.point.load.outputTokens;
  return seeds && repeats.length > 0 && repeats.every(([left, right]) => alike(left.records, right.records));
}

const alike = (a: readonly RequestRecord[], b: readonly RequestRecord[]) =>
  a.length === b.length &&
  a.every((record, i) => {
    const other = b[i];
    return (
      other?.id === record.id &&
      other.promptTokens === record.promptTokens &&
      other.sequences === record.sequences
    );
  });
