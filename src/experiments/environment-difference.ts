import type { RunEnvironment } from '../core/experiment';

/** What makes figures of two environments incomparable, as clauses with both values; empty when nothing does. */
export function environmentDifferences(before: RunEnvironment, now: RunEnvironment): readonly string[] {
  const values = ({ adapter, model, revision }: RunEnvironment) => [
    ['the adapter', `${adapter.kind}: ${adapter.name}`],
    ['the model', `${model.name} (${model.sha256.slice(0, 12)})`],
    ['the code', `revision ${revision}`],
  ];
  const after = values(now);
  return values(before).flatMap(([what, was], i) => {
    const is = after[i]?.[1];
    return is === was ? [] : `${what} was ${was} and is ${is}`;
  });
}
