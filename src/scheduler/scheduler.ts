import type { Backend } from '../core/backend';
import type { Clock } from '../core/clock';
import { HeadwayError, toPlain } from '../core/errors';
import type { ServingEvent } from '../core/events';
import type { RequestId, ServingRequest } from '../core/request';
import type { RunnerStatus } from '../core/runner-status';
import type { ServingConfig } from '../core/serving-config';
import type { Answer, PlannedPass } from './generators/generator';
import { SchedulerCore } from './scheduler-core';
import { Alarm } from './timers';

/** What a scheduler needs. */
export interface SchedulerParts {
  readonly backend: Backend;
  readonly clock: Clock;
  readonly config: ServingConfig;
  /** Receives every event, in order, synchronously. It must not call back into the scheduler. */
  readonly emit: (event: ServingEvent) => void;
  /** Makes another backend of the same kind when this one is lost, and calls `warmingUp` when the new one warms up. */
  readonly renew?: (warmingUp: () => void) => Promise<Backend>;
}

/**
 * Drives `SchedulerCore` over a backend, in real or virtual time. Two loops: the runner dispatches batches, runs one step
 * and commits it; a timer loop seals batches and expires deadlines, also while a step is under way.
 */
export class Scheduler {
  readonly #renew: SchedulerParts['renew'];
  readonly #clock: Clock;
  readonly #core: SchedulerCore;
  /** Of the passes under way, oldest first. */
  #answers: Promise<Answer>[] = [];
  /** Why the backend is lost; null while it works. */
  #loss: string | null = null;
  /** Fails the step under way, if there is one. */
  #abandon: (error: HeadwayError) => void = () => {};
  /** Wakes the runner. */
  readonly #work: Alarm;
  /** Wakes the timer loop. */
  readonly #timer: Alarm;
  #whenIdle: (() => void)[] = [];

  /** @throws HeadwayError `cache-too-large` */
  constructor({ backend, clock, config, emit, renew }: SchedulerParts) {
    this.#renew = renew;
    this.#clock = clock;
    this.#work = new Alarm(clock);
    this.#timer = new Alarm(clock);
    this.#core = new SchedulerCore({
      backend,
      clock,
      config,
      emit,
      onWork: () => this.#work.ring(),
      onTimer: () => this.#timer.ring(),
    });
    this.#watch(backend);
    void this.#run();
    void this.#runTimer();
  }

  get status(): RunnerStatus {
    return this.#core.status.current;
  }

  get config(): ServingConfig {
    return this.#core.config;
  }

  /**
   * Queues the request, or settles it at once as rejected: the queue is full, the scheduler is closing, or the request can
   * never fit.
   * @throws HeadwayError `invalid-request` when a request with this id is under way
   */
  submit(request: ServingRequest): void {
    this.#core.submit(request);
  }

  /** As `SchedulerCore` says: idempotent, at once for a request that waits, before a forward pass for one that runs. */
  cancel(id: RequestId): void {
    this.#core.cancel(id);
  }

  /**
   * Applies from the next batch on; a new policy takes over when the present batch has ended. No request is lost.
   * @throws HeadwayError `invalid-parameter`, `cache-too-large`; the configuration is unchanged then
   */
  configure(changes: Partial<ServingConfig>): ServingConfig {
    return this.#core.configure(changes);
  }

  /** Resolves when no request waits or runs, and no pass is under way any more. */
  async settled(): Promise<void> {
    if (this.#core.isIdle) return;
    await new Promise<void>((resolve) => this.#whenIdle.push(resolve));
  }

  /** Rejects new requests, settles all others, then closes. @throws HeadwayError `invalid-state` if it is closing already */
  async drain(): Promise<void> {
    this.#core.status.to('draining');
    this.#wakeUp();
    await this.settled();
    // If the backend was lost and not replaced, the scheduler has closed itself.
    if (this.status === 'draining') this.#core.status.to('closed');
    this.#wakeUp();
    this.#core.generation.close();
  }

  async #run(): Promise<void> {
    while (this.status !== 'closed') {
      if (this.#loss !== null) {
        await this.#replaceBackend(this.#loss);
        continue;
      }
      const wait = this.#core.dispatch();
      this.#announceIdle();
      if (this.#core.generation.busy) await this.#step();
      else await this.#rest(wait);
    }
  }

  async #rest(ms: number): Promise<void> {
    this.#announceIdle();
    if (this.status === 'running') this.#core.status.to('ready');
    await this.#work.sleepUntil(this.#clock.now() + ms);
  }

  /** The timer loop: seals batches and expires deadlines, whatever the runner does. */
  async #runTimer(): Promise<void> {
    while (this.status !== 'closed') {
      const next = this.#core.keepTime();
      this.#announceIdle();
      await this.#timer.sleepUntil(next);
    }
  }

  /** At most one forward pass ends in it; none where it settled requests that had been cancelled, so that their slots can be taken. */
  async #step(): Promise<void> {
    try {
      for (const pass of this.#core.begin()) this.#answers.push(handOver(pass));
      const [oldest] = this.#answers;
      if (oldest) {
        const answer = await this.#unlessAbandoned(oldest);
        this.#answers.shift();
        this.#core.commit(answer);
      }
    } catch (error) {
      this.#answers = [];
      this.#core.restart(error);
    }
    this.#announceIdle();
  }

  /** A pass on a lost device may never end. */
  #unlessAbandoned(answer: Promise<Answer>): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#abandon = reject;
      answer.then(resolve, reject);
    });
  }

  #watch(backend: Backend): void {
    void backend.lost.then((reason) => {
      if (backend !== this.#core.backend || this.status === 'closed') return;
      this.#loss = reason;
      this.#abandon(new HeadwayError('backend-failed', reason));
      this.#wakeUp();
    });
  }

  /**
   * Requests that ran have failed or fail now; those in the queue wait for the new backend. Without one, or if this one was
   * lost before its first pass succeeded, all fail and the scheduler closes, since another try would not help.
   */
  async #replaceBackend(reason: string): Promise<void> {
    const { status, generation, batcher } = this.#core;
    const draining = this.status === 'draining';
    status.to('lost', reason);
    for (const id of [...generation.running]) this.#core.settle(id, { outcome: 'failed', message: reason });
    generation.close();
    this.#answers = [];
    const idle = draining && batcher.waiting === 0;
    try {
      if (idle || !this.#renew || this.#core.passes === 0) throw new HeadwayError('backend-failed', reason);
      status.to('loading');
      const backend = await this.#renew(() => status.to('warming-up'));
      this.#core.moveTo(backend);
      this.#loss = null;
      status.to('ready');
      if (draining) status.to('draining');
      this.#watch(backend);
    } catch (error) {
      const { message } = toPlain(error);
      for (const id of batcher.takeAll()) this.#core.settle(id, { outcome: 'failed', message });
      status.to('closed', message);
      this.#announceIdle();
      this.#wakeUp();
    }
  }

  #wakeUp(): void {
    this.#work.ring();
    this.#timer.ring();
  }

  #announceIdle(): void {
    if (this.#whenIdle.length === 0 || !this.#core.isIdle) return;
    for (const resolve of this.#whenIdle.splice(0)) resolve();
  }
}

async function handOver(pass: PlannedPass): Promise<Answer> {
  try {
    return { tokens: await pass.run() };
  } catch (error) {
    return { error };
  }
}
