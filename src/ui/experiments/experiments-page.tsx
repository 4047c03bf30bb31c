import { Button, FileButton, Progress } from '@mantine/core';
import { type DragEvent, useEffect, useState } from 'react';
import { aboutWords, durationOf } from '../../experiments/estimate';
import { type Experiment, expectedUnits, statusWords } from '../../experiments/experiment';
import { PRESETS } from '../../experiments/presets';
import { readRunFile } from '../../experiments/run-file';
import type { ExperimentsState, RunHeader } from '../../store/experiments-state';
import { formatCount, formatDuration, formatWhole } from '../../store/format';
import { useActions, useApp, useAttempt } from '../app-context';
import kit from '../kit/kit.module.css';
import { Panel } from '../kit/panel';
import { goTo, hashOf } from '../kit/place';
import { useOpenRun } from '../kit/use-open-run';
import classes from './experiments.module.css';
import { GridBuilder } from './grid-builder';
import { RunView } from './run-view';

/** Reads exported files back and shows the last of them; what is wrong with one is said, and the others are read. */
export function useImport(): (files: readonly File[]) => void {
  const actions = useActions();
  const attempt = useAttempt();
  const importFile = async (file: File) => {
    const run = await actions.importRun(
      await readRunFile(file, () => new Promise((resolve) => setTimeout(resolve))),
    );
    goTo({ page: 'experiments', item: run.id });
  };
  return (files) => {
    for (const file of files) attempt(() => importFile(file));
  };
}

