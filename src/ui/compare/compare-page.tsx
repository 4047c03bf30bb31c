import { CloseButton, NativeSelect } from '@mantine/core';
import { useEffect, useMemo, useState } from 'react';
import { overlayPlots, pairsOf, type Selection } from '../../experiments/selection';
import type { RunHeader } from '../../store/experiments-state';
import { useApp } from '../app-context';
import { PlotGrid } from '../charts/plots';
import kit from '../kit/kit.module.css';
import { useOpenRun } from '../kit/use-open-run';
import classes from './compare.module.css';
import { DifferencesPanel } from './differences';

/** A kept run and one of its points by their ids; no point is all of them. */
export interface Choice {
  readonly run: string | null;
  readonly point: string | null;
}

interface SidePickerProps {
  readonly letter: string;
  readonly choice: Choice;
  readonly onChange: (choice: Choice) => void;
  readonly onRemove: (() => void) | null;
}

/** Chooses one side of the comparison. The first is what the others are compared with. */
export function SidePicker({ letter, choice, onChange, onRemove }: SidePickerProps) {
  const headers = useApp((state) => state.experiments.headers);
  const run = useOpenRun(choice.run);
  return (
    <div className={classes.picker}>
      <b aria-hidden="true">{letter}</b>
      <NativeSelect
        size="xs"
        aria-label={letter === 'A' ? 'Run A, the reference' : `Run ${letter}`}
        className={classes.run ?? ''}
        value={choice.run ?? ''}
        onChange={(event) => onChange({ run: event.currentTarget.value || null, point: null })}
        data={[
          { value: '', label: letter === 'A' ? 'Choose the reference …' : 'Choose a run …' },
          ...headers.map((header) => ({ value: header.id, label: optionOf(header) })),
        ]}
      />
      <NativeSelect
        size="xs"
        aria-label={`Point of run ${letter}`}
        className={classes.point ?? ''}
        disabled={run === null}
        value={choice.point ?? ''}
        onChange={(event) => onChange({ ...choice, point: event.currentTarget.value || null })}
        data={[
          { value: '', label: 'all points' },
          ...(run?.points ?? []).map(({ id, label }) => ({ value: id, label })),
        ]}
      />
      {onRemove ? <CloseButton size="sm" aria-label={`Remove ${letter}`} onClick={onRemove} /> : null}
    </div>
  );
}

const optionOf = ({ name, started_at, environment }: RunHeader) =>
  `${name} · ${environment.adapter.name} · ${started_at.slice(0, 16).replace('T', ' ')}`;

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
    <main id={id} className={kit.page} tabIndex={-1}>
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
        <p className={kit.nothing}>
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
