import type { FittedTwin } from '../../core/calibration';
import type { Clock } from '../../core/clock';
import type {
  DataSetInfo,
  Generated,
  GeneratePrompt,
  InspectedModel,
  PreparedModel,
  TraceFile,
  TrafficControl,
  TrafficUpdate,
} from '../../core/commands';
import { HeadwayError } from '../../core/errors';
import type { ServingEvent } from '../../core/events';
import type { MeasuredRun, Measurement } from '../../core/experiment';
import type { Sample, Slo } from '../../core/figures';
import {
  changeLoadConfig,
  DEFAULT_LOAD_CONFIG,
  type GenerateSampling,
  type LoadConfig,
} from '../../core/load-config';
import type { KeptModel, ModelAddress } from '../../core/model';
import type { RequestId } from '../../core/request';
import type { SlotNews } from '../../core/slots';
import type { Lengths, LoadedTrace, TraceInfo, TracePreview } from '../../core/trace';
import { LiveMetrics } from '../../metrics/live-metrics';
import type { RunRecorder } from '../../metrics/run-recorder';
import { keptModels, removeKeptModel } from '../../model/directory/opfs-shelf';
import type { Fetch } from '../../model/model-file';
import { TwinFit } from '../../simulator/twin-fit';
import { Bursts } from '../../traffic/bursts';
import { type DataSet, readDataSet } from '../../traffic/data-set';
import type { Submission } from '../../traffic/load-generator';
import { requestSeeds } from '../../traffic/request-seeds';
import { createRng } from '../../traffic/rng';
import { type Activity, assertNotMeasuring, clientsOf, ownSampling, sameConfig, sourceOf } from './activity';
import { Answers } from './answers';
import { generatedOf, ownPrompt, ownRequest, requestsFor } from './generate';
import { Generators } from './generators';
import { inspectModel } from './inspect-model';
import { Listener } from './listener';
import { measureRun } from './measure-run';
import { assertFits, type Phrasebook, readPhrasebook, withTexts } from './phrasebook';
import { Samples } from './samples';
import { openSocket, ServedRequests } from './served-requests';
import { ServerLink } from './server-link';
import { SlotWatch } from './slot-watch';
import { TraceShelf } from './trace-shelf';

/** The traffic worker without its realm: `TrafficControl` over an injected clock. Call `update` four times a second, `tellSlots` eight. */
export class TrafficSession implements TrafficControl {
  readonly #clock: Clock;
  readonly #fetch: Fetch | undefined;
  readonly #link: ServerLink;
  readonly #live: LiveMetrics;
  readonly #traces: TraceShelf;
  readonly #answers = new Answers();
  readonly #samples = new Samples(this.#answers);
  readonly #slots = new SlotWatch();
  readonly #bursts: Bursts;
  readonly #generators: Generators;
  #activity: Activity = { kind: 'idle' };
  #recorder: RunRecorder | null = null;
  /** The served model's, with its own prompts; and the one in force, which has those of the data set, if there is one. */
  #own: Phrasebook | null = null;
  #book: Phrasebook | null = null;
  #dataSet: DataSet | null = null;
  #twin = new TwinFit([]);
  #listener: Listener<TrafficUpdate> | null = null;
  #served: ServedRequests | null = null;
  #ids = 0;

