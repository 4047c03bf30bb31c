import type { Backend } from '../core/backend';
import type { Clock } from '../core/clock';
import { HeadwayError, toPlain } from '../core/errors';
import type { ServingEvent } from '../core/events';
import type { RequestId, ServingRequest, Settlement } from '../core/request';
import { StatusMachine } from '../core/runner-status';
import { changeServingConfig, type Policy, type ServingConfig, slotsOf } from '../core/serving-config';
import { planBatch } from './batch-plan';
import { ContinuousBatchGenerator } from './generators/continuous-batch';
import type { GeneratorEvent, InferenceGenerator, StepResult } from './generators/generator';
import { SequentialGenerator } from './generators/sequential';
import { StaticBatchGenerator } from './generators/static-batch';
import { RequestQueue } from './queue';

export interface SchedulerParts {
  readonly backend: Backend;
  readonly clock: Clock;
  readonly config: ServingConfig;
  /** Called for every event, in order, synchronously. It must not call back into the scheduler. */
  readonly emit: (event: ServingEvent) => void;
  /** Makes another backend of the same kind when this one is lost; says when it has come to warming up. */
  readonly renew?: (warmingUp: () => void) => Promise<Backend>;
}

/** `config` answers with what is in force at the time. */
type MakeGenerator = (backend: Backend, config: () => ServingConfig) => InferenceGenerator;

const GENERATORS: Readonly<Record<Policy, MakeGenerator>> = {
  sequential: (backend) => new SequentialGenerator(backend),
  static: (backend) => new StaticBatchGenerator(backend),
  continuous: (backend, config) => new ContinuousBatchGenerator(backend, config),
};

/**
 * Owns the queue and the running requests, and settles each exactly once. One loop: admit what the plan lets go, run one
 * step, commit it. Between two steps everything may change (submit, cancel, configure); nothing else runs beside it.
 */
export class Scheduler {
  readonly #renew: SchedulerParts['renew'];
  readonly #clock: Clock;
  readonly #emit: (event: ServingEvent) => void;
  readonly #status: StatusMachine;
  readonly #queue = new RequestQueue();
  readonly #running = new Set<RequestId>();
  #backend: Backend;
  /** Why the backend is of no use any more; null while it is. */
  #loss: string | null = null;
  /** Passes of this backend that ended well. */
  #passes = 0;
  #config: ServingConfig;
  #generator: InferenceGenerator;
  #generatorPolicy: Policy;
  #batches = 0;
  /** Ends the step under way, if there is one, as failed. */
  #abandonStep: (error: HeadwayError) => void = () => {};
  #wake = new AbortController();
  #idle: (() => void)[] = [];

