import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SweepOptions } from '../../src/core/commands';
import type { ExperimentRun } from '../../src/core/experiment';
import { SERVING_PARAMETERS } from '../../src/core/serving-config';
import { beginRun, type Experiment } from '../../src/experiments/experiment';
import { sweepFiles } from '../../src/experiments/export';
import { ExperimentRunner, type RunnerProgress } from '../../src/experiments/runner';
import type { Progress } from '../progress';
import { UsageError } from '../usage-error';
import { environmentOf, type Inputs, now, sentOf } from './bench-target';
import { withTarget } from './remote-session';
import type { TargetChoice } from './target-options';

/** @throws UsageError for an experiment that changes what is the server's own */
export function assertForTarget(experiment: Experiment): void {
  const own = experiment.axes.filter((name) => name in SERVING_PARAMETERS);
  if (own.length === 0) return;
  throw new UsageError(
    `${experiment.name} changes ${own.join(' and ')}, which a server behind --target decides itself; rate-sweep, or a --grid of traffic parameters, measures it.`,
  );
}

export interface SweepAsked extends Inputs {
  readonly experiment: Experiment;
  readonly wishes: SweepOptions;
  readonly libraries: Readonly<Record<string, string>>;
}

/**
 * An experiment, measured on another server from this process. Its texts are written after each unit, so that what ends
 * early leaves what it has. Plots are the page's: it draws them from `run.json`.
 */
export async function sweepTarget(
  target: TargetChoice,
  asked: SweepAsked,
  folder: string,
  progress: Progress,
): Promise<ExperimentRun> {
  const { experiment, wishes } = asked;
  return withTarget(target, sentOf(asked), progress, async (session) => {
    const environment = environmentOf(session, wishes.arguments ?? [], asked.libraries);
    const id = `${experiment.name}-${Date.now().toString(36)}`;
    const run = beginRun(experiment, environment, { id, now: now() }, wishes);
    const runner = new ExperimentRunner(experiment, run, {
      now,
      configure: async (config) => config,
      measure: session.measure,
      abort: async () => session.abort(),
      keep: async (state, unit) => {
        if (unit || state.status.kind !== 'running') write(folder, state);
      },
      onProgress: (of) => progress.show(lineOf(of)),
    });
    const measured = await runner.go();
    progress.end();
    return measured;
  });
}

function write(folder: string, run: ExperimentRun): void {
  for (const { name, content } of sweepFiles(run)) writeFileSync(join(folder, name), content);
}

function lineOf({ run, point, repeat, done, total, remainingMs }: RunnerProgress): string {
  const left = remainingMs === null ? '' : `, about ${Math.ceil(remainingMs / 1000)} s left`;
  const units = run.points.length * run.repeats;
  return `${run.units.length} of ${units} measured${left}; ${point.label}, repeat ${repeat}: ${done} of ${total} requests`;
}
