import type { BackendChoice, ServingInfo } from './engine';
import type { BenchOptions, BenchResult, ExperimentRun, Wishes } from './experiment';
import type { LiveSnapshot } from './figures';
import type { GenerateSampling, LoadConfig } from './load-config';
import type { ServingConfig } from './serving-config';
import type { TraceInfo } from './trace';
import type { Generated, GeneratePrompt, TraceFile } from './traffic-control';

/**
 * `window.headway`: the page from a program's side. The command line, the end-to-end tests and anyone's console use
 * this and nothing else. Every method rejects with a sentence that says what was given and what is allowed.
 */
export interface HeadwayAutomation {
  /** Resolves when the model chosen last is served; rejects when it cannot be. */
  readonly ready: Promise<ServingInfo>;
  /** Serves another model or backend. Running requests finish first. */
  loadModel(choice: { readonly model?: string; readonly backend?: BackendChoice }): Promise<ServingInfo>;
  /** Changes any of the scheduler's and the load's parameters, live and all at once, or none; returns all that are set. */
  configure(changes: Partial<ServingConfig & LoadConfig>): Promise<ServingConfig & LoadConfig>;
  /** Reads what `trace` arrivals play from now on. Rejects with the number of the line and what is wrong with it. */
  setTrace(file: TraceFile): Promise<TraceInfo>;
  /** Starts the load, or lets a paused one go on. */
  startLoad(): Promise<void>;
  /** Nothing is sent until `resumeLoad`, which goes on where the load was; what was sent is answered. Rejects where none runs. */
  pauseLoad(): Promise<void>;
  resumeLoad(): Promise<void>;
  /** Sends so many requests at once, 1 to 10,000, on top of the load, or without one. */
  burst(count: number): Promise<void>;
  /** Resolves when everything that was sent has settled. */
  stopLoad(): Promise<void>;
  /** One configuration, measured with repeats. `onProgress` gets done and total requests. */
  runExperiment(
    options: BenchOptions,
    onProgress?: (progress: {
      readonly done: number;
      readonly total: number;
      readonly repeat: number;
    }) => void,
  ): Promise<BenchResult>;
  /**
   * What the model says to these prompts under the present schedule, in their order: greedily, unless `sampling` has a
   * temperature. Each prompt has a seed of its own, made of `sampling`'s and its place, unless it names one.
   */
  generate(
    prompts: readonly GeneratePrompt[],
    sampling?: Partial<GenerateSampling>,
  ): Promise<readonly Generated[]>;
  /**
   * A preset by name, or the content of a grid file, measured and kept; resolves when it has finished, or was paused,
   * cancelled or stopped by an error: its status says which.
   */
  runSweep(
    presetOrGrid: string | object,
    onProgress?: (progress: SweepProgress) => void,
    options?: SweepOptions,
  ): Promise<KeptRun>;
  /** Goes on with one that was paused, cancelled, or left when its page was closed. Refused where something else is served. */
  resumeRun(id: string, onProgress?: (progress: SweepProgress) => void): Promise<KeptRun>;
  /** All experiments that are kept, newest first. */
  runs(): readonly KeptRun[];
  /** Every file of a kept experiment: a text as it is, a picture as base64. */
  exportRun(id: string): Promise<readonly ExportedFile[]>;
  /** The last four-a-second figures; null before the first. */
  snapshot(): LiveSnapshot | null;
  /** Counters and gauges in Prometheus' text format; empty before the first figures. */
  metrics(): string;
}

export interface SweepProgress {
  /** What is being measured, and which repeat of it. */
  readonly point: string | null;
  readonly repeat: number;
  /** Repeats of points. */
  readonly units: { readonly done: number; readonly total: number };
  readonly requests: { readonly done: number; readonly total: number };
  /** ms; null until there is a pace to tell by. */
  readonly remainingMs: number | null;
}

export interface SweepOptions extends Wishes {
  /** Of the command line, for the record. */
  readonly arguments?: readonly string[];
}

/** A kept experiment without its records. */
export interface KeptRun extends Omit<ExperimentRun, 'points' | 'units'> {
  /** How many there are. */
  readonly points: number;
  readonly units: number;
}

export type ExportedFile = { readonly name: string } & (
  | { readonly text: string }
  | { readonly base64: string }
);

declare global {
  interface Window {
    headway: HeadwayAutomation;
  }
}