  /** @throws HeadwayError `cache-too-large` */
  constructor({ backend, clock, config, emit, renew }: SchedulerParts) {
    this.#backend = backend;
    this.#renew = renew;
    this.#clock = clock;
    this.#emit = emit;
    this.#config = config;
    this.#generatorPolicy = config.policy;
    backend.checkRoom(slotsOf(config));
    this.#generator = this.#newGenerator();
    this.#status = new StatusMachine(
      (status, reason) => emit({ type: 'status', at: clock.now(), status, reason }),
      'ready',
    );
    emit({ type: 'configured', at: clock.now(), config });
    this.#watch(backend);
    void this.#loop();
  }

  get status() {
    return this.#status.current;
  }

  get config(): ServingConfig {
    return this.#config;
  }

  /**
   * Queues the request, or settles it at once as rejected: queue full, closing, or too large ever to fit.
   * @throws HeadwayError `invalid-request` when a request with this id is under way: two answers could not be told apart
   */
  submit(request: ServingRequest): void {
    const { id } = request;
    if (this.#queue.has(id) || this.#running.has(id)) {
      throw new HeadwayError('invalid-request', `Request ${id} is under way already; ids must differ.`);
    }
    const refusal = this.#refusal(request);
    if (refusal) {
      this.#settle(id, { outcome: 'rejected', message: refusal });
      return;
    }
    const at = this.#clock.now();
    this.#queue.push({ request, enqueuedAt: at });
    this.#emit({ type: 'enqueued', at, id, queued: this.#queue.length });
    this.#wakeUp();
  }

  /** Idempotent; ids that are unknown or settled are ignored. A running request ends before the next forward pass. */
  cancel(id: RequestId): void {
    if (this.#queue.remove(id)) this.#settle(id, { outcome: 'cancelled' });
    else if (this.#running.has(id)) this.#generator.cancel(id);
    this.#wakeUp();
  }

  /**
   * In force from the next batch on; a new policy takes over when the old one's batch has ended. Nothing is lost.
   * @throws HeadwayError `invalid-parameter`, `cache-too-large`; nothing has changed then
   */
  configure(changes: Partial<ServingConfig>): ServingConfig {
    const config = changeServingConfig(this.#config, changes);
    this.#backend.checkRoom(slotsOf(config));
    this.#config = config;
    this.#emit({ type: 'configured', at: this.#clock.now(), config: this.#config });
    this.#wakeUp();
    return this.#config;
  }

  /** Resolves when nothing is queued or running. */
  async settled(): Promise<void> {
    if (this.#queue.length + this.#running.size === 0) return;
    await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  /** Takes no more requests, settles all that it has, then closes. @throws HeadwayError `invalid-state` if it is closing already */
  async drain(): Promise<void> {
    this.#status.to('draining');
    this.#wakeUp();
    await this.settled();
    // It is closed already if the backend was lost for good.
    if (this.#status.current === 'draining') this.#status.to('closed');
    this.#wakeUp();
    this.#generator.close();
  }

  async #loop(): Promise<void> {
    while (this.#status.current !== 'closed') {
      if (this.#loss !== null) {
        await this.#replaceBackend(this.#loss);
        continue;
      }
      this.#changePolicy();
      const wait = this.#admit();
      if (this.#generator.busy) this.#commit(await this.#step());
      else await this.#rest(wait);
    }
  }

  /** Lets the head of the queue go if it may. @returns ms to wait for company, `Infinity` if for nobody in particular */
  #admit(): number {
    const maxBatch = this.#generator.room(this.#config.maxBatch);
    // The generator of a policy that was left takes nobody new: it ends what it has.
    if (maxBatch === 0 || this.#generatorPolicy !== this.#config.policy) return Number.POSITIVE_INFINITY;
    const limits = { maxBatch, maxWaitMs: this.#waitForCompany() };
    const plan = planBatch(this.#queue, limits, this.#clock.now());
    if (plan.kind === 'wait') return plan.ms;
    if (plan.kind === 'leave') this.#dispatch(plan.size);
    return Number.POSITIVE_INFINITY;
  }

  /** ms. Only a static batch is worth waiting for, since nobody can join it later; and not if nobody can come any more. */
  #waitForCompany(): number {
    const waits = this.#config.policy === 'static' && this.#status.current !== 'draining';
    return waits ? this.#config.maxWaitMs : 0;
  }

  #dispatch(size: number): void {
    const members = this.#queue.take(size);
    const ids = members.map(({ request }) => request.id);
    const batch = ++this.#batches;
    const at = this.#clock.now();
    this.#emit({ type: 'batched', at, batch, ids, queued: this.#queue.length });
    for (const { request } of members) {
      this.#running.add(request.id);
      this.#generator.submit(request);
    }
    if (this.#status.current === 'ready') this.#status.to('running');
    this.#emit({ type: 'started', at: this.#clock.now(), batch, ids });
  }

  /** A generator answers for its backend's failures; should it throw itself, its requests fail and a new one goes on. */
  async #step(): Promise<StepResult & { readonly startedAt: number }> {
    const startedAt = this.#clock.now();
    try {
      const step = this.#generator.step();
      // A pass on a lost device may never end.
      const result = await new Promise<StepResult>((resolve, reject) => {
        this.#abandonStep = reject;
        step.then(resolve, reject);
      });
      return { startedAt, ...result };
    } catch (error) {
      this.#generator.close();
      this.#generator = this.#newGenerator();
      const { message } = toPlain(error);
      const events = [...this.#running].map((id): GeneratorEvent => ({ type: 'failed', id, message }));
      return { startedAt, pass: null, events };
    }
  }

  #watch(backend: Backend): void {
    void backend.lost.then((reason) => {
      if (backend !== this.#backend || this.#status.current === 'closed') return;
      this.#loss = reason;
      this.#abandonStep(new HeadwayError('backend-failed', reason));
      this.#wakeUp();
    });
  }

  /**
   * Those who ran have failed or fail now; those who queue wait for the new backend. Without one, or if this one was lost
   * before it had done anything, all fail and the scheduler closes: trying for ever would answer nobody.
   */
  async #replaceBackend(reason: string): Promise<void> {
    const draining = this.#status.current === 'draining';
    this.#status.to('lost', reason);
    for (const id of this.#running) this.#settle(id, { outcome: 'failed', message: reason });
    this.#running.clear();
    this.#generator.close();
    const idle = draining && this.#queue.length === 0;
    try {
      if (idle || !this.#renew || this.#passes === 0) throw new HeadwayError('backend-failed', reason);
      this.#status.to('loading');
      const backend = await this.#renew(() => this.#status.to('warming-up'));
      backend.checkRoom(slotsOf(this.#config));
      this.#backend = backend;
      this.#loss = null;
      this.#passes = 0;
      this.#generator = this.#newGenerator();
      this.#status.to('ready');
      if (draining) this.#status.to('draining');
      this.#watch(backend);
    } catch (error) {
      const { message } = toPlain(error);
      for (const { request } of this.#queue.take(this.#queue.length)) {
        this.#settle(request.id, { outcome: 'failed', message });
      }
      this.#status.to('closed', message);
      this.#announceIdle();
    }
  }

  #commit({ startedAt, pass, events }: StepResult & { readonly startedAt: number }): void {
    if (pass) {
      this.#passes += 1;
      const written = events.filter((event) => event.type === 'token');
      const ids = written.map(({ id }) => id);
      const tokens = written.map(({ token }) => token);
      this.#emit({ type: 'step', startedAt, at: this.#clock.now(), ...pass, ids, tokens });
    }
    for (const event of events) {
      if (event.type !== 'token' && this.#running.delete(event.id))
        this.#settle(event.id, settlementOf(event));
    }
    this.#announceIdle();
  }

  #settle(id: RequestId, settlement: Settlement): void {
    this.#emit({ type: 'settled', at: this.#clock.now(), id, settlement });
  }

  async #rest(ms: number): Promise<void> {
    this.#announceIdle();
    if (this.#status.current === 'running') this.#status.to('ready');
    await this.#clock.sleep(ms, this.#wake.signal);
    if (this.#wake.signal.aborted) this.#wake = new AbortController();
  }

  #wakeUp(): void {
    this.#wake.abort();
  }

  #announceIdle(): void {
    if (this.#queue.length + this.#running.size > 0) return;
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  #changePolicy(): void {
    if (this.#generatorPolicy === this.#config.policy || this.#generator.busy) return;
    this.#generator.close();
    this.#generatorPolicy = this.#config.policy;
    this.#generator = this.#newGenerator();
  }

  #newGenerator(): InferenceGenerator {
    return GENERATORS[this.#generatorPolicy](this.#backend, () => this.#config);
  }

  #refusal({ prompt, maxNewTokens }: ServingRequest): string | null {
    const { contextLength } = this.#backend.capabilities;
    const { status } = this;
    if (status === 'draining' || status === 'closed') return `The server is ${status} and takes no requests.`;
    if (prompt.length < 1 || !(Number.isInteger(maxNewTokens) && maxNewTokens >= 1)) {
      return `A request needs at least 1 prompt token and 1 new token; given: ${prompt.length} and ${maxNewTokens}.`;
    }
    if (prompt.length + maxNewTokens > contextLength) {
      return `${prompt.length} prompt tokens and ${maxNewTokens} new ones do not fit the context of ${contextLength}.`;
    }
    if (this.#queue.length >= this.#config.maxQueue)
      return `The queue is full (maxQueue ${this.#config.maxQueue}).`;
    return null;
  }
}

function settlementOf(event: Exclude<GeneratorEvent, { type: 'token' }>): Settlement {
  switch (event.type) {
    case 'finished':
      return { outcome: 'completed', finishReason: event.reason };
    case 'cancelled':
      return { outcome: 'cancelled' };
    case 'failed':
      return { outcome: 'failed', message: event.message };
  }
}
