import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useMemo, useState } from 'react';
import type { ExperimentRun, PlannedPoint } from '../../core/experiment';
import { axisTitle, RESULT_FIGURES, resultsOf, showFigure } from '../../experiments/figures';
import { plotsOf } from '../../experiments/plots/plots-of';
import { withPredicted } from '../../experiments/predicted-run';
import { conclusionsOf } from '../../experiments/presets';
import { smallPrint } from '../../experiments/provenance';
import { packRun } from '../../experiments/run-file';
import { formatMs } from '../../store/format';
import { runOverlay } from '../../store/plane';
import { useActions, useApp, useAttempt } from '../app-context';
import { PlotGrid } from '../charts/plots';
import kit from '../kit/kit.module.css';
import { Panel } from '../kit/panel';
import { goTo, hashOf } from '../kit/place';
import classes from './experiments.module.css';
import { TwinErrors } from './twin-errors';

/** Hands a file to the browser's downloads. */
function download(bytes: Uint8Array, name: string): void {
  const url = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>], { type: 'application/zip' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // Not before the browser has begun to read it.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

interface RunNameProps {
  readonly run: ExperimentRun;
}

/** The run's name, which its owner may change. */
function RunName({ run }: RunNameProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const actions = useActions();
  const attempt = useAttempt();
  if (draft === null) {
    return (
      <div className={classes.name}>
        <h2>{run.name}</h2>
        <Button size="compact-sm" variant="default" onClick={() => setDraft(run.name)}>
          Rename
        </Button>
      </div>
    );
  }
  const save = (event: FormEvent) => {
    event.preventDefault();
    const name = draft.trim();
    if (name === '') return;
    attempt(() => actions.renameRun(run.id, name));
    setDraft(null);
  };
  return (
    <form className={classes.name} onSubmit={save}>
      <TextInput
        size="xs"
        aria-label="Name of the run"
        value={draft}
        maxLength={120}
        data-autofocus
        autoFocus
        onChange={(event) => setDraft(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') setDraft(null);
        }}
      />
      <Button type="submit" size="compact-sm" disabled={draft.trim() === ''}>
        Save
      </Button>
      <Button size="compact-sm" variant="default" onClick={() => setDraft(null)}>
        Leave it
      </Button>
    </form>
  );
}

interface RunButtonsProps {
  readonly run: ExperimentRun;
}

/** Resume, compare, export and delete. What is being measured can be exported as far as it is, and not deleted. */
function RunButtons({ run }: RunButtonsProps) {
  const isActive = useApp((state) => state.experiments.active?.id === run.id);
  const isMeasuring = useApp((state) => state.load.status === 'measuring');
  const [isExporting, setExporting] = useState(false);
  const actions = useActions();
  const attempt = useAttempt();
  const exportRun = async () => {
    setExporting(true);
    try {
      download(packRun(await actions.exportRun(run.id)), `${slugOf(run.name)}.zip`);
    } finally {
      setExporting(false);
    }
  };
  return (
    <div className={kit.buttons}>
      {run.status.kind === 'finished' || isActive ? null : (
        <Button
          size="compact-sm"
          disabled={isMeasuring}
          onClick={() => attempt(() => actions.resumeExperiment(run.id))}
        >
          Resume
        </Button>
      )}
      <Button
        component="a"
        href={hashOf({ page: 'compare', item: run.id })}
        size="compact-sm"
        variant="default"
      >
        Compare points
      </Button>
      <Button
        size="compact-sm"
        variant="default"
        disabled={run.units.length === 0}
        onClick={() => {
          actions.showOverlay(runOverlay(run));
          goTo({ page: 'live', item: null });
        }}
      >
        Show on the live chart
      </Button>
      <Button
        size="compact-sm"
        variant="default"
        disabled={isExporting || run.units.length === 0}
        onClick={() => attempt(exportRun)}
      >
        {isExporting ? 'Drawing …' : 'Export'}
      </Button>
      {isActive ? null : <DeleteButton run={run} />}
    </div>
  );
}

/** Asks first: what is deleted is gone. */
function DeleteButton({ run }: RunButtonsProps) {
  const [isAsking, setAsking] = useState(false);
  const actions = useActions();
  const attempt = useAttempt();
  if (!isAsking) {
    return (
      <Button size="compact-sm" variant="default" onClick={() => setAsking(true)}>
        Delete
      </Button>
    );
  }
  const remove = async () => {
    await actions.deleteRun(run.id);
    goTo({ page: 'experiments', item: null });
  };
  return (
    <div className={classes.ask} role="alertdialog" aria-label="Delete this run?">
      <span>Delete it for good?</span>
      <Button size="compact-sm" color="red" variant="default" onClick={() => attempt(remove)}>
        Delete
      </Button>
      <Button size="compact-sm" autoFocus onClick={() => setAsking(false)}>
        Keep
      </Button>
    </div>
  );
}

/** A name as a file's. */
const slugOf = (name: string) =>
  name
    .toLowerCase()
    .replaceAll(/[^\p{Letter}\p{Number}]+/gu, '-')
    .replaceAll(/^-|-$/g, '') || 'run';

interface SetLiveProps {
  /** The setting that the experiment found. */
  readonly answer: PlannedPoint;
}

/** Puts what was found in force on the live page, where its address carries it. */
function SetLive({ answer }: SetLiveProps) {
  const actions = useActions();
  const attempt = useAttempt();
  const isFree = useApp(({ model, load }) => model.status === 'ready' && load.status !== 'measuring');
  const set = async () => {
    goTo({ page: 'live', item: null });
    await actions.configure({ serving: answer.serving, load: answer.load, slo: answer.slo });
    await actions.startLoad();
  };
  return (
    <div className={classes.setLive}>
      <Button size="compact-sm" disabled={!isFree} onClick={() => attempt(set)}>
        Set this on the live page
      </Button>
    </div>
  );
}

interface ConclusionsProps {
  readonly run: ExperimentRun;
}

/** What the run has shown so far, in sentences: the lab's checks as they come out, and what else was found. */
function Conclusions({ run }: ConclusionsProps) {
  const { checks, regime, findings, answer } = conclusionsOf(run);
  if (checks.length === 0 && findings.length === 0 && regime === null) return null;
  return (
    <Panel title={run.status.kind === 'finished' ? 'What it shows' : 'What it shows so far'}>
      <ul className={classes.conclusions}>
        {checks.map(({ name, claim, passed, says }) => (
          <li key={name}>
            <b data-passed={passed}>{passed === null ? 'Open' : passed ? 'Yes' : 'No'}</b>
            <span>
              {claim} {says}
            </span>
          </li>
        ))}
        {[...findings, ...(regime === null ? [] : [regime])].map((sentence, index) => (
          <li key={sentence}>
            <span data-answer={(answer && index === 0) || undefined}>{sentence}</span>
          </li>
        ))}
      </ul>
      {answer ? <SetLive answer={answer} /> : null}
    </Panel>
  );
}

interface ResultsTableProps {
  readonly run: ExperimentRun;
}

/** The figures behind the plots, as a table. */
function ResultsTable({ run }: ResultsTableProps) {
  const rows = useMemo(() => resultsOf(run), [run]);
  if (rows.length === 0) return null;
  return (
    <Panel title="Results" aside={<p className={kit.dim}>medians of the repeats, p95 with their range</p>}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <section className={kit.scroll} tabIndex={0} aria-label="Results of each setting">
        <table className={`${kit.table} ${classes.results}`}>
          <thead>
            <tr>
              <th scope="col">Setting</th>
              <th scope="col">Repeats</th>
              <th scope="col">Requests</th>
              {RESULT_FIGURES.map((figure) => (
                <th key={figure.name} scope="col">
                  {axisTitle(figure)}
                </th>
              ))}
              <th scope="col">Note</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ point, repeats, requests, values, p95, endedEarly }) => (
              <tr key={point.id}>
                <th scope="row">{point.label}</th>
                <td>{repeats}</td>
                <td>{requests}</td>
                {RESULT_FIGURES.map((figure, index) => (
                  <td
                    key={figure.name}
                    data-lost={(figure.name === 'lost_share' && (values[index] ?? 0) > 0) || undefined}
                  >
                    {showFigure(figure, values[index] ?? null)}
                    {figure.name === 'p95_ms' && p95 ? (
                      <span className={kit.dim}>
                        {' '}
                        ({formatMs(p95.min)}–{formatMs(p95.max)})
                      </span>
                    ) : null}
                  </td>
                ))}
                <td className={classes.note}>{endedEarly}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </Panel>
  );
}

interface RunViewProps {
  readonly run: ExperimentRun;
}

/** One run: what it is, what it shows, its figures and its plots, as far as it has come. */
export function RunView({ run }: RunViewProps) {
  // They change when a unit was measured, not in between.
  const [twin, setTwin] = useState<ExperimentRun | null>(null);
  const plots = useMemo(
    () => (twin ? withPredicted(plotsOf(run), plotsOf(twin)) : plotsOf(run)),
    [run, twin],
  );
  return (
    <>
      <header className={classes.runHead}>
        <a className={classes.back} href={hashOf({ page: 'experiments', item: null })}>
          All experiments and kept runs
        </a>
        <div className={classes.runTitle}>
          <RunName run={run} />
          <RunButtons run={run} />
        </div>
        <p>{run.says}</p>
        {run.status.kind === 'failed' ? <p className={classes.reason}>{run.status.reason}</p> : null}
        {smallPrint(run).map((line) => (
          <p key={line} className={kit.dim}>
            {line}
          </p>
        ))}
      </header>
      <Conclusions run={run} />
      <PlotGrid plots={plots} />
      <TwinErrors run={run} twin={twin} onPredicted={setTwin} />
      <ResultsTable run={run} />
    </>
  );
}
