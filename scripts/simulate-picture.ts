import { DEFAULT_LOAD_CONFIG, type LoadConfig } from '../src/core/load-config';
import { DEFAULT_SERVING_CONFIG, type ServingConfig } from '../src/core/serving-config';
import { LiveMetrics } from '../src/metrics/live-metrics';
import { Scheduler } from '../src/scheduler/scheduler';
import { SimulatedBackend } from '../src/simulator/simulated-backend';
import { VirtualClock } from '../src/simulator/virtual-clock';
import { initialState } from '../src/store/app-state';
import { pastOf } from '../src/store/past-picture';
import { changeLoad, changeModel, changeSettings, seeUpdate } from '../src/store/reducers';
import { START_SETTINGS } from '../src/store/settings';
import { LoadGenerator } from '../src/traffic/load-generator';
import { RequestSource, type Workload } from '../src/traffic/request-source';
import { createRng } from '../src/traffic/rng';
import { timeOriginOf } from '../src/traffic/time-origin';

const COST = { passMs: 4, prefillTokenMs: 0.05, decodeRowMs: 0.5 };
/** The simulator ends an answer after as many tokens as the prompt's last one says. */
const WORKLOAD: Workload = {
  contextLength: 128,
  prompts: Array.from({ length: 16 }, (_, i) => [1, 20 + i, 8 + ((i * 7) % 13)]),
};
const LOAD: LoadConfig = { ...DEFAULT_LOAD_CONFIG, arrival: 'closed', concurrency: 24 };
const SETTINGS: readonly Partial<ServingConfig>[] = [
  ...[1, 2, 4, 8, 16].map((maxBatch) => ({ policy: 'static' as const, maxBatch })),
  { policy: 'continuous', maxBatch: 16 },
];
const EACH_MS = 15_000;
const UPDATE_MS = 250;

/**
 * A page that measures in virtual time: the scheduler, the load, the figures and the page's own reducers as they are, on a
 * model that costs time only. As JSON, the same to the last digit each time.
 */
export async function simulatePicture(): Promise<string> {
  const clock = new VirtualClock(() => new Promise(setImmediate));
  const live = new LiveMetrics(0);
  const rng = createRng(LOAD.seed);
  const source = new RequestSource(WORKLOAD, createRng(LOAD.seed));
  const backend = new SimulatedBackend({ clock, cost: COST, contextLength: WORKLOAD.contextLength });
  const scheduler = new Scheduler({
    clock,
    backend,
    config: DEFAULT_SERVING_CONFIG,
    emit: (event) => {
      live.fold(event);
      if (event.type === 'settled') generator.settled(event.id, event.settlement.outcome);
    },
  });
  let ids = 0;
  const settings = { ...START_SETTINGS, model: 'simulated', load: LOAD };
  const served = {
    name: 'simulated',
    url: '',
    sha256: '',
    bytes: 0,
    contextLength: 128,
    vocabularySize: 1024,
  };
  const info = { adapter: backend.capabilities.adapter, note: null, model: served };
  let state = changeModel(initialState(settings), { status: 'ready', info }, 0);
  live.setSlo(settings.slo, 0);
  live.loadStarted(0, timeOriginOf(LOAD));
  state = changeLoad(state, { status: 'running' }, 0);
  const generator = new LoadGenerator({
    clock,
    config: LOAD,
    rng,
    limit: 'none',
    next: () => source.next(++ids, LOAD),
    send: ({ request, scheduled, sent }) => {
      const { id, prompt, sequences } = request;
      live.sent({ id, scheduled, sent, promptTokens: prompt.length, sequences });
      scheduler.submit(request);
    },
    abandon: (id) => scheduler.cancel(id),
  });
  for (const changes of SETTINGS) {
    const serving = scheduler.configure(changes);
    state = changeSettings(state, { ...settings, serving }, clock.now());
    for (let passed = 0; passed < EACH_MS; passed += UPDATE_MS) {
      await clock.advance(UPDATE_MS);
      state = seeUpdate(state, { snapshot: live.snapshot(clock.now()), samples: [] });
    }
  }
  generator.stop();
  const rounded = (_: string, value: unknown) =>
    typeof value === 'number' ? Number(value.toPrecision(4)) : value;
  return `${JSON.stringify(pastOf(state, 'Headway', null), rounded)}\n`;
}
