import type { Backend } from '../core/backend';
import type { Clock } from '../core/clock';
import { HeadwayError, toPlain } from '../core/errors';
import type { ServingEvent } from '../core/events';
import type { RequestId, ServingRequest, Settlement } from '../core/request';
import { type RunnerStatus, StatusMachine } from '../core/runner-status';
import { changeServingConfig, type ServingConfig, slotsOf } from '../core/serving-config';
import { Alarm } from './alarm';
import { Batcher } from './batcher';
import { type Batching, batchingOf } from './batching';
import { Deadlines } from './deadlines';
import { Generation } from './generation';
import type { Room } from './generators/generator';
import { misfitOf, refusalOf } from './refusal';
import type { SchedulerParts } from './scheduler-parts';
import { settlementOf } from './settlement-of';

/**
 * Owns all requests, and settles each exactly once. Two loops: the runner takes what the batcher lets go, runs one step and
 * commits it; beside it the keeper of time seals batches and expires requests when their time comes, also while a step
 * is under way. Between two steps everything may change (submit, cancel, configure).
 */
export class Scheduler {
  readonly #renew: SchedulerParts['renew'];
  readonly #clock: Clock;
  readonly #emit: (event: ServingEvent) => void;
  readonly #status: StatusMachine;
  readonly #batcher: Batcher;
  readonly #deadlines = new Deadlines();
  /** Running requests whose deadline has passed: their cancellation is an expiry. */
  readonly #expired = new Set<RequestId>();
  readonly #generation: Generation;
  #backend: Backend;
  /** Why the backend is of no use any more; null while it is. */
  #loss: string | null = null;
  /** Passes of this backend that ended well. */
  #passes = 0;
  #config: ServingConfig;
  /** Wakes the runner from its rest. */
  readonly #work: Alarm;
  /** Wakes the keeper of time. */
  readonly #timer: Alarm;
  #whenIdle: (() => void)[] = [];

