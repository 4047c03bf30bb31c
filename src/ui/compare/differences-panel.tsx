import { comparisonWarning, whatDiffers } from '../../experiments/selection';
import { Panel } from '../kit/panel';
import classes from './compare.module.css';
import { DifferencesTable } from './differences-table';
import { type Pair, useComparisons } from './use-comparisons';

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
        <p className={classes.dim} role="status">
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
