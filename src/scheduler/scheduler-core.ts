import type { Backend } from '../core/backend';
import type { Clock } from '../core/clock';
import { HeadwayError } from '../core/errors';
import type { ServingEvent } from '../core/events';
import type { RequestId, ServingRequest, Settlement } from '../core/request';
import { StatusMachine } from '../core/runner-status';
import { changeServingConfig, type ServingConfig, slotsOf } from '../core/serving-config';
import { type Batching, batchingOf } from './batch-plan';
import { Batcher } from './batcher';
import { Generation } from './generation';
import type { Answer, PlannedPass, Room } from './generators/generator';
import type { TaskEnd } from './generators/row';
import { misfitOf, refusalOf } from './refusal';
import { Deadlines } from './timers';

function settlementOf(end: TaskEnd): Settlement {
  switch (end.type) {
    case 'finished':
      return { outcome: 'completed', finishReason: end.reason };
    case 'cancelled':
      return { outcome: 'cancelled' };
    case 'failed':
      return { outcome: 'failed', message: end.message };
  }
}

interface CoreParts {
  readonly backend: Backend;
  readonly clock: Pick<Clock, 'now'>;
  readonly config: ServingConfig;
  /** Receives every event, in order, synchronously. It must not call back into the scheduler. */
  readonly emit: (event: ServingEvent) => void;
  /** There may be something to dispatch before `dispatch` said so. */
  readonly onWork: () => void;
  /** There may be something to seal or to expire before `keepTime` said so. */
  readonly onTimer: () => void;
}

/**
 * Every decision of the scheduler, and no waiting: it owns all requests and settles each exactly once. A driver calls it
 * when its time has come and runs the passes that it plans: `Scheduler` over a real backend, the simulator in virtual time.
 * Between two steps everything may change (submit, cancel, configure).
 */
export class SchedulerCore {
  readonly status: StatusMachine;
  readonly batcher: Batcher;
  readonly generation: Generation;
  readonly #parts: CoreParts;
  readonly #now: () => number;
  readonly #emit: (event: ServingEvent) => void;
  readonly #deadlines = new Deadlines();
  /** Running requests whose deadline has passed; the generator cancels them, and they settle as expired. */
  readonly #expired = new Set<RequestId>();
  /** When `keepTime` wants to be called again, ms. */
  #looksAt = Number.NEGATIVE_INFINITY;
  #stepStartedAt = 0;
  #backend: Backend;
  /** Passes of this backend that succeeded. */
  #passes = 0;
  #config: ServingConfig;

