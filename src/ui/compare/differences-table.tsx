import { Fragment } from 'react';
import { type Difference, type Verdict, verdictOf } from '../../experiments/compare';
import { axisTitle, showFigure } from '../../experiments/figures';
import { whatDiffers } from '../../experiments/selection';
import { formatShare, NOT_MEASURED } from '../../store/format';
import table from '../kit/table.module.css';
import classes from './compare.module.css';
import type { ComparedPair } from './use-comparisons';

interface DifferencesTableProps {
  readonly compared: readonly ComparedPair[];
}

const READS = { better: 'better', worse: 'worse', open: 'may be none', equal: 'equal' } as const;

/** Below this confidence a verdict is no more than likely. */
const SURE = 0.9;

/** A row for each figure of each pair: both values, their difference, and where it lies. */
export function DifferencesTable({ compared }: DifferencesTableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section className={table.scroll} tabIndex={0} aria-label="Differences of each figure">
      <table className={table.table}>
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
                  <span className={classes.dim}>
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
