import type { Adapter, Backend, BackendCapabilities } from '../core/backend';
import type { ServingEvent } from '../core/events';
import type { RequestId, ServingRequest } from '../core/request';
import { microBatches } from '../core/request';
import type { ServingConfig } from '../core/serving-config';
import type { StepGeometry } from '../core/step-work';
import type { PlannedPass } from '../scheduler/generators/generator';
import { SchedulerCore } from '../scheduler/scheduler-core';
import type { StepCost } from './cost-terms';
import type { Noise } from './noise';
import type { Timeline } from './timeline';

/** What a simulated engine computes on. */
export interface SimulatedDevice {
  readonly contextLength: number;
  /** As `BackendCapabilities` says; with 0 a pass blocks the thread, so requests that come meanwhile are seen after it. */
  readonly passesAhead: number;
  readonly geometry: StepGeometry;
  readonly cost: StepCost;
  readonly lagMs: number;
  readonly gapMs: number;
  readonly noise: Noise;
  /** Tokens that the model says to a request before its end, for each of its sequences. */
  readonly answerOf: (request: ServingRequest) => number;
}

interface ReplicaListeners {
  /** Every event of the scheduler; it must not call back. */
  readonly emit: (event: ServingEvent) => void;
  /** After some of them, when it may. */
  readonly onTurn: () => void;
}

const EOS = 0;
const ADAPTER: Adapter = { kind: 'simulated', name: 'Simulation', software: false };

/** Answers that are all of one token, by rows. */
const ONES: number[][] = [];

/**
 * One engine in virtual time: the scheduler's own decisions, and passes that take as long as their cost says. It does by
 * calls what `Scheduler` does by waiting, so that a simulation costs no promise.
 */
export class Replica {
  readonly #timeline: Timeline;
  readonly #device: SimulatedDevice;
  readonly #core: SchedulerCore;
  readonly #blocking: boolean;
  /** Requests and cancellations that wait for a blocked thread. */
  #mail: (ServingRequest | RequestId)[] = [];
  readonly #underWay: { readonly pass: PlannedPass; readonly readyAt: number }[] = [];
  /** When the device has computed all that it was given. */
  #freeAt = Number.NEGATIVE_INFINITY;
  /** Whether the oldest pass is awaited. */
  #waiting = false;
  #wakesAt = Number.POSITIVE_INFINITY;
  #timerAt = Number.POSITIVE_INFINITY;
  #timerRang = false;
  #outstanding = 0;
  readonly #onTurn: () => void;
  readonly #onPassEnd = () => this.#commit();
  readonly #onWake = () => this.#wake();

