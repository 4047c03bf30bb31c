import { useEffect, useState } from 'react';
import type { Side } from '../../experiments/compare';
import { type Comparison, compare } from '../../experiments/compare';
import type { Selection } from '../../experiments/selection';

/** Two points to be compared, and the selections that they belong to. */
export interface Pair {
  readonly reference: Selection;
  readonly other: Selection;
  readonly sides: readonly [Side, Side];
}

export interface ComparedPair {
  readonly pair: Pair;
  readonly comparison: Comparison;
}

/** Compares one pair after the other, between frames: an interval takes a fraction of a second, and the page goes on. */
export function useComparisons(pairs: readonly Pair[]): {
  readonly compared: readonly ComparedPair[];
  readonly left: number;
} {
  const [state, setState] = useState<{
    readonly of: readonly Pair[];
    readonly compared: readonly ComparedPair[];
    readonly tried: number;
  }>({ of: pairs, compared: [], tried: 0 });
  const current = state.of === pairs ? state : { of: pairs, compared: [], tried: 0 };
  const next = pairs[current.tried];
  useEffect(() => {
    if (!next) return;
    const timer = setTimeout(() => {
      const comparison = compare(...next.sides);
      const own = comparison ? [{ pair: next, comparison }] : [];
      setState({ of: pairs, compared: [...current.compared, ...own], tried: current.tried + 1 });
    });
    return () => clearTimeout(timer);
  }, [pairs, next, current.compared, current.tried]);
  return { compared: current.compared, left: pairs.length - current.tried };
}
