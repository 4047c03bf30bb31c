import type { MeasuredRun, Measurement } from './experiment';
import type { LiveSnapshot, Sample, Slo } from './figures';
import type { GenerateSampling, LoadConfig } from './load-config';
import type { KeptModel, ModelAddress } from './model';
import type { RequestId } from './request';
import type { SlotNews } from './slots';
import type { TraceInfo, TracePreview } from './trace';

export type { MeasuredRun, Measurement };

/**
 * What the page asks of the load worker (Comlink). The worker holds the synthetic clients and the tokenizer, talks to
 * the serving worker over its own MessagePort, and folds all events; the page only sees summaries, four a second.
 */
export interface LoadControl {
  /** Takes the client's end of a channel to a (new) serving worker. What was in flight on the old one fails. */
  connect(port: MessagePort): void;
  /** The serving worker is gone: what was in flight fails, and so does what is sent until the next `connect`. @param reason a sentence */
  disconnect(reason: string): void;
  /**
   * Reads tokenizer and prompts of a model directory. Returns what somebody should know of the prompts, as a sentence.
   * @throws HeadwayError `model-file-missing`, `model-file-damaged`, `download-stopped`, `storage-failed`
   */
  prepare(model: PreparedModel): Promise<string | null>;
  /**
   * What a directory of the hub or of the visitor's disk holds and what stands in its way. Nothing large is read, and
   * nothing is kept.
   * @throws HeadwayError `model-file-missing`, `download-stopped`, `model-unsupported` where it cannot even be listed
   */
  inspect(address: ModelAddress): Promise<InspectedModel>;
  /** Models of the hub that this browser keeps. @throws HeadwayError `storage-failed` */
  keptModels(): Promise<readonly KeptModel[]>;
  /** @throws HeadwayError `storage-failed` */
  removeKeptModel(model: Pick<KeptModel, 'name' | 'revision'>): Promise<void>;
  /**
   * Starts or changes the load; what is under way goes on, and a paused load stays paused. @param paused whether one that is
   * started begins in a pause @throws HeadwayError `invalid-parameter`, `invalid-state`
   */
  start(config: LoadConfig, paused?: boolean): void;
  /** The load sends nothing until `resume`, and its arrivals' clock stands still; what is under way is answered. */
  pause(): void;
  /** The load goes on where it was paused. */
  resume(): void;
  /**
   * Sends so many requests at once, shaped by the configuration, on top of what the load sends, if any.
   * @throws HeadwayError `invalid-parameter`, `invalid-state`
   */
  burst(count: number, config: LoadConfig): void;
  /** Sends nothing more. Resolves when all that was sent has settled. */
  stop(): Promise<void>;
  /**
   * Reads what `trace` arrivals play from now on; until there is one, they send nothing. Read in pieces: what runs goes on.
   * @throws HeadwayError `invalid-trace` with the number of the line and what is wrong with it; the trace before stays then
   */
  setTrace(file: TraceFile): Promise<TraceInfo>;
  /** What would be sent of the trace with this load to a model of such a context, null for none; null without a trace. */
  previewTrace(load: LoadConfig, contextLength: number | null): TracePreview | null;
  setSlo(slo: Slo): void;
  /** Four a second for as long as the worker lives, also when nothing runs; fewer to one who is still busy with the last. */
  subscribe(onUpdate: (update: LoadUpdate) => void): void;
  /**
   * What the slots do from now on, eight times a second; fewer to one who is still busy with the last. It costs a little at
   * each event, so it is for somebody who looks; null when nobody does any more.
   */
  watchSlots(onNews: ((news: SlotNews) => void) | null): void;
  /** Sends the visitor's own sentence through the queue, beside the load. Its progress comes as samples with `own`. @throws HeadwayError `invalid-request`, `prompt-too-long` */
  send(text: string): Promise<Sample>;
  /** The visitor's own request is given up; it settles as cancelled unless it has just ended. */
  cancel(id: RequestId): void;
  /**
   * Sends all prompts at once and returns what the model wrote, in their order. Greedy unless `sampling` has a temperature.
   * @throws HeadwayError `invalid-request` for an empty list, `invalid-parameter`, `prompt-too-long`: nothing was sent then
   */
  generate(
    prompts: readonly GeneratePrompt[],
    sampling?: Partial<GenerateSampling>,
  ): Promise<readonly Generated[]>;
  /**
   * One measured run: exactly `requests` requests, or all that fall into `durationS`; then drains. Live load must be
   * stopped. `onProgress` gets requests done and expected, four times a second.
   * @throws HeadwayError `invalid-parameter`, `invalid-state`
   */
  measure(run: MeasuredRun, onProgress?: (done: number, total: number) => void): Promise<Measurement>;
  /** Ends a `measure` early; what it had measured is returned by it. */
  abortMeasure(): void;
}

export interface PreparedModel extends ModelAddress {
  readonly contextLength: number;
}

/** A directory before it is loaded. */
export interface InspectedModel {
  /** The .onnx files that there are, each with the weights beside it. */
  readonly files: readonly { readonly path: string; readonly bytes: number; readonly says: string }[];
  /** Tokens of a sequence: what the model allows. Null where it does not say. */
  readonly ownContext: number | null;
  /** Bytes of cache for a token of a sequence where it is kept in 32 bits; half of it in files that compute in 16. */
  readonly cachePerToken: number | null;
  /** All that stands in the way, a sentence each, whatever computes. */
  readonly obstacles: readonly string[];
}

/** A recorded load as CSV or JSON lines; docs/measurement.md names the columns. */
export interface TraceFile {
  readonly name: string;
  /** A `File` is a `Blob`. */
  readonly content: Blob | Uint8Array<ArrayBuffer> | string;
}

export interface LoadUpdate {
  readonly snapshot: LiveSnapshot;
  /** New or changed since the last update, newest last; at most a few. */
  readonly samples: readonly Sample[];
}

export interface GeneratePrompt {
  readonly id: string;
  readonly prompt: string;
  readonly max_new_tokens?: number;
  /** Of its draws, 32 bits; else one made of the seed of all and the prompt's place. Greedy answers have no use for it. */
  readonly seed?: number;
}

export interface Generated {
  readonly id: string;
  readonly prompt_tokens: number;
  readonly tokens: readonly number[];
  readonly text: string;
  readonly finish_reason: 'stop' | 'length' | 'rejected' | 'expired' | 'cancelled' | 'failed';
}
