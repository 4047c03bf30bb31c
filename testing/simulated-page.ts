import type { ServingEvent } from '../src/core/events';
import { DEFAULT_SERVING_CONFIG } from '../src/core/serving-config';
import type { MeasuringHandles } from '../src/experiments/runner';
import type { RunRecorder } from '../src/metrics/run-recorder';
import { Scheduler } from '../src/scheduler/scheduler';
import { measureRun, type RunInProgress } from '../src/session/traffic-worker/measure-run';
import { type CostModel, SimulatedBackend } from '../src/simulator/simulated-backend';
import { VirtualClock } from '../src/simulator/virtual-clock';
import { LoadGenerator } from '../src/traffic/load-generator';
import type { Workload } from '../src/traffic/request-source';
import { createRng } from '../src/traffic/rng';

const CONTEXT = 128;
const PROGRESS_MS = 250;
const DAY = Date.UTC(2026, 0, 2);

/** The simulator ends an answer after as many tokens as the prompt's last one says. */
const workload: Workload = {
  contextLength: CONTEXT,
  prompts: Array.from({ length: 16 }, (_, i) => [1, 20 + i, 4 + ((i * 7) % 29)]),
};

export interface SimulatedPage extends MeasuringHandles {
  readonly clock: VirtualClock;
  readonly abort: () => Promise<void>;
}

/**
 * Scheduler, load generator and measured runs as they are, over a model that costs time instead of computing, in virtual
 * time: an experiment of minutes takes no time, and is the same each time.
 */
export function simulatedPage(
  cost: CostModel = { passMs: 2, prefillTokenMs: 0.05, decodeRowMs: 0.25 },
): SimulatedPage {
  const clock = new VirtualClock(() => new Promise(setImmediate));
  const generators = new Set<LoadGenerator>();
  let recorder: RunRecorder | null = null;
  let current: RunInProgress | null = null;
  let outbox: ServingEvent[] = [];
  let ids = 0;

  const deliver = () => {
    const events = outbox;
    outbox = [];
    for (const event of events) {
      recorder?.fold(event);
      if (event.type !== 'settled') continue;
      for (const generator of generators) generator.settled(event.id, event.settlement.outcome, event.at);
    }
  };
  const scheduler = new Scheduler({
    clock,
    config: DEFAULT_SERVING_CONFIG,
    backend: new SimulatedBackend({ clock, cost, contextLength: CONTEXT }),
    emit: (event) => {
      outbox.push(event);
      if (outbox.length === 1) queueMicrotask(deliver);
    },
  });

  return {
    clock,
    now: () => new Date(DAY + clock.now()).toISOString(),
    configure: async (config) => scheduler.configure(config),
    abort: async () => current?.abort(),
    async measure(run, onProgress) {
      const { run: inProgress, result } = measureRun(run, {
        clock,
        workload,
        trace: null,
        nextId: () => ++ids,
        generate: (clients) => {
          const abandon = (id: number) => scheduler.cancel(id);
          const rng = createRng(clients.config.seed);
          const generator = new LoadGenerator({ ...clients, clock, rng, abandon });
          generators.add(generator);
          void generator.done.then(() => generators.delete(generator));
          return generator;
        },
        send: ({ request }) => scheduler.submit(request),
        cancel: (sent) => {
          for (const id of sent) scheduler.cancel(id);
        },
        record: (to) => {
          recorder = to;
        },
        onProgress,
      });
      current = inProgress;
      let over = false;
      const ended = result.finally(() => {
        over = true;
      });
      while (!over) {
        await clock.advance(PROGRESS_MS);
        if (!over) inProgress.reportProgress();
      }
      current = null;
      return ended;
    },
  };
}
