import { Fragment, useEffect, useState } from 'react';
import type { Side } from '../../experiments/compare';
import {
  type Comparison,
  compare,
  type Difference,
  type Verdict,
  verdictOf,
} from '../../experiments/compare';
import { axisTitle, showFigure } from '../../experiments/figures';
import type { Selection } from '../../experiments/selection';
import { comparisonWarning, whatDiffers } from '../../experiments/selection';
import { formatShare, NOT_MEASURED } from '../../store/format';
import kit from '../kit/kit.module.css';
import { Panel } from '../kit/panel';
import classes from './compare.module.css';

/** Two points to be compared, and the selections that they belong to. */
interface Pair {
  readonly reference: Selection;
  readonly other: Selection;
  readonly sides: readonly [Side, Side];
}

interface ComparedPair {
  readonly pair: Pair;
  readonly comparison: Comparison;
}

/** Compares one pair after the other, between frames: an interval takes a fraction of a second, and the page goes on. */
function useComparisons(pairs: readonly Pair[]): {
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

interface DifferencesTableProps {
  readonly compared: readonly ComparedPair[];
}

const READS = { better: 'better', worse: 'worse', open: 'may be none', equal: 'equal' } as const;

/** Below this confidence a verdict is no more than likely. */
const SURE = 0.9;

/** A row for each figure of each pair: both values, their difference, and where it lies. */
function DifferencesTable({ compared }: DifferencesTableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section className={kit.scroll} tabIndex={0} aria-label="Differences of each figure">
      <table className={kit.table}>
        <thead>
          <tr>
            <th scope="col">Figure</th>
            <th scope="col">Reference</th>
            <th scope="col">Compared</th>
            <th scope="col">Difference</th>
            <th scope="col">Interval</th>
            <th scope="col">Confidence</th>
            <th scope="col">Reads</th>
          </tr>
        </thead>
        <tbody>
          {compared.map(({ pair, comparison }) => (
            <Fragment key={keyOf(pair)}>
              <tr className={classes.pair}>
                <th scope="rowgroup" colSpan={7}>
                  {pair.reference.letter} {comparison.a.point.label} → {pair.other.letter}{' '}
                  {comparison.b.point.label}
                  <span className={kit.dim}>
                    {' '}
                    {comparison.paired ? 'same requests' : 'apart: not the same requests'}
                    {settingsOf(pair)}
                  </span>
                </th>
              </tr>
              {comparison.differences.map((difference) => (
                <Row key={difference.figure.name} difference={difference} />
              ))}
            </Fragment>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const keyOf = ({ reference, other, sides: [a, b] }: ComparedPair['pair']) =>
  `${reference.letter} ${a.point.id} ${other.letter} ${b.point.id}`;

function settingsOf({ sides: [a, b] }: ComparedPair['pair']): string {
  const { settings } = whatDiffers(a, b);
  return settings.length === 0 ? ' · same settings' : ` · ${settings.join(', ')}`;
}

function Row({ difference }: { readonly difference: Difference }) {
  const { figure, a, b, interval } = difference;
  const verdict = verdictOf(difference);
  return (
    <tr>
      <th scope="row">{axisTitle(figure)}</th>
      <td>{showFigure(figure, a)}</td>
      <td>{showFigure(figure, b)}</td>
      <td>{a === null || b === null ? NOT_MEASURED : `${signed(figure, b - a)}${relative(a, b)}`}</td>
      <td>
        {interval ? `${signed(figure, interval.low)} to ${signed(figure, interval.high)}` : 'too few repeats'}
      </td>
      <td>{interval ? formatShare(interval.confidence) : NOT_MEASURED}</td>
      <td data-verdict={verdict}>
        {verdict === null ? '' : `${hedged(verdict, interval)}${READS[verdict]}`}
      </td>
    </tr>
  );
}

const hedged = (verdict: Verdict, interval: Difference['interval']) =>
  (verdict === 'better' || verdict === 'worse') && (interval?.confidence ?? 0) < SURE ? 'likely ' : '';

const signed = (figure: Difference['figure'], value: number) =>
  `${value > 0 ? '+' : value < 0 ? '−' : ''}${showFigure(figure, Math.abs(value))}`;

const relative = (a: number, b: number) =>
  a === 0 || a === b ? '' : ` (${b >= a ? '+' : '−'}${formatShare(Math.abs(b / a - 1))})`;

interface DifferencesPanelProps {
  readonly pairs: readonly Pair[];
}

/** The differences in figures, what they come from, and a warning where they come from more than one thing. */
export function DifferencesPanel({ pairs }: DifferencesPanelProps) {
  const { compared, left } = useComparisons(pairs);
  const warnings = new Set(
    pairs.flatMap(({ reference, other, sides: [a, b] }) => {
      const warning = comparisonWarning(whatDiffers(a, b));
      return warning === null ? [] : `${reference.letter} and ${other.letter}: ${warning}`;
    }),
  );
  const unpaired = compared.some(({ comparison }) => !comparison.paired);
  return (
    <Panel
      title="Differences"
      aside={
        <p className={kit.dim} role="status">
          {left > 0 ? `${left} still to compare …` : ''}
        </p>
      }
    >
      {[...warnings].map((warning) => (
        <p key={warning} className={classes.warning}>
          {warning}
        </p>
      ))}
      {pairs.length === 0 ? (
        <p className={classes.note}>
          These have no setting in common. Choose one point of each to compare them.
        </p>
      ) : (
        <DifferencesTable compared={compared} />
      )}
      <p className={classes.note}>
        Latency: 95 % intervals by bootstrap over requests, in two stages: repeats, and in each of them blocks
        of √n requests in a row. The other figures: exact intervals from the order of the repeats, with the
        confidence that so many repeats give.{' '}
        {unpaired
          ? 'Where it says “apart”, the two did not meet the same requests; these intervals are wider.'
          : 'Both sides met the same requests, so they are compared request by request and repeat by repeat.'}
      </p>
    </Panel>
  );
}
