import { toPlain } from '../src/core/errors';
import type { LoadConfig } from '../src/core/load-config';
import type { ServingConfig } from '../src/core/serving-config';
import { LiveMetrics } from '../src/metrics/live-metrics';
import { Scheduler } from '../src/scheduler/scheduler';
import type { SessionListeners } from '../src/session/session';
import { type CostModel, SimulatedBackend } from '../src/simulator/simulated-backend';
import { VirtualClock } from '../src/simulator/virtual-clock';
import { createActions } from '../src/store/actions';
import { createAppStore } from '../src/store/app-state';
import { createLessonConductor } from '../src/store/lessons/lesson-conductor';
import { RunArchive } from '../src/store/run-archive';
import { START_SETTINGS } from '../src/store/settings';
import { createShowMe } from '../src/store/show-me';
import { LoadGenerator } from '../src/traffic/load-generator';
import { RequestSource } from '../src/traffic/request-source';
import { createRng } from '../src/traffic/rng';
import { MemorySession } from './memory-session';

const CONTEXT = 128;
const UPDATE_MS = 250;
const WORKLOAD = {
  contextLength: CONTEXT,
  prompts: Array.from({ length: 16 }, (_, i) => [1, 20 + i, 4 + ((i * 7) % 29)]),
};

/** The real scheduler, load generator and live metrics over a model that costs time only, on a virtual clock. */
class LiveSession extends MemorySession {
  readonly clock = new VirtualClock(() => new Promise(setImmediate));
  readonly #live = new LiveMetrics(0);
  readonly #scheduler: Scheduler;
  #generator: LoadGenerator | null = null;
  #ids = 0;

  constructor(listeners: SessionListeners, cost: CostModel) {
    super(listeners);
    this.#scheduler = new Scheduler({
      clock: this.clock,
      config: this.config,
      backend: new SimulatedBackend({ clock: this.clock, cost, contextLength: CONTEXT }),
      emit: (event) => {
        this.#live.fold(event);
        if (event.type === 'settled') this.#generator?.settled(event.id, event.settlement.outcome, event.at);
      },
    });
    this.traffic = {
      ...this.traffic,
      setSlo: async (slo) => this.#live.setSlo(slo, this.clock.now()),
      start: async (config) => this.#begin(config),
      stop: async () => {
        this.#generator?.stop();
        await this.#generator?.done;
      },
    };
  }

  override async configure(changes: Partial<ServingConfig>) {
    this.#scheduler.configure(changes);
    return super.configure(changes);
  }

  #begin(config: LoadConfig): void {
    this.#live.loadStarted(this.clock.now());
    const source = new RequestSource(WORKLOAD, createRng(config.seed));
    this.#generator = new LoadGenerator({
      clock: this.clock,
      config,
      rng: createRng(config.seed),
      limit: 'none',
      next: (lengths) => source.next(++this.#ids, config, lengths),
      send: ({ request, scheduled, sent }) => {
        const { id, prompt, sequences } = request;
        this.#live.sent({ id, scheduled, sent, promptTokens: prompt.length, sequences });
        this.#scheduler.submit(request);
      },
      abandon: (id) => this.#scheduler.cancel(id),
    });
  }

  /** A quarter of a second passes, and the page hears of it. */
  async tick(): Promise<void> {
    await this.clock.advance(UPDATE_MS);
    this.tell({ snapshot: this.#live.snapshot(this.clock.now()), samples: [] });
  }
}

/** A browser's storage in memory. */
export function memoryStorage() {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
}

/** The longest that a step may take in simulated time, s. */
const LONGEST_S = 150;
let rooms = 0;

/** A page with its lessons over a simulated server whose passes cost `cost`. */
export async function simulatedClassroom(cost: CostModel, storage = memoryStorage()) {
  const store = createAppStore(START_SETTINGS);
  let session: LiveSession | undefined;
  const actions = createActions({
    store,
    open: (listeners) => {
      session = new LiveSession(listeners, cost);
      return session;
    },
    facts: { revision: 'r1', browser: 'Node', libraries: {} },
    archive: new RunArchive(`lessons ${rooms++}`),
    drawPlots: async () => [],
    alone: (use) => use(),
    look: async () => {},
    now: () => session?.clock.now() ?? 0,
    base: 'http://localhost/',
    autostart: true,
  });
  if (!session) throw new Error('The session was not opened.');
  const live = session;
  await actions.loadModel({});
  const lessons = createLessonConductor({
    store,
    actions,
    now: () => live.clock.now(),
    storage: () => storage,
    onRefused: (error) => actions.reportProblem(toPlain(error)),
  });
  const show = createShowMe({ store, actions, now: () => live.clock.now() });

  /** Lets time pass until the work is done. */
  async function during(work: Promise<unknown>): Promise<void> {
    let isOver = false;
    const ended = work.finally(() => {
      isOver = true;
    });
    for (let ms = 0; !isOver; ms += UPDATE_MS) {
      if (ms > LONGEST_S * 1000) throw new Error(`It is not over after ${LONGEST_S} s.`);
      await live.tick();
    }
    await ended;
  }
  async function pass(seconds: number): Promise<void> {
    for (let ms = 0; ms < seconds * 1000; ms += UPDATE_MS) await live.tick();
  }
  const now = () => live.clock.now();
  return { store, actions, lessons, show, now, tick: () => live.tick(), pass, during };
}