  /** @throws HeadwayError `cache-too-large` */
  constructor({ backend, clock, config, emit, renew }: SchedulerParts) {
    this.#backend = backend;
    this.#renew = renew;
    this.#clock = clock;
    this.#emit = emit;
    this.#work = new Alarm(clock);
    this.#timer = new Alarm(clock);
    this.#config = config;
    this.#batcher = new Batcher(config.agingMs, emit);
    backend.checkRoom(slotsOf(config));
    this.#generation = new Generation(backend, () => this.#config);
    this.#status = new StatusMachine(
      (status, reason) => emit({ type: 'status', at: clock.now(), status, reason }),
      'ready',
    );
    emit({ type: 'configured', at: clock.now(), config });
    this.#watch(backend);
    void this.#run();
    void this.#keepTime();
  }

  get status(): RunnerStatus {
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
    if (this.#batcher.has(id) || this.#generation.running.has(id)) {
      throw new HeadwayError('invalid-request', `Request ${id} is under way already; ids must differ.`);
    }
    const { contextLength } = this.#backend.capabilities;
    const queued = this.#batcher.queue.length;
    const refusal = refusalOf(request, { status: this.status, config: this.#config, contextLength, queued });
    if (refusal) {
      this.#settle(id, { outcome: 'rejected', message: refusal });
      return;
    }
    const at = this.#clock.now();
    this.#batcher.queue.push(request, at);
    if (this.#config.timeoutMs > 0) this.#deadlines.set(id, at + this.#config.timeoutMs);
    this.#emit({ type: 'enqueued', at, id, queued: this.#batcher.queue.length });
    this.#work.ring();
    this.#askTimer();
  }

  /**
   * Idempotent; ids that are unknown or settled are ignored. A request that waits ends at once; one that runs, before a
   * forward pass: the next one, or the one at which `cancelCheckEvery` has it looked at. Of it and a deadline the earlier counts.
   */
  cancel(id: RequestId): void {
    if (this.#batcher.remove(id)) this.#settle(id, { outcome: 'cancelled' });
    else if (this.#generation.running.has(id) && !this.#expired.has(id)) {
      this.#deadlines.forget(id);
      this.#generation.cancel(id);
    }
    this.#work.ring();
  }

  /**
   * In force from the next batch on; a new policy takes over when the old one's batch has ended. Nothing is lost.
   * @throws HeadwayError `invalid-parameter`, `cache-too-large`; nothing has changed then
   */
  configure(changes: Partial<ServingConfig>): ServingConfig {
    const config = changeServingConfig(this.#config, changes);
    this.#backend.checkRoom(slotsOf(config));
    this.#config = config;
    this.#batcher.queue.agingMs = config.agingMs;
    this.#emit({ type: 'configured', at: this.#clock.now(), config: this.#config });
    this.#rejectMisfits();
    this.#wakeUp();
    return this.#config;
  }

  /** Resolves when nobody waits or runs, and no pass is under way any more. */
  async settled(): Promise<void> {
    if (this.#isIdle) return;
    await new Promise<void>((resolve) => this.#whenIdle.push(resolve));
  }

  /** Takes no more requests, settles all that it has, then closes. @throws HeadwayError `invalid-state` if it is closing already */
  async drain(): Promise<void> {
    this.#status.to('draining');
    this.#wakeUp();
    await this.settled();
    // It is closed already if the backend was lost for good.
    if (this.status === 'draining') this.#status.to('closed');
    this.#wakeUp();
    this.#generation.close();
  }

  async #run(): Promise<void> {
    while (this.status !== 'closed') {
      if (this.#loss !== null) {
        await this.#replaceBackend(this.#loss);
        continue;
      }
      const wait = this.#admit();
      if (this.#generation.busy) await this.#step();
      else await this.#rest(wait);
    }
  }

  async #rest(ms: number): Promise<void> {
    this.#announceIdle();
    if (this.status === 'running') this.#status.to('ready');
    await this.#work.sleepUntil(this.#clock.now() + ms);
  }

  /** What has to happen at its time, whatever the runner does. */
  async #keepTime(): Promise<void> {
    while (this.status !== 'closed') {
      const now = this.#clock.now();
      this.#expire(now);
      const wait = this.#batcher.seal(this.#batching(), now);
      await this.#timer.sleepUntil(Math.min(now + wait, this.#deadlines.next));
    }
  }

  #expire(now: number): void {
    if (this.#deadlines.next > now) return;
    for (const id of this.#deadlines.takePassed(now)) {
      if (this.#batcher.remove(id)) this.#settle(id, { outcome: 'expired' });
      else if (this.#generation.running.has(id)) {
        this.#expired.add(id);
        this.#generation.cancel(id);
      }
    }
    this.#announceIdle();
  }

  /** Lets those go who may. @returns ms until others may, `Infinity` if that takes more than time */
  #admit(): number {
    const now = this.#clock.now();
    // Where a pass blocks the thread, the keeper of time is late.
    this.#expire(now);
    const room = this.#generation.room();
    if (!room) return Number.POSITIVE_INFINITY;
    const batch = this.#batcher.take(this.#batching(room), now);
    if (typeof batch === 'number') return batch;
    const { number, requests, refilled } = batch;
    for (const request of requests) this.#generation.submit(request);
    if (this.status === 'ready') this.#status.to('running');
    this.#emit({ type: 'started', at: now, batch: number, ids: requests.map(({ id }) => id), refilled });
    // A place in the channel has become free.
    this.#askTimer();
    return Number.POSITIVE_INFINITY;
  }

  #batching(room?: Room): Batching {
    return batchingOf(this.#config, this.#backend, this.status, room);
  }

  #watch(backend: Backend): void {
    void backend.lost.then((reason) => {
      if (backend !== this.#backend || this.status === 'closed') return;
      this.#loss = reason;
      this.#generation.abandonStep(new HeadwayError('backend-failed', reason));
      this.#wakeUp();
    });
  }

  /**
   * Those who ran have failed or fail now; those who queue wait for the new backend. Without one, or if this one was lost
   * before it had done anything, all fail and the scheduler closes: trying for ever would answer nobody.
   */
  async #replaceBackend(reason: string): Promise<void> {
    const draining = this.status === 'draining';
    this.#status.to('lost', reason);
    for (const id of [...this.#generation.running]) this.#settle(id, { outcome: 'failed', message: reason });
    this.#generation.close();
    const idle = draining && this.#batcher.waiting === 0;
    try {
      if (idle || !this.#renew || this.#passes === 0) throw new HeadwayError('backend-failed', reason);
      this.#status.to('loading');
      const backend = await this.#renew(() => this.#status.to('warming-up'));
      backend.checkRoom(slotsOf(this.#config));
      this.#backend = backend;
      this.#loss = null;
      this.#passes = 0;
      this.#generation.moveTo(backend);
      this.#status.to('ready');
      if (draining) this.#status.to('draining');
      this.#watch(backend);
    } catch (error) {
      const { message } = toPlain(error);
      for (const id of this.#batcher.takeAll()) this.#settle(id, { outcome: 'failed', message });
      this.#status.to('closed', message);
      this.#announceIdle();
      this.#wakeUp();
    }
  }

  async #step(): Promise<void> {
    const startedAt = this.#clock.now();
    const { pass, ends } = await this.#generation.step();
    if (pass) {
      if (ends.every(({ type }) => type !== 'failed')) this.#passes += 1;
      this.#emit({ type: 'step', startedAt, at: this.#clock.now(), ...pass });
    }
    for (const end of ends) {
      const expired = end.type === 'cancelled' && this.#expired.has(end.id);
      this.#settle(end.id, expired ? { outcome: 'expired' } : settlementOf(end));
    }
    this.#announceIdle();
  }

  #settle(id: RequestId, settlement: Settlement): void {
    this.#generation.running.delete(id);
    this.#expired.delete(id);
    this.#deadlines.forget(id);
    this.#emit({ type: 'settled', at: this.#clock.now(), id, settlement });
  }

  /** Wakes the keeper of time if there is something to seal, or somebody who expires before it looks. */
  #askTimer(): void {
    const seals = this.#batching().channelCapacity > 0;
    if (seals || this.#deadlines.next < this.#timer.endsAt) this.#timer.ring();
  }

  #wakeUp(): void {
    this.#work.ring();
    this.#timer.ring();
  }

  get #isIdle(): boolean {
    return this.#batcher.waiting + this.#generation.running.size === 0 && !this.#generation.busy;
  }

  #announceIdle(): void {
    if (!this.#isIdle) return;
    for (const resolve of this.#whenIdle.splice(0)) resolve();
  }

  /** Those who wait, but for more slots than there are any more: at the head of the line they would hold up all others. */
  #rejectMisfits(): void {
    for (const request of this.#batcher.requests()) {
      const message = misfitOf(request, this.#config);
      if (!message) continue;
      this.#batcher.remove(request.id);
      this.#settle(request.id, { outcome: 'rejected', message });
    }
  }
}
