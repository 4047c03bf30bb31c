import { cpus } from 'node:os';
import type { Backend, StepRow } from '../src/core/backend';
import { BLANK_CALIBRATION, type Calibration } from '../src/core/calibration';
import type { Clock } from '../src/core/clock';
import type { ServingEvent } from '../src/core/events';
import { DEFAULT_LOAD_CONFIG, type LoadConfig } from '../src/core/load-config';
import { DEFAULT_SERVING_CONFIG, type Policy, type ServingConfig } from '../src/core/serving-config';
import { Scheduler } from '../src/scheduler/scheduler';
import { simulate } from '../src/simulator/simulate';
import { VirtualClock } from '../src/simulator/virtual-clock';

/**
 * `npm run bench:scheduler`: the scheduler's own CPU time, with a backend that answers at once, under a queue that is kept
 * at its length: each answer brings a new request. Deadlines are on, and requests are of four classes of priority.
 */
const TOKENS = 16;
const SLOTS = [1, 4, 16, 64, 256];
const QUEUES = [10, 100, 1000, 10_000];
const SIMULATED_REQUESTS = 60_000;
const MEASURE_MS = 300;
const REPEATS = 5;

const config = (policy: Policy, maxBatch: number): ServingConfig => ({
  ...DEFAULT_SERVING_CONFIG,
  policy,
  maxBatch,
  maxQueue: 100_000,
  timeoutMs: 3_600_000,
});

/** CPU time of this process, ms. */
const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

interface Cost {
  readonly requests: number;
  readonly steps: number;
  readonly cpuMs: number;
}

/** Counts what is said, and asks again for each answer, as so many clients do. */
class Clients {
  readonly #tokens: number;
  requests = 0;
  steps = 0;
  #due = 0;
  #ids = 0;

  /** @param tokens of each answer */
  constructor(tokens: number) {
    this.#tokens = tokens;
  }

  hear(event: ServingEvent): void {
    if (event.type === 'step') this.steps += 1;
    if (event.type !== 'settled') return;
    if (event.settlement.outcome !== 'completed')
      throw new Error(`A request was ${event.settlement.outcome}.`);
    this.requests += 1;
    this.#due += 1;
  }

  ask(scheduler: Scheduler, count = this.#due): void {
    this.#due = 0;
    for (let i = 0; i < count; i++) {
      const id = this.#ids++;
      scheduler.submit({
        id,
        prompt: [id, 5, this.#tokens],
        maxNewTokens: this.#tokens,
        ignoreEos: true,
        sequences: 1,
        priority: id % 4,
        sampling: null,
      });
    }
  }
}

/** A host's turn: everything that is ready first. */
const turn = async (): Promise<void> => {
  await null;
  await new Promise<void>((resolve) => process.nextTick(resolve));
};

/** Runs `step` until it has warmed up, then so often for so long; the best counts, since others use the machine too. */
async function measure(clients: Clients, step: () => Promise<void>): Promise<Cost> {
  const during = async (ms: number): Promise<Cost> => {
    const [requests, steps, started] = [clients.requests, clients.steps, cpuMs()];
    while (cpuMs() < started + ms) for (let i = 0; i < 200; i++) await step();
    const spent = cpuMs() - started;
    return { requests: clients.requests - requests, steps: clients.steps - steps, cpuMs: spent };
  };
  await during(MEASURE_MS);
  const costs: Cost[] = [];
  for (let i = 0; i < REPEATS; i++) costs.push(await during(MEASURE_MS));
  return costs.reduce((best, cost) => (cost.cpuMs / cost.steps < best.cpuMs / best.steps ? cost : best));
}

/** A backend that answers when it is told to, at no cost; one pass at a time. */
class InstantBackend implements Backend {
  readonly capabilities = {
    adapter: { kind: 'simulated', name: 'Instant', software: false },
    contextLength: 4096,
    vocabularySize: 1024,
    eosTokens: [0],
    passesAhead: 0,
  } as const;
  readonly lost = new Promise<string>(() => {});
  #answer: () => void = () => {};

