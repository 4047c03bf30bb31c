import type { Calibration } from '../core/calibration';
import type { ServingEvent, SettledEvent } from '../core/events';
import type { Counters, RunSummary, Slo } from '../core/figures';
import type { LoadConfig } from '../core/load-config';
import type { RequestId, ServingRequest } from '../core/request';
import type { RequestRecord } from '../core/request-record';
import type { ServingConfig } from '../core/serving-config';
import type { Trace } from '../core/trace';
import type { RouterName } from '../core/twin-control';
import { RunRecorder } from '../metrics/run-recorder';
import { LoadGenerator, type LoadLimit } from '../traffic/load-generator';
import { RequestSource, type Workload } from '../traffic/request-source';
import { createRng } from '../traffic/rng';
import { beyond, StepCost } from './cost-terms';
import { NO_NOISE, type Noise, residualNoise } from './noise';
import { Replica } from './replica';
import { createRouter, type Router } from './router';
import { Timeline } from './timeline';

/** What is asked of a twin: the engine, its settings, and what comes in. */
export interface SimulationPlan {
  readonly calibration: Calibration;
  readonly serving: ServingConfig;
  readonly load: LoadConfig;
  readonly slo: Slo;
  /** Exactly this many requests, or null for all that fall into `durationS`. One of the two is set. */
  readonly requests: number | null;
  readonly durationS: number | null;
  readonly trace?: Trace | null;
  /** Engines behind one address; 1 unless said. */
  readonly replicas?: number;
  /** How a request finds its engine; all to one unless said. */
  readonly router?: RouterName;
  /** Instead of the calibration's residuals. */
  readonly noise?: Noise;
  /** Hears all events, and which replica each is of. */
  readonly onEvent?: (event: ServingEvent, replica: number) => void;
}

export interface Simulation {
  readonly summary: RunSummary;
  readonly records: () => readonly RequestRecord[];
  readonly batchFill: readonly number[];
  readonly counters: Counters;
  /** Requests whose forced lengths were cut so that prompt and output fit the context. */
  readonly clipped: number;
  /** What of it the calibration has never seen, as phrases; none if all was. */
  readonly extrapolated: readonly string[];
  /** Virtual ms. */
  readonly lasted: number;
}

/** Runs the scheduler itself under the traffic itself, in virtual time, over the costs of a calibration. */
export function simulate(plan: SimulationPlan): Simulation {
  return new Fleet(plan).run();
}

class Fleet {
  readonly #plan: SimulationPlan;
  readonly #timeline = new Timeline();
  readonly #recorder = new RunRecorder();
  readonly #cost: StepCost;
  readonly #replicas: Replica[] = [];
  readonly #router: Router;
  readonly #traffic: LoadGenerator;
  readonly #source: RequestSource;
  /** Which replica has a request; none while it waits at the router. */
  readonly #places = new Map<RequestId, number>();
  #settled: { readonly event: SettledEvent; readonly replica: number }[] = [];
  #trafficWakesAt = Number.POSITIVE_INFINITY;
  #inTurn = false;
  /** Batches dispatched, and members of their replicas' batches then. */
  #dispatches = 0;
  #dispatched = 0;