/** What can be measured, with what it shows and how long it takes. */
export function PresetList() {
  const pace = useApp((state) => state.experiments.pace);
  const actions = useActions();
  const attempt = useAttempt();
  const isReady = useApp((state) => state.model.status === 'ready');
  const isBusy = useApp(
    ({ load, experiments }) => load.status === 'measuring' || experiments.active?.status === 'running',
  );
  return (
    <Panel title="Experiments">
      <ul className={classes.presets}>
        {PRESETS.map((preset) => {
          const { name, title, says } = preset;
          return (
            <li key={name}>
              <h3>{title}</h3>
              <p>{says}</p>
              <div className={classes.presetFoot}>
                <span className={kit.dim}>
                  <code>{name}</code>
                  {` · ${durationWords({ preset, pace })}`}
                </span>
                <Button
                  size="compact-sm"
                  variant="default"
                  disabled={!isReady || isBusy}
                  aria-label={`Start: ${title}`}
                  onClick={() => attempt(() => actions.startExperiment(name))}
                >
                  Start
                </Button>
              </div>
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}

/** As timed on this machine with this model, once an experiment was; until then as on a CPU with the embedded model. */
function durationWords({
  preset,
  pace,
}: {
  readonly preset: Experiment;
  readonly pace: ExperimentsState['pace'];
}): string {
  if (pace) return `about ${aboutWords(durationOf(preset, pace))} here`;
  return preset.minutes === null
    ? 'not timed yet'
    : `about ${formatCount(preset.minutes)} min with mini-gpt on a CPU`;
}

interface RunListProps {
  readonly shown: string | null;
}

/** The runs that are kept in this browser; more come in as files, picked or dropped. */
export function RunList({ shown }: RunListProps) {
  const headers = useApp((state) => state.experiments.headers);
  const importFiles = useImport();
  const [isOver, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    importFiles([...event.dataTransfer.files]);
  };
  return (
    <section
      aria-label="Drop a run’s file here to import it"
      className={classes.drop}
      data-over={isOver || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <Panel
        title="Kept runs"
        aside={
          <FileButton onChange={importFiles} accept=".zip,.json" multiple>
            {(props) => (
              <Button {...props} size="compact-sm" variant="default" className={classes.aside ?? ''}>
                Import
              </Button>
            )}
          </FileButton>
        }
      >
        {headers.length === 0 ? (
          <p className={classes.empty}>
            None yet. Runs stay in this browser until you delete them. Drop an exported zip or a run.json here
            to read it back.
          </p>
        ) : (
          <ul className={classes.runs}>
            {headers.map((header) => (
              <li key={header.id}>
                <a
                  href={hashOf({ page: 'experiments', item: header.id })}
                  aria-current={header.id === shown ? 'true' : undefined}
                >
                  <span className={classes.runName}>{header.name}</span>
                  <span className={kit.dim}>{describe(header)}</span>
                </a>
              </li>
            ))}
          </ul>
        )}
      </Panel>
    </section>
  );
}

function describe({ status, started_at, units, points, repeats, environment, imported }: RunHeader): string {
  const when = new Date(started_at).toLocaleString('en', { dateStyle: 'medium', timeStyle: 'short' });
  const state =
    status.kind === 'finished'
      ? `${units} measured`
      : statusWords(status, { done: units, total: points * repeats });
  return [imported ? 'imported' : '', state, environment.adapter.name, when].filter(Boolean).join(' · ');
}

/** How far the experiment is that is under way, and its pause, resume and cancel. */
export function ActivePanel() {
  const active = useApp((state) => state.experiments.active);
  const header = useApp((state) => state.experiments.headers.find(({ id }) => id === active?.id) ?? null);
  const actions = useActions();
  const attempt = useAttempt();
  if (!active) return null;
  const { id, status, point, repeat, units, requests, remainingMs } = active;
  const within = requests.total > 0 ? Math.min(1, requests.done / requests.total) : 0;
  const isPaused = status === 'paused';
  // One that goes on from what it found plans the rest later.
  const preset = PRESETS.find(({ name }) => name === header?.experiment);
  const isStaged = preset?.next !== undefined;
  const expected = expectedUnits(preset, { planned: units.total, repeats: header?.repeats ?? 1 });
  const share = expected > 0 ? ((units.done + within) / expected) * 100 : 0;
  return (
    <section className={classes.active} aria-label="Experiment under way">
      <div className={classes.activeHead}>
        <p>
          <a href={hashOf({ page: 'experiments', item: id })}>{header?.name ?? 'Experiment'}</a>
          {isPaused ? ', paused' : status === 'pausing' ? ', pausing after this one' : ''}
        </p>
        <div className={kit.buttons}>
          {isPaused ? (
            <Button size="compact-sm" onClick={() => attempt(() => actions.resumeExperiment(id))}>
              Resume
            </Button>
          ) : (
            <Button
              size="compact-sm"
              variant="default"
              disabled={status === 'pausing'}
              onClick={() => attempt(actions.pauseExperiment)}
            >
              Pause
            </Button>
          )}
          <Button size="compact-sm" variant="default" onClick={() => attempt(actions.cancelExperiment)}>
            Cancel
          </Button>
        </div>
      </div>
      <Progress value={share} size="sm" aria-label="Progress of the experiment" />
      <p className={kit.dim}>
        {units.done} of {isStaged ? 'about ' : ''}
        {expected} measured
        {point === null || isPaused
          ? ''
          : ` · now ${point}, repeat ${repeat}: ${formatWhole(requests.done)} of ${formatWhole(requests.total)} requests`}
        {remainingMs === null || isPaused
          ? ''
          : ` · ${isStaged ? 'at least' : 'about'} ${formatDuration(remainingMs)} left`}
      </p>
    </section>
  );
}

interface ExperimentsPageProps {
  readonly id: string;
  /** The kept run that is looked at. */
  readonly runId: string | null;
}

/** What can be measured, what was, and one of them with its plots, which grow as it is measured. */
export function ExperimentsPage({ id, runId }: ExperimentsPageProps) {
  const activeId = useApp((state) => state.experiments.active?.id ?? null);
  // One that begins is looked at; after that one may look at another.
  useEffect(() => {
    if (activeId !== null) goTo({ page: 'experiments', item: activeId });
  }, [activeId]);
  const run = useOpenRun(runId);
  return (
    <main id={id} className={kit.page} tabIndex={-1}>
      <div className={classes.columns}>
        <div className={classes.side}>
          <RunList shown={runId} />
          <PresetList />
          <GridBuilder />
        </div>
        <div className={classes.content}>
          <ActivePanel />
          {run ? <RunView key={run.id} run={run} /> : <Nothing runId={runId} />}
        </div>
      </div>
    </main>
  );
}

function Nothing({ runId }: { readonly runId: string | null }) {
  const isKept = useApp((state) => state.experiments.headers.some(({ id }) => id === runId));
  const sentence =
    runId === null
      ? 'Start an experiment, or open one that is kept: its plots and figures appear here.'
      : isKept
        ? 'Reading it …'
        : 'There is no such experiment in this browser. Import its file, or open another.';
  return <p className={kit.nothing}>{sentence}</p>;
}