  answer(): void {
    this.#answer();
  }
  microBatchCount = () => 1;
  checkRoom(): void {}
  step(rows: readonly StepRow[]) {
    return this.#pass(rows.length);
  }
  copyRow = () => Promise.resolve();
  memory = () => null;
  dispose = () => Promise.resolve();

  #pass(rows: number): Promise<readonly number[]> {
    return new Promise((resolve) => {
      this.#answer = () => resolve(new Array<number>(rows).fill(1));
    });
  }
}

async function ownCost(policy: Policy, slots: number, queue: number): Promise<Cost> {
  const clients = new Clients(TOKENS);
  const backend = new InstantBackend();
  const clock: Clock = new VirtualClock(turn);
  const emit = (event: ServingEvent) => clients.hear(event);
  const scheduler = new Scheduler({ backend, clock, config: config(policy, slots), emit });
  clients.ask(scheduler, queue + slots);
  await turn();
  return measure(clients, async () => {
    backend.answer();
    await turn();
    clients.ask(scheduler);
  });
}

/** A twin whose steps cost something, with answers of so many tokens. */
const TWIN: Calibration = {
  ...BLANK_CALIBRATION,
  engine: { ...BLANK_CALIBRATION.engine, passes_ahead: 0 },
  terms: {
    ...BLANK_CALIBRATION.terms,
    decode_ms: [
      [1, 1],
      [16, 2],
    ],
    prefill_ms: 1,
    prefill_token_ms: 0.05,
  },
  prompts: Array.from({ length: 100 }, (_, i): [number, number] => [5 + (i % 20), TOKENS]),
};

/** A whole simulation: traffic, scheduler, costs, records and figures. */
function simulation(policy: Policy, load: Partial<LoadConfig>): Cost {
  const run = (requests: number) =>
    simulate({
      calibration: TWIN,
      serving: { ...DEFAULT_SERVING_CONFIG, policy, maxBatch: 16 },
      load: { ...DEFAULT_LOAD_CONFIG, outputTokens: TOKENS, ...load },
      slo: { p95Ms: null, ttftMs: null },
      requests,
      durationS: null,
    });
  run(SIMULATED_REQUESTS / 4);
  const costs: Cost[] = [];
  for (let i = 0; i < REPEATS; i++) {
    const started = cpuMs();
    const { counters } = run(SIMULATED_REQUESTS);
    const steps = counters.prefills + counters.decodes;
    costs.push({ requests: SIMULATED_REQUESTS, steps, cpuMs: cpuMs() - started });
  }
  return costs.reduce((best, cost) => (cost.cpuMs < best.cpuMs ? cost : best));
}

const perRequest = ({ cpuMs, requests }: Cost): string => ((cpuMs * 1000) / requests).toFixed(1);
const perStep = ({ cpuMs, steps }: Cost): string => ((cpuMs * 1000) / steps).toFixed(1);
const perSecond = ({ cpuMs, requests }: Cost): string =>
  Math.round((requests * 1000) / cpuMs).toLocaleString('en');

console.log(`${cpus()[0]?.model.trim()}, Node ${process.version}, one core, ${TOKENS} tokens a request`);
for (const policy of ['static', 'continuous'] as const) {
  console.log(`\n${policy}: CPU µs of the scheduler per request / per step\n`);
  console.log(`| slots | ${QUEUES.map((queue) => `queue ${queue}`).join(' | ')} |`);
  console.log(`| ---: |${' ---: |'.repeat(QUEUES.length)}`);
  for (const slots of SLOTS) {
    const cells: string[] = [];
    for (const queue of QUEUES) {
      const cost = await ownCost(policy, slots, queue);
      cells.push(`${perRequest(cost)} / ${perStep(cost)}`);
    }
    console.log(`| ${slots} | ${cells.join(' | ')} |`);
  }
}
console.log('\nSimulated requests a second on one core, 16 slots, traffic and figures included\n');
console.log('| policy | 32 clients in a closed loop | Poisson, half of that load |');
console.log('| --- | ---: | ---: |');
for (const policy of ['static', 'continuous'] as const) {
  const closed = simulation(policy, { arrival: 'closed', concurrency: 32 });
  const open = simulation(policy, { arrival: 'poisson', rate: 150 });
  console.log(`| ${policy} | ${perSecond(closed)} | ${perSecond(open)} |`);
}
