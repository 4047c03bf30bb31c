import * as v from 'valibot';
import type { Calibration, FittedTwin } from './calibration';
import { BACKENDS, type BackendChoice, type ServingInfo } from './engine';
import { HeadwayError } from './errors';
import type {
  BenchOptions,
  BenchProgress,
  BenchResult,
  ExperimentRun,
  MeasuredRun,
  Measurement,
  Wishes,
} from './experiment';
import type { FirstSnapshot, LiveSnapshot, Sample, Slo } from './figures';
import type { GenerateSampling, LoadConfig, TraceUnit } from './load-config';
import type { KeptModel, ModelAddress } from './model';
import type { RequestId } from './request';
import type { ServingConfig } from './serving-config';
import type { SlotNews } from './slots';
import type { LoadedTrace, TraceInfo, TracePreview } from './trace';
import type { WasmThreads } from './wasm-threads';

/**
 * One thing that can be asked for. An entry of the tables below is the only declaration of a command: its name, its
 * arguments with the schemas that they are checked by where they come from outside, and its result. The page's actions,
 * the session, the traffic worker and `window.headway` have their types and their plumbing from the tables.
 */
export interface Command<Run extends AnyRun = AnyRun> {
  readonly args: readonly v.GenericSchema[];
  /** A worker that takes a failed one's place is given the last call of it again. */
  readonly kept: boolean;
  /** Carries the command's type; it has no value. */
  readonly run?: Run;
}

type AnyRun = (...args: never[]) => unknown;
type Table = Readonly<Record<string, Command>>;
type RunOf<Entry extends Command> = NonNullable<Entry['run']>;
/** One for each argument, in order. */
type Schemas<Args extends readonly unknown[]> = { readonly [I in keyof Required<Args>]: v.GenericSchema };

/** A table's commands as functions. */
export type Commands<Entries extends Table> = {
  readonly [Name in keyof Entries]: (
    ...args: Parameters<RunOf<Entries[Name]>>
  ) => Promise<ReturnType<RunOf<Entries[Name]>>>;
};

/** The same as their implementation has them, which may answer at once. */
export type Implementation<Entries extends Table> = {
  readonly [Name in keyof Entries]: (
    ...args: Parameters<RunOf<Entries[Name]>>
  ) => ReturnType<RunOf<Entries[Name]>> | Promise<ReturnType<RunOf<Entries[Name]>>>;
};

/** Every command of a table, made of one function that runs any of them. */
export function commandsOf<Entries extends Table>(
  table: Entries,
  run: (name: keyof Entries & string, args: readonly unknown[]) => Promise<unknown>,
): Commands<Entries> {
  const entries = Object.keys(table).map((name) => [name, (...args: unknown[]) => run(name, args)]);
  return Object.fromEntries(entries) as Commands<Entries>;
}

/** @throws HeadwayError `invalid-request`, naming the command, the argument, what was given and what is allowed */
export function checkArguments(table: Table, name: string, args: readonly unknown[]): void {
  const schemas: readonly v.GenericSchema[] = table[name]?.args ?? [];
  schemas.forEach((schema, index) => {
    const { issues } = v.safeParse(schema, args[index]);
    const [issue] = issues ?? [];
    if (!issue) return;
    const place = v.getDotPath(issue);
    throw new HeadwayError(
      'invalid-request',
      `${name}: argument ${index + 1}${place ? `, ${place}` : ''}: ${issue.message}; given: ${issue.received}.`,
    );
  });
  if (args.length <= schemas.length) return;
  throw new HeadwayError(
    'invalid-request',
    `${name} takes at most ${schemas.length} arguments; given: ${args.length}.`,
  );
}

const command = <Run extends AnyRun>(...args: Schemas<Parameters<Run>>): Command<Run> => ({
  args,
  kept: false,
});

const keptCommand = <Run extends AnyRun>(...args: Schemas<Parameters<Run>>): Command<Run> => ({
  args,
  kept: true,
});

/** A value whose parts are checked by the command itself, by the parameter tables or by a reader of files. */
const object = v.custom<object>(
  (value) => typeof value === 'object' && value !== null,
  'It must be an object',
);
const list = v.custom<readonly unknown[]>(Array.isArray, 'It must be a list');
const text = v.string('It must be a text');
const number = v.number('It must be a number');
const listener = v.custom<() => void>((value) => typeof value === 'function', 'It must be a function');