  constructor(
    timeline: Timeline,
    device: SimulatedDevice,
    config: ServingConfig,
    { emit, onTurn }: ReplicaListeners,
  ) {
    this.#timeline = timeline;
    this.#onTurn = onTurn;
    this.#device = device;
    this.#blocking = device.passesAhead === 0;
    this.#core = new SchedulerCore({
      backend: plannedFor(device),
      clock: timeline,
      config,
      emit,
      onWork: () => {},
      onTimer: () => {
        this.#timerRang = true;
      },
    });
  }

  /** Requests given to it that have not settled. */
  get outstanding(): number {
    return this.#outstanding;
  }

  /** Requests that have been dispatched and not settled. */
  get running(): number {
    return this.#core.generation.running.size;
  }

  submit(request: ServingRequest): void {
    this.#outstanding += 1;
    this.#receive(request);
  }

  cancel(id: RequestId): void {
    this.#receive(id);
  }

  /** Called for each of its `settled` events by their listener. */
  settled(): void {
    this.#outstanding -= 1;
  }

  #receive(mail: ServingRequest | RequestId): void {
    if (this.#blocking && this.#waiting) {
      this.#mail.push(mail);
      return;
    }
    this.#read(mail);
    this.#advance();
  }

  #read(mail: ServingRequest | RequestId): void {
    if (typeof mail === 'number') this.#core.cancel(mail);
    else this.#core.submit(mail);
  }

  /** Dispatches and begins passes until one is awaited, or there is nothing to do. */
  #advance(): void {
    const core = this.#core;
    while (!this.#waiting) {
      const wait = core.dispatch();
      if (!core.generation.busy) {
        if (this.#mail.length > 0) {
          this.#readMail();
          continue;
        }
        if (core.status.current === 'running') core.status.to('ready');
        this.#sleepUntil(this.#timeline.now() + wait);
        break;
      }
      for (const pass of core.begin()) this.#run(pass);
      const [oldest] = this.#underWay;
      if (!oldest) continue;
      // A blocked thread takes its messages between the plan of a pass and the pass, and its timers then.
      if (this.#mail.length > 0) this.#readMail();
      if (this.#timerRang) this.#keepTime();
      this.#waiting = true;
      this.#timeline.set(oldest.readyAt, this.#onPassEnd);
    }
    if (this.#timerRang) this.#keepTime();
    this.#onTurn();
  }

  #readMail(): void {
    const mail = this.#mail;
    this.#mail = [];
    for (const one of mail) this.#read(one);
  }

  #run(pass: PlannedPass): void {
    const { cost, noise, lagMs, gapMs } = this.#device;
    const now = this.#timeline.now();
    const wasIdle = this.#freeAt < now - gapMs - 1e-9;
    const factor = pass.work.bucket > 0 ? noise.decode() : noise.prefill();
    let ms = cost.of(pass.work) * factor;
    if (this.#blocking && wasIdle) ms += lagMs * factor;
    this.#freeAt = Math.max(now + gapMs, this.#freeAt) + ms;
    const readyAt = this.#blocking ? this.#freeAt : this.#freeAt + lagMs;
    this.#underWay.push({ pass, readyAt });
  }

  #commit(): void {
    const { pass } = this.#underWay.shift() as { readonly pass: PlannedPass };
    this.#waiting = false;
    this.#core.commit({ tokens: this.#tokensOf(pass) });
    this.#onTurn();
    this.#advance();
  }

  #tokensOf({ rows }: PlannedPass): readonly number[] {
    const { answerOf } = this.#device;
    let tokens: number[] | null = null;
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i];
      if (!row || row.task.request.ignoreEos || row.outputTokens < answerOf(row.task.request)) continue;
      tokens ??= new Array<number>(rows.length).fill(1);
      tokens[i] = EOS;
    }
    if (tokens) return tokens;
    ONES[rows.length] ??= new Array<number>(rows.length).fill(1);
    return ONES[rows.length] as number[];
  }

  #sleepUntil(at: number): void {
    if (at === Number.POSITIVE_INFINITY || at >= this.#wakesAt) return;
    this.#wakesAt = at;
    this.#timeline.set(at, this.#onWake);
  }

  #wake(): void {
    if (this.#wakesAt <= this.#timeline.now()) this.#wakesAt = Number.POSITIVE_INFINITY;
    if (this.#timerAt <= this.#timeline.now()) this.#timerRang = true;
    // A blocked thread looks when its pass has ended.
    if (this.#blocking && this.#waiting) return;
    if (this.#timerRang) this.#keepTime();
    this.#advance();
  }

  #keepTime(): void {
    if (this.#blocking && this.#waiting) return;
    this.#timerRang = false;
    const next = this.#core.keepTime();
    if (next === Number.POSITIVE_INFINITY || next === this.#timerAt) return;
    this.#timerAt = next;
    this.#timeline.set(next, this.#onWake);
  }
}

/** What the scheduler asks of a backend while it plans. Its passes are never run: `Replica` says what comes of them. */
function plannedFor({ contextLength, passesAhead, geometry }: SimulatedDevice): Backend {
  const capabilities: BackendCapabilities = {
    adapter: ADAPTER,
    contextLength,
    vocabularySize: 2,
    eosTokens: [EOS],
    passesAhead,
    geometry,
  };
  const never = () => new Promise<never>(() => {});
  return {
    capabilities,
    lost: never(),
    microBatchCount: microBatches,
    checkRoom: () => {},
    step: never,
    copyRow: never,
    memory: () => null,
    dispose: () => Promise.resolve(),
  };
}
