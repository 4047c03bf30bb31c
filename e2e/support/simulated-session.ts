import type { Clock } from '../../src/core/clock';
import { commandsOf, TRAFFIC_COMMANDS, type TrafficUpdate } from '../../src/core/commands';
import type { ClientMessage, ModelChoice, ServerMessage, ServingInfo } from '../../src/core/engine';
import type { ServingEvent } from '../../src/core/events';
import { changeServingConfig, type ServingConfig } from '../../src/core/serving-config';
import { Scheduler } from '../../src/scheduler/scheduler';
import type { SessionListeners } from '../../src/session/session';
import { TrafficSession } from '../../src/session/traffic-worker/traffic-session';
import { type CostModel, SimulatedBackend } from '../../src/simulator/simulated-backend';
import { VirtualClock } from '../../src/simulator/virtual-clock';
import { MemorySession } from '../../testing/memory-session';
import { loopback } from './loopback';

/** When virtual time begins. */
export const EPOCH = Date.UTC(2026, 0, 2, 9, 30);

const UPDATE_MS = 250;
const CONTEXT = 128;
const COST: CostModel = { passMs: 4, prefillTokenMs: 0.08, decodeRowMs: 0.5 };

/**
 * A session in memory that serves: the traffic worker's session and the scheduler as they are, over a model that costs time
 * only, in virtual time. The page above it shows the same figures to the last digit every time.
 */
export class SimulatedSession extends MemorySession {
  readonly clock: Clock;
  readonly #turn = afterMicrotasks();
  readonly #time = new VirtualClock(this.#turn);
  readonly #load: TrafficSession;
  #scheduler: Scheduler | null = null;

  constructor(listeners: SessionListeners) {
    super(listeners);
    this.clock = {
      now: () => EPOCH + this.#time.now(),
      sleep: (ms, signal) => this.#time.sleep(ms, signal),
    };
    this.#load = new TrafficSession(this.clock);
    this.#load.subscribe((update: TrafficUpdate) => listeners.onUpdate(update));
    this.traffic = commandsOf(TRAFFIC_COMMANDS, async (name, args) => {
      const run: (...given: never[]) => unknown = this.#load[name].bind(this.#load);
      return run(...(args as never[]));
    });
  }

  /** Lets time go on to the next update if somebody waits for it, and not while everything waits for the browser. */
  async step(): Promise<void> {
    if (this.#time.next < Number.POSITIVE_INFINITY) await this.advance(UPDATE_MS);
    else await this.#turn();
  }

  /** Lets so much time pass, with four updates a second. */
  async advance(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += UPDATE_MS) {
      await this.#time.advance(UPDATE_MS);
      this.#load.update();
      this.#load.tellSlots();
    }
  }

  override async loadModel(choice: ModelChoice): Promise<ServingInfo> {
    await this.#load.prepare({ ...choice, contextLength: CONTEXT });
    const backend = new SimulatedBackend({ clock: this.clock, cost: COST, contextLength: CONTEXT });
    const [client, server] = loopback();
    let outbox: ServingEvent[] = [];
    const scheduler = new Scheduler({
      clock: this.clock,
      config: this.config,
      backend,
      emit: (event) => {
        outbox.push(event);
        if (outbox.length > 1) return;
        queueMicrotask(() => {
          server.postMessage({ type: 'events', events: outbox } satisfies ServerMessage);
          outbox = [];
        });
      },
    });
    server.onmessage = ({ data }: MessageEvent<ClientMessage>) => {
      if (data.type === 'submit') for (const request of data.requests) scheduler.submit(request);
      else for (const id of data.ids) scheduler.cancel(id);
    };
    this.#scheduler = scheduler;
    this.#load.connect(client);
    const { adapter, vocabularySize } = backend.capabilities;
    const { name, url } = choice;
    const model = { name, url, sha256: '0'.repeat(64), bytes: 0, contextLength: CONTEXT, vocabularySize };
    return { adapter, note: null, model };
  }

  override async configure(changes: Partial<ServingConfig>): Promise<ServingConfig> {
    this.config = this.#scheduler?.configure(changes) ?? changeServingConfig(this.config, changes);
    return this.config;
  }
}

/** A macrotask begins when no microtask is left; a message's own is not clamped, as a timer's is. */
function afterMicrotasks(): () => Promise<void> {
  const { port1, port2 } = new MessageChannel();
  return () =>
    new Promise((resolve) => {
      port1.onmessage = () => resolve();
      port2.postMessage(null);
    });
}
