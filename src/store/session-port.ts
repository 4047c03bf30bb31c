import type { LoadProgress, ModelChoice, ServingInfo } from '../core/engine';
import type { Sample, Slo } from '../core/figures';
import type { GenerateSampling, LoadConfig } from '../core/load-config';
import type { KeptModel, ModelAddress } from '../core/model';
import type { RequestId } from '../core/request';
import type { ServingConfig } from '../core/serving-config';
import type { SlotNews } from '../core/slots';
import type { TraceInfo, TracePreview } from '../core/trace';
import type {
  Generated,
  GeneratePrompt,
  InspectedModel,
  MeasuredRun,
  Measurement,
  TraceFile,
} from '../core/traffic-control';

/**
 * What the store needs of the two workers, and nothing else: the page gives it the real session, tests give it one that
 * lives in memory.
 */
export interface SessionPort {
  /** @throws HeadwayError when the model cannot be served; the session stays usable. */
  loadModel(choice: ModelChoice, onProgress: (progress: LoadProgress) => void): Promise<ServingInfo>;
  /** Ends the loading of a model: `loadModel` rejects with `load-cancelled`. */
  cancelLoad(): void;
  /** What a directory of the hub or of the visitor's disk holds; nothing is kept of it. */
  inspectModel(address: ModelAddress): Promise<InspectedModel>;
  keptModels(): Promise<readonly KeptModel[]>;
  removeKeptModel(model: Pick<KeptModel, 'name' | 'revision'>): Promise<void>;
  configure(changes: Partial<ServingConfig>): Promise<ServingConfig>;
  /** Starts the load, or changes it while it runs or is paused. @param paused whether one that is started begins in a pause */
  startLoad(config: LoadConfig, paused?: boolean): Promise<void>;
  /** The load holds still where it is; what was sent is answered. */
  pauseLoad(): Promise<void>;
  resumeLoad(): Promise<void>;
  /** So many requests at once, shaped by the configuration, beside the load. @throws HeadwayError `invalid-parameter` */
  burst(count: number, config: LoadConfig): Promise<void>;
  /** Resolves when everything that was sent has settled. */
  stopLoad(): Promise<void>;
  /** What `trace` arrivals play. @throws HeadwayError `invalid-trace`; the one before stays then */
  setTrace(file: TraceFile): Promise<TraceInfo>;
  previewTrace(load: LoadConfig, contextLength: number | null): Promise<TracePreview | null>;
  setSlo(slo: Slo): Promise<void>;
  /** What the slots do, several times a second; null when nobody looks any more. */
  watchSlots(onNews: ((news: SlotNews) => void) | null): Promise<void>;
  send(text: string): Promise<Sample>;
  /** Gives up what `send` sent. */
  cancel(id: RequestId): Promise<void>;
  generate(
    prompts: readonly GeneratePrompt[],
    sampling?: Partial<GenerateSampling>,
  ): Promise<readonly Generated[]>;
  /** One measured run; the live load must be stopped. */
  measure(run: MeasuredRun, onProgress: (done: number, total: number) => void): Promise<Measurement>;
  /** Ends the measured run under way, which then returns what had settled. */
  abortMeasure(): Promise<void>;
}