/**
 * What the page asks of the traffic worker, which holds the synthetic clients and the tokenizer, sends requests to the
 * serving engine, and folds all of its events. Implemented in `session/traffic-worker`.
 */
export const TRAFFIC_COMMANDS = {
  /**
   * What a directory of the hub or of the visitor's disk holds and what stands in its way. Nothing large is read, and
   * nothing is kept.
   * @throws HeadwayError `model-file-missing`, `download-stopped`, `model-unsupported` where it cannot even be listed
   */
  inspect: command<(address: ModelAddress) => InspectedModel>(object),
  /** Models of the hub that this browser keeps. @throws HeadwayError `storage-failed` */
  keptModels: command<() => readonly KeptModel[]>(),
  /** @throws HeadwayError `storage-failed` */
  removeKeptModel: command<(model: Pick<KeptModel, 'name' | 'revision'>) => void>(object),
  /**
   * Starts or changes the load; what is under way goes on, and a paused load stays paused. `paused`: whether a load that is
   * started begins in a pause. @throws HeadwayError `invalid-parameter`, `invalid-state`
   */
  start: command<(config: LoadConfig, paused?: boolean) => void>(object, v.optional(v.boolean())),
  /** The load sends nothing until `resume`, and its arrivals' clock stands still; what is under way is answered. */
  pause: command<() => void>(),
  /** The load goes on where it was paused. */
  resume: command<() => void>(),
  /**
   * Sends so many requests at once, shaped by the configuration, on top of what the load sends, if any.
   * @throws HeadwayError `invalid-parameter`, `invalid-state`
   */
  burst: command<(count: number, config: LoadConfig) => void>(number, object),
  /** Sends nothing more. Resolves when all that was sent has settled. */
  stop: command<() => void>(),
  /**
   * Reads what `trace` arrivals play from now on; until there is one, they send nothing. Read in pieces: what runs goes on.
   * @throws HeadwayError `invalid-trace` with the number of the line and what is wrong with it; the trace before stays then
   */
  setTrace: keptCommand<(file: TraceFile | LoadedTrace) => TraceInfo>(object),
  /**
   * Reads a data set, which the traffic sends from now on instead of the model's own prompts; null goes back to those.
   * Resolves with how many of its prompts fit the context of the model that is served, or with null.
   * @throws HeadwayError `invalid-request` with the place and what is wrong with it; `prompt-too-long` when none fits
   */
  setPrompts: keptCommand<(file: TraceFile | null) => DataSetInfo | null>(v.nullable(object)),
  /** What would be sent of the trace with this load to a model of such a context, null for none; null without a trace. */
  previewTrace: command<(load: LoadConfig, contextLength: number | null) => TracePreview | null>(
    object,
    v.nullable(number),
  ),
  /** What a twin of the engine is made of, from all that was seen of this model so far; null while that is too little. */
  twin: command<() => FittedTwin | null>(),
  setSlo: keptCommand<(slo: Slo) => void>(object),
  /**
   * What the slots do from now on, eight times a second; updates are skipped while the previous one is processed. It costs
   * a little at each event, so it is for a picture that is shown; null ends it.
   */
  watchSlots: keptCommand<(onNews: ((news: SlotNews) => void) | null) => void>(v.nullable(listener)),
  /** Sends the visitor's own sentence through the queue, beside the load. Its progress comes as samples with `own`. @throws HeadwayError `invalid-request`, `prompt-too-long` */
  send: command<(text: string) => Sample>(text),
  /** Gives up what `send` sent; it settles as cancelled unless it has just ended. */
  cancel: command<(id: RequestId) => void>(number),
  /**
   * Sends all prompts at once and returns what the model wrote, in their order. Greedy unless `sampling` has a temperature.
   * @throws HeadwayError `invalid-request` for an empty list, `invalid-parameter`, `prompt-too-long`: nothing was sent then
   */
  generate: command<
    (prompts: readonly GeneratePrompt[], sampling?: Partial<GenerateSampling>) => readonly Generated[]
  >(list, v.optional(object)),
  /**
   * One measured run: exactly `requests` requests, or all that fall into `durationS`; then drains. Live load must be
   * stopped. `onProgress` gets requests done and expected, four times a second.
   * @throws HeadwayError `invalid-parameter`, `invalid-state`
   */
  measure: command<(run: MeasuredRun, onProgress?: (done: number, total: number) => void) => Measurement>(
    object,
    v.optional(listener),
  ),
  /**
   * Answers requests that come over the WebSocket at this address, beside the page's own traffic, for `headway serve`.
   * Resolves when it is open. @throws HeadwayError `invalid-state` when it cannot be opened
   */
  attach: keptCommand<(url: string) => void>(text),
  /** Ends a `measure` early; what it had measured is returned by it. */
  abortMeasure: command<() => void>(),
} as const;

