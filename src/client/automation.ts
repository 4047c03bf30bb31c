import type { ServingConfig } from '../core/serving-config';
import type { BenchOptions, BenchResult } from '../experiments/bench';
import type { GenerateSampling, LoadConfig } from '../load/load-config';
import type { TraceInfo } from '../load/traces/trace-info';
import type { LiveSnapshot } from '../metrics/snapshot';
import type { BackendChoice, ServingInfo } from '../server/control';
import type { Generated, GeneratePrompt, TraceFile } from './load-control';

/**
 * `window.headway`: the page from a program's side. The command line, the end-to-end tests and anyone's console use
 * this and nothing else. Every method rejects with a sentence that says what was given and what is allowed.
 */
export interface HeadwayAutomation {
  /** Resolves when the model chosen last is served; rejects when it cannot be. */
  readonly ready: Promise<ServingInfo>;
  /** Serves another model or backend. Running requests finish first. */
  loadModel(choice: { readonly model?: string; readonly backend?: BackendChoice }): Promise<ServingInfo>;
  /** Changes any of the scheduler's and the load's parameters, live; returns all that are in force. */
  configure(changes: Partial<ServingConfig & LoadConfig>): Promise<ServingConfig & LoadConfig>;
  /** Reads what `trace` arrivals play from now on. Rejects with the number of the line and what is wrong with it. */
  setTrace(file: TraceFile): Promise<TraceInfo>;
  startLoad(): Promise<void>;
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
  /** The last four-a-second figures; null before the first. */
  snapshot(): LiveSnapshot | null;
  /** Counters and gauges in Prometheus' text format; empty before the first figures. */
  metrics(): string;
}

declare global {
  interface Window {
    headway: HeadwayAutomation;
  }
}