  constructor(clock: Clock, fetchFile?: Fetch) {
    this.#clock = clock;
    this.#fetch = fetchFile;
    this.#live = new LiveMetrics(clock.now());
    this.#traces = new TraceShelf(clock);
    this.#link = new ServerLink(clock, (events) => this.#fold(events));
    const abandon = (id: RequestId) => this.cancel(id);
    this.#generators = new Generators({ clock, trace: () => this.#traces.trace, abandon });
    this.#bursts = new Bursts({
      clock,
      nextId: () => this.#nextId(),
      send: (submission) => this.#send(submission),
      abandon,
    });
  }

  connect(port: MessagePort): void {
    this.#live.serverChanged();
    this.#link.connect(port);
  }

  disconnect(reason: string): void {
    this.#link.disconnect(reason);
  }

  async prepare(model: PreparedModel): Promise<string | null> {
    this.#own = await readPhrasebook(model, this.#fetch);
    const dataSet = this.#dataSet;
    this.#say(dataSet ? withTexts(this.#own, dataSet) : this.#own);
    return dataSet ? `The load sends the prompts of ${dataSet.name}.` : this.#own.note;
  }

  async setPrompts(file: TraceFile | null): Promise<DataSetInfo | null> {
    const dataSet = file && readDataSet(file.name, await new Blob([file.content]).text());
    const book = dataSet && this.#own ? withTexts(this.#own, dataSet) : this.#own;
    this.#dataSet = dataSet;
    if (book) this.#say(book);
    if (!dataSet) return null;
    const { name, format, texts } = dataSet;
    const fitting = book?.workload.prompts.length ?? texts.length;
    return { name, format, prompts: texts.length, tooLong: texts.length - fitting };
  }

  /** What is said to the model from now on. */
  #say(book: Phrasebook): void {
    this.#book = book;
    this.#twin = new TwinFit(book.workload.prompts);
    if (this.#activity.kind === 'load') this.#activity.source = sourceOf(book, this.#activity.config);
  }

  inspect(address: ModelAddress): Promise<InspectedModel> {
    return inspectModel(address);
  }

  keptModels(): Promise<readonly KeptModel[]> {
    return keptModels();
  }

  removeKeptModel(model: Pick<KeptModel, 'name' | 'revision'>): Promise<void> {
    return removeKeptModel(model);
  }

  start(config: LoadConfig, beginPaused = false): void {
    const checked = changeLoadConfig(DEFAULT_LOAD_CONFIG, config);
    const book = this.#mustServe();
    assertFits(checked, book);
    assertNotMeasuring(this.#activity);
    const activity = this.#activity;
    if (activity.kind === 'load' && activity.config.seed === checked.seed) {
      if (sameConfig(activity.config, checked)) return;
      activity.config = checked;
      activity.generator.change(checked, this.#traces.trace);
      this.#live.settingChanged(this.#clock.now());
      this.#become(activity);
      return;
    }
    const paused = activity.kind === 'load' ? activity.generator.paused : beginPaused;
    if (activity.kind === 'load') activity.generator.stop();
    this.#live.loadStarted(this.#clock.now());
    this.#bursts.loadStarted();
    const load = { kind: 'load' as const, config: checked, source: sourceOf(book, checked) };
    const next = (lengths: Lengths | null) => load.source.next(this.#nextId(), load.config, lengths);
    const send = (submission: Submission) => this.#send(submission);
    const generator = this.#generators.start({ config: checked, limit: 'none', next, send, paused });
    const nextOwnSeed = requestSeeds(createRng(checked.seed).fork('own sentences'));
    this.#become(Object.assign(load, { generator, nextOwnSeed }));
  }

  pause(): void {
    if (this.#activity.kind === 'load') this.#activity.generator.pause();
    this.#become(this.#activity);
  }

  resume(): void {
    if (this.#activity.kind === 'load') this.#activity.generator.resume();
    this.#become(this.#activity);
  }

  burst(count: number, config: LoadConfig): void {
    const book = this.#mustServe();
    const { workload } = book;
    assertFits(config, book);
    assertNotMeasuring(this.#activity);
    this.#bursts.send(count, changeLoadConfig(DEFAULT_LOAD_CONFIG, config), workload, this.#traces.trace);
  }

  /** Ends when all that was sent has settled and the subscriber knows. */
  async stop(): Promise<void> {
    if (this.#activity.kind === 'load') {
      this.#activity.generator.stop();
      this.#become({ kind: 'idle' });
    }
    await Promise.all([this.#link.idle(), this.#generators.done()]);
    await this.#listener?.reach(() => this.#news());
  }

  async setTrace(file: TraceFile | LoadedTrace): Promise<TraceInfo> {
    const info = await this.#traces.read(file);
    if (this.#activity.kind === 'load') {
      const { generator, config } = this.#activity;
      generator.change(config, this.#traces.trace);
      if (config.arrival === 'trace') this.#live.settingChanged(this.#clock.now());
    }
    return info;
  }

  async attach(url: string): Promise<void> {
    const socket = await openSocket(url);
    this.#served = new ServedRequests(socket, {
      book: () => this.#mustServe(),
      nextId: () => this.#nextId(),
      submit: (request) => {
        const now = this.#clock.now();
        this.#submit({ request, scheduled: now, sent: now });
      },
      cancel: (ids) => this.#link.cancel(ids),
    });
  }

  previewTrace(load: LoadConfig, contextLength: number | null): TracePreview | null {
    return this.#traces.preview(load, contextLength);
  }

  twin(): FittedTwin | null {
    return this.#twin.fitted();
  }

  setSlo(slo: Slo): void {
    this.#live.setSlo(slo, this.#clock.now());
  }

  subscribe(onUpdate: (update: TrafficUpdate) => void): void {
    this.#listener = new Listener(onUpdate);
  }

  watchSlots(onNews: ((news: SlotNews) => void) | null): void {
    this.#slots.watch(onNews);
  }

  async send(text: string): Promise<Sample> {
    const book = this.#mustServe();
    const prompt = ownPrompt(text, book);
    const now = this.#clock.now();
    const request = ownRequest(this.#nextId(), prompt, book, ownSampling(this.#activity));
    const submission = { request, scheduled: now, sent: now };
    const sample = this.#samples.own(submission, text, book);
    this.#submit(submission);
    return sample;
  }

  cancel(id: RequestId): void {
    this.#link.cancel([id]);
  }

  async generate(
    prompts: readonly GeneratePrompt[],
    sampling?: Partial<GenerateSampling>,
  ): Promise<readonly Generated[]> {
    const book = this.#mustServe();
    const requests = requestsFor(prompts, book, () => this.#nextId(), sampling);
    const answers = requests.map((request) => {
      const answer = this.#answers.track(request.id);
      const now = this.#clock.now();
      this.#submit({ request, scheduled: now, sent: now });
      return answer;
    });
    return generatedOf(prompts, requests, await Promise.all(answers), book);
  }

  async measure(run: MeasuredRun, onProgress?: (done: number, total: number) => void): Promise<Measurement> {
    const book = this.#mustServe();
    if (!this.#generators.idle || this.#activity.kind !== 'idle') {
      throw new HeadwayError('invalid-state', 'A measured run needs the load stopped and drained first.');
    }
    assertFits(changeLoadConfig(DEFAULT_LOAD_CONFIG, run.load), book);
    const trace = this.#traces.played(run.load);
    const { run: inProgress, result } = measureRun(run, {
      clock: this.#clock,
      workload: book.workload,
      trace,
      nextId: () => this.#nextId(),
      generate: (clients) => this.#generators.start(clients),
      send: (submission) => this.#send(submission),
      cancel: (ids) => this.#link.cancel(ids),
      record: (recorder) => {
        this.#recorder = recorder;
        this.#live.loadStarted(this.#clock.now());
      },
      onProgress: onProgress ?? (() => {}),
    });
    this.#become({ kind: 'measure', config: run.load, run: inProgress });
    try {
      return await result;
    } finally {
      this.#recorder = null;
      this.#become({ kind: 'idle' });
    }
  }

  abortMeasure(): void {
    if (this.#activity.kind === 'measure') this.#activity.run.abort();
  }

  /** Tells the subscriber how things stand. */
  update(): void {
    this.#listener?.tell(() => this.#news());
    if (this.#activity.kind === 'measure') this.#activity.run.reportProgress();
  }

  /** Tells who watches the slots what is new. */
  tellSlots(): void {
    this.#slots.tell(this.#clock.now());
  }

  #news(): TrafficUpdate {
    const at = this.#clock.now();
    return { snapshot: this.#live.snapshot(at), samples: this.#samples.take(at) };
  }

  #fold(events: readonly ServingEvent[]): void {
    const now = this.#clock.now();
    for (const event of events) {
      this.#twin.fold(event, now);
      this.#live.fold(event);
      this.#slots.fold(event, this.#live);
      this.#recorder?.fold(event);
      this.#answers.fold(event);
      this.#served?.fold(event);
      if (event.type !== 'settled') continue;
      this.#bursts.settled(event.id);
      this.#generators.settled(event.id, event.settlement.outcome, event.at);
    }
  }

  /** One of the load's own, which may become a sample. */
  #send(submission: Submission): void {
    if (this.#book) this.#samples.offer(submission, this.#book);
    this.#submit(submission);
  }

  #submit({ request, scheduled, sent }: Submission): void {
    const { id, prompt, sequences } = request;
    const open = this.#activity.kind !== 'idle' && this.#activity.config.arrival !== 'closed';
    this.#twin.sent(request, scheduled, sent, open);
    this.#live.sent({ id, scheduled, sent, promptTokens: prompt.length, sequences });
    this.#link.submit(request);
  }

  #become(activity: Activity): void {
    this.#activity = activity;
    this.#live.clientsAre(clientsOf(activity), this.#clock.now());
  }

  #nextId(): number {
    this.#ids += 1;
    return this.#ids;
  }

  #mustServe(): Phrasebook {
    if (this.#book && this.#link.connected) return this.#book;
    throw new HeadwayError('invalid-state', 'No model is served; load one first.');
  }
}