  constructor(plan: SimulationPlan) {
    this.#plan = plan;
    const { calibration, serving, load, replicas = 1, router = 'least-outstanding' } = plan;
    this.#cost = new StepCost(calibration.terms);
    const rng = createRng(load.seed).fork('twin');
    const answerOf = answersOf(calibration);
    for (let i = 0; i < replicas; i++) {
      const { context_length, passes_ahead, geometry } = calibration.engine;
      const device = {
        contextLength: context_length,
        passesAhead: passes_ahead,
        geometry,
        cost: this.#cost,
        lagMs: calibration.terms.lag_ms,
        gapMs: calibration.terms.gap_ms,
        noise: plan.noise ?? noiseOf(calibration, () => rng.fork(`replica ${i}`)),
        answerOf,
      };
      this.#replicas.push(
        new Replica(this.#timeline, device, serving, {
          emit: (event) => this.#hear(event, i),
          onTurn: () => this.#turn(),
        }),
      );
    }
    const places = serving.policy === 'sequential' ? 1 : serving.maxBatch;
    this.#router = createRouter(router, this.#replicas, places, rng.fork('router'));
    this.#source = new RequestSource(workloadOf(calibration), createRng(load.seed));
    this.#traffic = this.#newTraffic();
  }

  run(): Simulation {
    this.#wakeTraffic();
    while (!this.#traffic.isDone && this.#timeline.step()) {
      // Each step is one thing that happens.
    }
    const { slo, calibration } = this.#plan;
    const summary = this.#recorder.summary(slo, this.#traffic.meanGapMs);
    return {
      summary: this.#replicas.length > 1 ? { ...summary, mean_batch_fill: this.#meanFill() } : summary,
      records: () => this.#recorder.records(),
      batchFill: this.#recorder.batchFill,
      counters: this.#recorder.counters,
      clipped: this.#source.clipped,
      extrapolated: beyond(calibration.seen, this.#cost.reached),
      lasted: this.#timeline.now(),
    };
  }

  #newTraffic(): LoadGenerator {
    const { load, requests, durationS, trace = null, calibration } = this.#plan;
    const limit: LoadLimit = requests === null ? { durationMs: (durationS ?? 0) * 1000 } : { requests };
    let ids = 0;
    const { request_ms } = calibration.delays;
    return new LoadGenerator({
      clock: { now: this.#timeline.now, sleep: () => new Promise(() => {}) },
      config: load,
      rng: createRng(load.seed),
      limit,
      trace,
      driven: true,
      next: (lengths) => this.#source.next(++ids, load, lengths),
      send: ({ request, scheduled, sent }) => {
        const { id, prompt, sequences } = request;
        this.#recorder.sent({ id, scheduled, sent, promptTokens: prompt.length, sequences });
        this.#after(request_ms, () => this.#route(request));
      },
      abandon: (id) => this.#after(request_ms, () => this.#cancel(id)),
    });
  }

  #after(ms: number, act: () => void): void {
    if (ms === 0) act();
    else this.#timeline.set(this.#timeline.now() + ms, act);
  }

  #route(request: ServingRequest): void {
    const replica = this.#router.route(request);
    if (replica !== null) this.#give(request, replica);
  }

  #give(request: ServingRequest, replica: number): void {
    if (this.#replicas.length > 1) this.#places.set(request.id, replica);
    this.#replicas[replica]?.submit(request);
  }

  #cancel(id: RequestId): void {
    if (this.#router.remove(id)) {
      const at = this.#timeline.now();
      this.#answer({ type: 'settled', at, id, settlement: { outcome: 'cancelled' } });
      return;
    }
    this.#replicas[this.#places.get(id) ?? 0]?.cancel(id);
  }

  /** The scheduler is in the middle of something: what follows from an event is done after it. */
  #hear(event: ServingEvent, replica: number): void {
    this.#recorder.fold(event);
    this.#plan.onEvent?.(event, replica);
    if (event.type === 'settled') {
      this.#replicas[replica]?.settled();
      this.#settled.push({ event, replica });
    } else if (event.type === 'started') {
      this.#dispatches += 1;
      this.#dispatched += this.#replicas[replica]?.running ?? 0;
    }
  }

  #turn(): void {
    if (this.#inTurn || this.#settled.length === 0) return;
    this.#inTurn = true;
    while (this.#settled.length > 0) {
      const settled = this.#settled;
      this.#settled = [];
      const { answer_ms } = this.#plan.calibration.delays;
      for (const { event, replica } of settled) {
        this.#places.delete(event.id);
        const next = this.#router.freed(replica);
        if (next) this.#give(next, replica);
      }
      this.#after(answer_ms, () => {
        for (const { event } of settled) this.#traffic.settled(event.id, event.settlement.outcome, event.at);
        this.#wakeTraffic();
      });
    }
    this.#inTurn = false;
  }

  /** One that the router itself has settled. */
  #answer(event: SettledEvent): void {
    this.#recorder.fold(event);
    this.#traffic.settled(event.id, event.settlement.outcome, event.at);
    this.#wakeTraffic();
  }

  #wakeTraffic(): void {
    const due = this.#traffic.nextWake;
    if (due === Number.POSITIVE_INFINITY || due >= this.#trafficWakesAt) return;
    this.#trafficWakesAt = due;
    this.#timeline.set(due + this.#plan.calibration.delays.arrival_ms, () => {
      if (this.#trafficWakesAt === due) this.#trafficWakesAt = Number.POSITIVE_INFINITY;
      this.#traffic.wake();
      this.#wakeTraffic();
    });
  }

  #meanFill(): number | null {
    return this.#dispatches > 0 ? this.#dispatched / this.#dispatches : null;
  }
}

const noiseOf = ({ residuals }: Calibration, rng: () => ReturnType<typeof createRng>): Noise =>
  residuals.prefill.length + residuals.decode.length > 0 ? residualNoise(residuals, rng()) : NO_NOISE;

/** Prompts of the right lengths: what they say costs nothing. */
const workloads = new WeakMap<Calibration, Workload>();

function workloadOf(calibration: Calibration): Workload {
  const known = workloads.get(calibration);
  if (known) return known;
  const workload = {
    contextLength: calibration.engine.context_length,
    prompts: calibration.prompts.map(([tokens]) => new Array<number>(tokens).fill(1)),
  };
  workloads.set(calibration, workload);
  return workload;
}

/** Of a prompt whose answer was never heard, that of one that was, always the same. */
function answersOf(calibration: Calibration): (request: ServingRequest) => number {
  const heard = calibration.prompts.map(([, answer]) => answer).filter((answer) => answer !== null);
  const byPrompt = new Map<readonly number[], number>();
  workloadOf(calibration).prompts.forEach((prompt, i) => {
    const [, answer] = calibration.prompts[i] ?? [0, null];
    byPrompt.set(prompt, answer ?? heard[(i * 7919) % heard.length] ?? Number.POSITIVE_INFINITY);
  });
  return ({ prompt, id }) => byPrompt.get(prompt) ?? heard[id % heard.length] ?? Number.POSITIVE_INFINITY;
}
