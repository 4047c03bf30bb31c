import type { Backend } from '../../src/core/backend';
import type { ServingEvent } from '../../src/core/events';
import { DEFAULT_SERVING_CONFIG, MOST_SLOTS } from '../../src/core/serving-config';
import { systemClock } from '../../src/core/system-clock';
import { Scheduler } from '../../src/scheduler/scheduler';
import type { BenchRequest, Served } from '../measures';

export type Server = (requests: readonly BenchRequest[], concurrency: number) => Promise<Served>;

const CONFIG = { ...DEFAULT_SERVING_CONFIG, policy: 'continuous', maxBatch: 16 } as const;

/** The scheduler over the backend, as in the serving worker; clients are here, where no message has to cross a thread. */
export function serverOf(backend: Backend): Server {
  let onEvent: (event: ServingEvent) => void = () => {};
  const scheduler = new Scheduler({
    backend,
    clock: systemClock,
    config: CONFIG,
    emit: (event) => onEvent(event),
  });
  let ids = 0;

  return (requests, concurrency) => {
    scheduler.configure({ maxBatch: Math.min(MOST_SLOTS, concurrency) });
    const begin = performance.now();
    const first = ids;
    ids += requests.length;
    const tokens = requests.map((): number[] => []);
    const submitted = new Float64Array(requests.length);
    const latencyMs = new Array<number>(requests.length).fill(Number.NaN);
    let lastSubmission = { ms: 0, tokens: 0 };
    let next = 0;
    let settled = 0;
    const submit = () => {
      const request = requests[next];
      if (!request) return;
      submitted[next] = performance.now();
      const written = tokens.reduce((sum, { length }) => sum + length, 0);
      lastSubmission = { ms: performance.now() - begin, tokens: written };
      scheduler.submit({
        id: first + next++,
        prompt: request.prompt,
        maxNewTokens: request.outputTokens,
        ignoreEos: true,
        sequences: 1,
        priority: 0,
        sampling: null,
      });
    };
    return new Promise((resolve, reject) => {
      onEvent = (event) => {
        if (event.type === 'step') {
          event.ids.forEach((id, i) => {
            tokens[id - first]?.push(event.tokens[i] as number);
          });
        }
        if (event.type !== 'settled') return;
        if (event.settlement.outcome !== 'completed') {
          reject(new Error(`A request was not answered: ${JSON.stringify(event.settlement)}`));
          return;
        }
        latencyMs[event.id - first] = performance.now() - (submitted[event.id - first] as number);
        settled += 1;
        if (settled === requests.length) {
          resolve({ elapsedMs: performance.now() - begin, latencyMs, tokens, lastSubmission });
        }
        // Not from within the scheduler's own turn.
        queueMicrotask(submit);
      };
      for (let client = 0; client < concurrency; client++) submit();
    });
  };
}
