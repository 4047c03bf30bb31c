import type { Figure } from '../figures';
import type { Interval } from './latency-differences';
import { repeatsOf, type Side, unitsOf } from './side';

export interface RepeatInterval extends Interval {
  /** That it holds the true median difference, exactly, whatever the distribution. */
  readonly confidence: number;
}

const ENOUGH = 0.95;

/**
 * The interval of the difference b − a of a figure that a whole repeat gives once, such as throughput, from order
 * statistics. `paired`: of the repeats' own differences; each lies above the true median by even chance, so the outermost
 * hold it with 1 − 2^(1−n), and where there are more than needed for 95 % some of the outermost are left out. Else: from
 * the lowest to the highest of all differences; in n!·m!/(n+m)! of all orders one side lies wholly below the other.
 * @returns null below two repeats
 */
export function repeatInterval(a: Side, b: Side, figure: Figure, paired: boolean): RepeatInterval | null {
  return paired ? pairedInterval(a, b, figure) : unpairedInterval(a, b, figure);
}

function pairedInterval(a: Side, b: Side, figure: Figure): RepeatInterval | null {
  const differences = repeatsOf(a, b)
    .flatMap(([left, right]) => {
      const [before, after] = [figure.of(left.summary), figure.of(right.summary)];
      return before === null || after === null ? [] : after - before;
    })
    .toSorted((x, y) => x - y);
  const count = differences.length;
  let missed = 2 ** -count;
  let outside = 0;
  for (let chance = missed; 2 * (outside + 1) < count; outside++) {
    chance *= (count - outside) / (outside + 1);
    if (1 - 2 * (missed + chance) < ENOUGH) break;
    missed += chance;
  }
  return between(differences[outside], differences[count - 1 - outside], count < 2 ? 0 : 1 - 2 * missed);
}

function unpairedInterval(a: Side, b: Side, figure: Figure): RepeatInterval | null {
  const values = (side: Side) =>
    unitsOf(side)
      .map(({ summary }) => figure.of(summary))
      .filter((value) => value !== null);
  const [left, right] = [values(a), values(b)];
  if (left.length < 2 || right.length < 2) return null;
  const orders = left.reduce((product, _, i) => (product * (right.length + i + 1)) / (i + 1), 1);
  return between(
    Math.min(...right) - Math.max(...left),
    Math.max(...right) - Math.min(...left),
    1 - 2 / orders,
  );
}

const between = (
  low: number | undefined,
  high: number | undefined,
  confidence: number,
): RepeatInterval | null =>
  low === undefined || high === undefined || confidence <= 0 ? null : { low, high, confidence };
