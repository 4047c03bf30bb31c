import * as Comlink from 'comlink';
import type { Backend } from '../src/core/backend';
import { HeadwayError } from '../src/core/errors';
import { systemClock } from '../src/core/system-clock';
import { ServingEngine } from '../src/engine/worker/serving-engine';
import { TrafficSession } from '../src/session/traffic-worker/traffic-session';
import type { WorkerLike, Workers } from '../src/session/workers';
import { SimulatedBackend } from '../src/simulator/simulated-backend';

/** A worker's outside in the thread of the test: messages cross a real channel, and it can be made to crash. */
class FakeWorker implements WorkerLike {
  readonly #channel = new MessageChannel();
  readonly #errors = new EventTarget();

  /** @param inside what it answers by */
  constructor(inside: object) {
    Comlink.expose(inside, this.#channel.port2);
    this.#channel.port1.start();
  }

  postMessage(message: unknown, transfer: Transferable[] | StructuredSerializeOptions = []): void {
    this.#channel.port1.postMessage(message, transfer as Transferable[]);
  }

  addEventListener(type: string, listener: EventListenerOrEventListenerObject | null): void {
    const target = type === 'error' ? this.#errors : this.#channel.port1;
    target.addEventListener(type, listener as EventListener);
  }

  removeEventListener(type: string, listener: EventListenerOrEventListenerObject | null): void {
    this.#channel.port1.removeEventListener(type, listener as EventListener);
  }

  terminate(): void {
    this.#channel.port1.close();
    this.#channel.port2.close();
  }

  crash(message: string): void {
    this.terminate();
    this.#errors.dispatchEvent(Object.assign(new Event('error', { cancelable: true }), { message }));
  }
}

/** Free of charge, so that a test waits for messages only. */
const COST = { passMs: 0, prefillTokenMs: 0, decodeRowMs: 0 };

/** The session's two workers with their real insides, over a simulated model in which `most` slots fit. */
export class FakeWorkers implements Workers {
  /** Every serving worker that was started, and the slots that each loaded model was given. */
  readonly started: FakeWorker[] = [];
  readonly opened: number[] = [];
  readonly backends: Backend[] = [];
  /** Loading waits for it. */
  gate: Promise<void> = Promise.resolve();
  readonly #most: number;
  readonly #traffic: FakeWorker[] = [];

  constructor({ most }: { readonly most: number }) {
    this.#most = most;
  }

  readonly serving = (): FakeWorker => {
    const engine = new ServingEngine(async ({ slots }) => {
      this.opened.push(slots);
      await this.gate;
      if (slots > this.#most) {
        throw new HeadwayError('cache-too-large', `${slots} slots were asked for; ${this.#most} fit.`);
      }
      const backend = new SimulatedBackend({ clock: systemClock, cost: COST, most: this.#most });
      this.backends.push(backend);
      return { backend, note: null, sha256: 'ab', bytes: 1 };
    });
    const worker = new FakeWorker(engine);
    this.started.push(worker);
    return worker;
  };

  readonly traffic = (): FakeWorker => {
    const worker = new FakeWorker(new TrafficSession(systemClock));
    this.#traffic.push(worker);
    return worker;
  };
}