/**
 * `window.headway`: the page from a program's side, and the same actions for the page's own controls. Every one rejects with
 * a sentence that says what was given and what is allowed. Implemented in `store`.
 */
export const PAGE_COMMANDS = {
  /** Serves another model or backend. Running requests finish first. @throws HeadwayError when it cannot be served */
  loadModel: command<(choice: ModelWish) => ServingInfo>(
    v.strictObject({
      model: v.optional(text),
      backend: v.optional(v.picklist(BACKENDS)),
      wasmThreads: v.optional(v.union([v.literal('auto'), v.pipe(v.number(), v.integer(), v.minValue(1))])),
    }),
  ),
  /**
   * Changes any of the scheduler's and the load's parameters, live and all at once, or none. Returns all that are in force.
   * @throws HeadwayError with the serving worker's refusal; nothing has changed then
   */
  configure: command<(changes: Partial<ServingConfig & LoadConfig>) => ServingConfig & LoadConfig>(object),
  /**
   * Reads what `trace` arrivals play from now on, or takes what was read already.
   * @throws HeadwayError `invalid-trace`; the one before stays in force
   */
  setTrace: command<(file: TraceFile | LoadedTrace) => TraceInfo>(object),
  /** A data set that the traffic sends; null for the model's own prompts. @throws HeadwayError `invalid-request`, `prompt-too-long` */
  setPrompts: command<(file: TraceFile | null) => DataSetInfo | null>(v.nullable(object)),
  /** Answers requests that come over the WebSocket at this address, for `headway serve`. @throws HeadwayError `invalid-state` */
  attach: command<(url: string) => void>(text),
  /** Starts the load, or lets a paused one go on. */
  startLoad: command<() => void>(),
  /**
   * Nothing is sent until `resumeLoad`; what was sent is answered. A measurement or another model ends a paused load.
   * @throws HeadwayError `invalid-state` where none runs
   */
  pauseLoad: command<() => void>(),
  /** Goes on where the load was paused, without what would have come meanwhile. @throws HeadwayError `invalid-state` where none is */
  resumeLoad: command<() => void>(),
  /** Sends so many requests at once, 1 to 10,000, on top of the load, or without one. */
  burst: command<(count: number) => void>(number),
  /** Resolves when everything that was sent has settled. */
  stopLoad: command<() => void>(),
  /** One configuration, measured with repeats. Settings and load are put back afterwards. */
  runExperiment: command<
    (options: BenchOptions, onProgress?: (progress: BenchProgress) => void) => BenchResult
  >(object, v.optional(listener)),
  /**
   * What the model says to these prompts under the present schedule, in their order: greedily, unless `sampling` has a
   * temperature. Each prompt has a seed of its own, made of `sampling`'s and its place, unless it names one.
   */
  generate: command<
    (prompts: readonly GeneratePrompt[], sampling?: Partial<GenerateSampling>) => readonly Generated[]
  >(list, v.optional(object)),
  /**
   * A preset by name, or the content of a grid file, measured and kept; resolves when it has finished, or was paused,
   * cancelled or stopped by an error: its status says which.
   */
  runSweep: command<
    (
      presetOrGrid: string | object,
      onProgress?: (progress: SweepProgress) => void,
      options?: SweepOptions,
    ) => KeptRun
  >(v.union([text, object], 'It must be a name or an object'), v.optional(listener), v.optional(object)),
  /** Goes on with one that was paused, cancelled, or left when its page was closed. Refused where something else is served. */
  resumeRun: command<(id: string, onProgress?: (progress: SweepProgress) => void) => KeptRun>(
    text,
    v.optional(listener),
  ),
  /** Every file of a kept experiment: a text as it is, a picture as base64. */
  exportRun: command<(id: string) => readonly ExportedFile[]>(text),
  /** Keeps an experiment that was made elsewhere, as reading its file does. */
  importRun: command<(run: ExperimentRun) => KeptRun>(object),
  /** The twin of what is served now, fitted to all steps so far; null while they are too few. */
  calibration: command<() => Calibration | null>(),
} as const;

