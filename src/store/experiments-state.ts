import type { ExperimentRun, PlannedPoint, Wishes } from '../core/experiment';
import type { Pace } from '../experiments/estimate';
import type { Experiment } from '../experiments/experiment';
import type { ExportFile } from '../experiments/export';

/** Of a kept run, what a list shows without reading its records. */
export type RunHeader = Omit<ExperimentRun, 'units' | 'points'> & {
  readonly points: number;
  readonly units: number;
};

/** The one experiment that is under way or paused in this tab. */
export interface ActiveExperiment {
  readonly id: ExperimentRun['id'];
  readonly status: 'running' | 'pausing' | 'paused';
  /** What is being measured now. */
  readonly point: PlannedPoint['label'] | null;
  readonly repeat: number;
  readonly units: { readonly done: number; readonly total: number };
  /** Requests of the present unit. */
  readonly requests: { readonly done: number; readonly total: number };
  /** At the pace so far, ms; null until there is one. */
  readonly remainingMs: number | null;
}

export interface ExperimentsState {
  /** All that are kept, newest first. */
  readonly headers: readonly RunHeader[];
  readonly active: ActiveExperiment | null;
  /** What the model that is served takes here, as timed before the last experiment; null until then. */
  readonly pace: Pace | null;
  /** Those read with their records: what is looked at, compared, or growing. */
  readonly open: Readonly<Record<ExperimentRun['id'], ExperimentRun>>;
}

export const NO_EXPERIMENTS: ExperimentsState = { headers: [], active: null, pace: null, open: {} };

/** One plot of a run as a picture for print. */
export interface PlotPicture {
  /** File name with its ending: `p95_vs_batch.png`. */
  readonly name: string;
  /** What it shows, as a sentence: its title, and its words for those who cannot see it. */
  readonly title: string;
  readonly png: Uint8Array;
}

/** Draws every plot of a run by the page's own charts. Injected: the store knows no chart. Rejects when the browser cannot draw. */
export type DrawPlots = (run: ExperimentRun) => Promise<readonly PlotPicture[]>;

export interface StartOptions extends Wishes {
  /** Confirms that it may take longer than an hour. */
  readonly long?: boolean;
  /** Of the command line, for the record. */
  readonly arguments?: readonly string[];
}

/** What can be done with experiments. Those that throw say what was given and allowed. */
export interface ExperimentActions {
  /**
   * Begins a preset by name, or an experiment made of a grid file; resolves when it has finished, was paused or cancelled, or
   * has failed: its status says which. The live load is stopped, and put back afterwards.
   */
  startExperiment(experiment: string | Experiment, options?: StartOptions): Promise<ExperimentRun>;
  /** After the present unit. What is measured stays; `resumeExperiment` goes on, also after a reload of the page. */
  pauseExperiment(): Promise<void>;
  resumeExperiment(id: ExperimentRun['id']): Promise<ExperimentRun>;
  /** At once. What is measured stays. */
  cancelExperiment(): Promise<void>;
  /** Reads a kept run into `open`. */
  openRun(id: ExperimentRun['id']): Promise<ExperimentRun>;
  renameRun(id: ExperimentRun['id'], name: string): Promise<void>;
  deleteRun(id: ExperimentRun['id']): Promise<void>;
  /** Every file of a run: CSV, JSON, the plots' pictures and `report.html`. The page packs them, the command line writes them. */
  exportRun(id: ExperimentRun['id']): Promise<readonly ExportFile[]>;
  /** Keeps a run that came from a file, under a new id where the old one is taken. */
  importRun(run: ExperimentRun): Promise<ExperimentRun>;
}
