import { useEffect, useMemo, useState } from 'react';
import { overlayPlots, pairsOf, type Selection } from '../../experiments/selection';
import { useApp } from '../app-context';
import { PlotGrid } from '../charts/plot-grid';
import { ProblemList } from '../kit/problem-list';
import page from '../shell/page.module.css';
import classes from './compare.module.css';
import { DifferencesPanel } from './differences-panel';
import { type Choice, SidePicker } from './side-picker';

interface ComparePageProps {
  readonly id: string;
  /** What the comparison begins with: this run against its own baseline. */
  readonly runId: string | null;
  /** What was chosen before, by `runId`, and under null what was chosen last: kept while another page is looked at. */
  readonly chosen: Map<string | null, readonly Choice[]>;
}

const LETTERS = ['A', 'B', 'C', 'D', 'E', 'F'] as const;
const NONE: Choice = { run: null, point: null };

const baselineAgainst = (run: string): readonly Choice[] => [
  { run, point: 'baseline' },
  { run, point: null },
];

/** Two or more runs, or points of them, laid over each other, with the differences to the first. */
export function ComparePage({ id, runId, chosen }: ComparePageProps) {
  const headers = useApp((state) => state.experiments.headers);
  const open = useApp((state) => state.experiments.open);
  const [choices, setChoices] = useState(
    () => chosen.get(runId) ?? (runId === null ? [NONE, NONE] : baselineAgainst(runId)),
  );
  useEffect(() => {
    chosen.set(runId, choices).set(null, choices);
  }, [chosen, runId, choices]);
  const selections = useMemo(
    () =>
      choices.flatMap(({ run: runId, point: pointId }, index): readonly Selection[] => {
        const run = runId === null ? undefined : open[runId];
        if (!run) return [];
        const point = run.points.find((candidate) => candidate.id === pointId) ?? null;
        return [{ letter: LETTERS[index] ?? '', run, point }];
      }),
    [choices, open],
  );
  const pairs = useMemo(() => {
    const [reference, ...others] = selections;
    return reference
      ? others.flatMap((other) => pairsOf(reference, other).map((sides) => ({ reference, other, sides })))
      : [];
  }, [selections]);
  const plots = useMemo(() => (selections.length < 2 ? [] : overlayPlots(selections)), [selections]);
  const change = (index: number, choice: Choice) => setChoices(choices.with(index, choice));
  return (
    <main id={id} className={page.page} tabIndex={-1}>
      <ProblemList />
      <section className={classes.pickers} aria-label="What is compared">
        {choices.map((choice, index) => (
          <SidePicker
            key={LETTERS[index]}
            letter={LETTERS[index] ?? ''}
            choice={choice}
            onChange={(next) => change(index, next)}
            onRemove={index < 2 ? null : () => setChoices(choices.toSpliced(index, 1))}
          />
        ))}
        {choices.length < LETTERS.length ? (
          <button type="button" className={classes.add} onClick={() => setChoices([...choices, NONE])}>
            Add another
          </button>
        ) : null}
      </section>
      {selections.length < 2 ? (
        <p className={page.nothing}>
          {headers.length === 0
            ? 'No run is kept in this browser. Start an experiment or import one, then compare it here.'
            : 'Choose two runs, or two points of one, to lay them over each other.'}
        </p>
      ) : (
        <>
          <DifferencesPanel pairs={pairs} />
          <PlotGrid plots={plots} />
        </>
      )}
    </main>
  );
}