  /** @throws HeadwayError `cache-too-large` */
  constructor(parts: CoreParts) {
    const { backend, clock, config, emit } = parts;
    this.#parts = parts;
    this.#now = () => clock.now();
    this.#emit = emit;
    this.#backend = backend;
    this.#config = config;
    this.batcher = new Batcher(config.agingMs, emit);
    backend.checkRoom(slotsOf(config));
    this.generation = new Generation(backend, () => this.#config);
    this.status = new StatusMachine(
      (status, reason) => emit({ type: 'status', at: clock.now(), status, reason }),
      'ready',
    );
    emit({ type: 'configured', at: clock.now(), config });
  }

  get backend(): Backend {
    return this.#backend;
  }

  get config(): ServingConfig {
    return this.#config;
  }

  /** Passes of this backend that succeeded. */
  get passes(): number {
    return this.#passes;
  }

  get isIdle(): boolean {
    return this.batcher.waiting + this.generation.running.size === 0 && !this.generation.busy;
  }

  /**
   * Queues the request, or settles it at once as rejected: the queue is full, the scheduler is closing, or the request can
   * never fit.
   * @throws HeadwayError `invalid-request` when a request with this id is under way
   */
  submit(request: ServingRequest): void {
    const { id } = request;
    if (this.batcher.has(id) || this.generation.running.has(id)) {
      throw new HeadwayError('invalid-request', `Request ${id} is under way already; ids must differ.`);
    }
    const { contextLength } = this.#backend.capabilities;
    const queued = this.batcher.queue.length;
    const status = this.status.current;
    const refusal = refusalOf(request, { status, config: this.#config, contextLength, queued });
    if (refusal) {
      this.settle(id, { outcome: 'rejected', message: refusal });
      return;
    }
    const at = this.#now();
    this.batcher.queue.push(request, at);
    if (this.#config.timeoutMs > 0) this.#deadlines.set(id, at + this.#config.timeoutMs);
    this.#emit({ type: 'enqueued', at, id, queued: this.batcher.queue.length });
    this.#parts.onWork();
    this.#askTimer();
  }

  /**
   * Idempotent; unknown and settled ids are ignored. A waiting request ends at once. A running request ends before the next
   * forward pass at which cancellations are checked (`cancelCheckEvery`). Of a cancellation and a deadline the earlier counts.
   */
  cancel(id: RequestId): void {
    if (this.batcher.remove(id)) this.settle(id, { outcome: 'cancelled' });
    else if (this.generation.running.has(id) && !this.#expired.has(id)) {
      this.#deadlines.forget(id);
      this.generation.cancel(id);
    }
    this.#parts.onWork();
  }

  /**
   * Applies from the next batch on; a new policy takes over when the present batch has ended. No request is lost.
   * @throws HeadwayError `invalid-parameter`, `cache-too-large`; the configuration is unchanged then
   */
  configure(changes: Partial<ServingConfig>): ServingConfig {
    const config = changeServingConfig(this.#config, changes);
    this.#backend.checkRoom(slotsOf(config));
    this.#config = config;
    this.batcher.queue.agingMs = config.agingMs;
    this.#emit({ type: 'configured', at: this.#now(), config: this.#config });
    this.#rejectMisfits();
    this.#parts.onWork();
    this.#parts.onTimer();
    return this.#config;
  }

  /** What has to happen at its time, whatever the runner does. @returns when to be called again, ms */
  keepTime(): number {
    const now = this.#now();
    this.#expire(now);
    const wait = this.batcher.seal(this.#batching(), now);
    this.#looksAt = Math.min(now + wait, this.#deadlines.next);
    return this.#looksAt;
  }

  /** Dispatches the next batch if one is ready. @returns ms until another may be, `Infinity` if that takes more than time */
  dispatch(): number {
    const now = this.#now();
    // Where a pass blocks the thread, the timer loop is late.
    this.#expire(now);
    if (this.batcher.isEmpty) return Number.POSITIVE_INFINITY;
    const room = this.generation.room();
    if (!room) return Number.POSITIVE_INFINITY;
    const batch = this.batcher.take(this.#batching(room), now);
    if (typeof batch === 'number') return batch;
    const { number, requests, refilled } = batch;
    for (const request of requests) this.generation.submit(request);
    if (this.status.current === 'ready') this.status.to('running');
    this.#emit({ type: 'started', at: now, batch: number, ids: requests.map(({ id }) => id), refilled });
    // The batch has left a free place in the channel.
    this.#askTimer();
    return Number.POSITIVE_INFINITY;
  }

  /** Plans the next passes, to be run in this order behind those under way. It may also settle requests that had been cancelled. */
  begin(): readonly PlannedPass[] {
    this.#stepStartedAt = this.#now();
    const { ends, passes } = this.generation.begin();
    this.#settleEnded(ends);
    return passes;
  }

  /** The oldest pass under way has ended. */
  commit(answer: Answer): void {
    const { pass, ends } = this.generation.commit(answer);
    if (ends.every(({ type }) => type !== 'failed')) this.#passes += 1;
    this.#emit({ type: 'step', startedAt: this.#stepStartedAt, at: this.#now(), ...pass });
    this.#settleEnded(ends);
  }

  /** The generator itself has failed, and its requests with it. */
  restart(error: unknown): void {
    this.#settleEnded(this.generation.restart(error));
  }

  /** Requests that wait or run go on with another backend. @throws HeadwayError `cache-too-large` */
  moveTo(backend: Backend): void {
    backend.checkRoom(slotsOf(this.#config));
    this.#backend = backend;
    this.#passes = 0;
    this.generation.moveTo(backend);
  }

  settle(id: RequestId, settlement: Settlement): void {
    this.generation.running.delete(id);
    this.#expired.delete(id);
    this.#deadlines.forget(id);
    this.#emit({ type: 'settled', at: this.#now(), id, settlement });
  }

  #settleEnded(ends: readonly TaskEnd[]): void {
    for (const end of ends) {
      const expired = end.type === 'cancelled' && this.#expired.has(end.id);
      this.settle(end.id, expired ? { outcome: 'expired' } : settlementOf(end));
    }
  }

  #expire(now: number): void {
    if (this.#deadlines.next > now) return;
    for (const id of this.#deadlines.takePassed(now)) {
      if (this.batcher.remove(id)) this.settle(id, { outcome: 'expired' });
      else if (this.generation.running.has(id)) {
        this.#expired.add(id);
        this.generation.cancel(id);
      }
    }
  }

  #batching(room?: Room): Batching {
    return batchingOf(this.#config, this.#backend, this.status.current, room);
  }

  /** Wakes the timer if there is something to seal, or a request that expires before it looks. */
  #askTimer(): void {
    const seals = this.#config.policy !== 'continuous' && this.#config.channelCapacity > 0;
    if (seals || this.#deadlines.next < this.#looksAt) this.#parts.onTimer();
  }

  /** Requests that wait for more slots than there are any more: at the head of the line they would hold up all others. */
  #rejectMisfits(): void {
    for (const request of this.batcher.requests()) {
      const message = misfitOf(request, this.#config);
      if (!message) continue;
      this.batcher.remove(request.id);
      this.settle(request.id, { outcome: 'rejected', message });
    }
  }
}