/** What the page can be asked for, and what can be read of it at any time. */
export interface HeadwayAutomation extends Commands<typeof PAGE_COMMANDS> {
  /** Resolves when the model chosen last is served; rejects when it cannot be. */
  readonly ready: Promise<ServingInfo>;
  /** All experiments that are kept, newest first. */
  runs(): readonly KeptRun[];
  /** The last four-a-second figures; null before the first. */
  snapshot(): FirstSnapshot | null;
  /** Counters and gauges in Prometheus' text format; empty before the first figures. */
  metrics(): string;
}

/** The traffic worker as the page's session has it. */
export type Traffic = Commands<typeof TRAFFIC_COMMANDS>;

/** The traffic worker's whole control: its commands, and what joins it to a serving worker. */
export interface TrafficControl extends Implementation<typeof TRAFFIC_COMMANDS> {
  /** Takes the client's end of a channel to a (new) serving worker. What was in flight on the old one fails. */
  connect(port: MessagePort): void;
  /** The serving worker is gone: what was in flight fails, and so does what is sent until the next `connect`. @param reason a sentence */
  disconnect(reason: string): void;
  /**
   * Reads tokenizer and prompts of a model directory. Returns a remark on the prompts, as a sentence, or null.
   * @throws HeadwayError `model-file-missing`, `model-file-damaged`, `download-stopped`, `storage-failed`
   */
  prepare(model: PreparedModel): Promise<string | null>;
  /** Four updates a second for as long as the worker lives; updates are skipped while the previous one is processed. */
  subscribe(onUpdate: (update: TrafficUpdate) => void): void;
}

export interface ModelWish {
  readonly model?: string;
  readonly backend?: BackendChoice;
  readonly wasmThreads?: WasmThreads;
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
  /** Sets `traceUnit` with it. */
  readonly unit?: TraceUnit;
}

/** A data set as it was read. */
export interface DataSetInfo {
  readonly name: string;
  readonly format: string;
  readonly prompts: number;
  /** Of them, too long for the context of the model that is served; they are left out. */
  readonly tooLong: number;
}

export interface TrafficUpdate {
  readonly snapshot: LiveSnapshot;
  /** New or changed since the last update, newest last; at most a few. */
  readonly samples: readonly Sample[];
}

/** A turn of a conversation, as OpenAI's and the hub's chat models take it. */
export interface ChatMessage {
  readonly role: string;
  readonly content: string;
}

/** Either a prompt or messages. */
export interface GeneratePrompt {
  readonly id: string;
  /** A text. A chat model gets it as what its user says, unless its chat template is off. */
  readonly prompt?: string;
  /** A conversation, which needs a chat model. */
  readonly messages?: readonly ChatMessage[];
  readonly max_new_tokens?: number;
  /** Of its draws, 32 bits; else one made of the seed of all and the prompt's place. Greedy answers have no use for it. */
  readonly seed?: number;
}

export interface Generated {
  readonly id: string;
  readonly prompt_tokens: number;
  /** Where the chat template is from that made the prompt, such as `chat_template.jinja`; null where none did. */
  readonly chat_template: string | null;
  readonly tokens: readonly number[];
  readonly text: string;
  readonly finish_reason: 'stop' | 'length' | 'rejected' | 'expired' | 'cancelled' | 'failed';
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
  /** Confirms that it may take longer than an hour; else one that would is refused, with what would fit. */
  readonly long?: boolean;
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
