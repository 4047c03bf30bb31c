import type { ExperimentRun } from '../core/experiment';
import { batchSweepCsv, runRequestsCsv } from './files';
import { conclusionsOf } from './presets';
import { repeatCommand } from './repeat';
import { reportHtml } from './report';

/** A file of an export: a text, or the bytes of a picture. */
export interface ExportFile {
  readonly name: string;
  readonly content: string | Uint8Array;
}

interface TextFile extends ExportFile {
  readonly content: string;
}

/** Every text of a run's export; `run.json` is the run itself, which can be read back. */
export const sweepFiles = (run: ExperimentRun): readonly TextFile[] => [
  { name: 'batch_sweep.csv', content: batchSweepCsv(run) },
  { name: 'requests.csv', content: runRequestsCsv(run) },
  { name: 'manifest.json', content: json(runManifest(run)) },
  { name: 'checks.json', content: json(checksOf(run)) },
  { name: 'run.json', content: `${JSON.stringify(run)}\n` },
  ...gridFile(run),
  { name: 'report.html', content: reportHtml(run) },
];

/** For the command that measures the run again, where it reads one. */
function gridFile(run: ExperimentRun): readonly TextFile[] {
  const { grid } = repeatCommand(run);
  return grid === null ? [] : [{ name: 'grid.json', content: json(grid) }];
}

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

/** The lab's four checks where the run is its sweep, and what else was found. */
const checksOf = (run: ExperimentRun) => ({
  experiment: run.experiment,
  status: run.status,
  ...conclusionsOf(run),
  ended_early: run.units
    .filter(({ ended_early }) => ended_early !== null)
    .map(({ point, repeat, ended_early }) => ({ setting: point, repeat, reason: ended_early })),
});

/** Enough to run it again: what it ran on, every argument, and each point with all of its parameters. */
function runManifest(run: ExperimentRun) {
  const { environment, experiment, name, status, seed, repeats, axes, points, units } = run;
  return {
    experiment,
    name,
    status,
    ...environment,
    seed,
    repeats,
    axes,
    points,
    order: units.map((unit) => ({
      setting: unit.point,
      repeat: unit.repeat,
      started_at: unit.started_at,
      finished_at: unit.finished_at,
      warmup_requests: unit.warmup_requests,
      clipped: unit.clipped,
      ended_early: unit.ended_early,
      disturbed: unit.disturbed ?? [],
    })),
    started_at: run.started_at,
    finished_at: run.finished_at,
  };
}
