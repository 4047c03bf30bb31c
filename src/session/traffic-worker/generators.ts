import type { Clock } from '../../core/clock';
import type { LoadConfig } from '../../core/load-config';
import type { Outcome, RequestId } from '../../core/request';
import type { Lengths, Trace } from '../../core/trace';
import { LoadGenerator, type LoadLimit, type Submission } from '../../traffic/load-generator';
import { createRng } from '../../traffic/rng';

export interface Clients {
  readonly config: LoadConfig;
  readonly limit: LoadLimit;
  readonly next: (lengths: Lengths | null) => Submission['request'];
  readonly send: (submission: Submission) => void;
  /** As in `LoadGeneratorOptions`. */
  readonly joinMs?: number;
  /** Whether they begin in a pause; they do not unless said. */
  readonly paused?: boolean;
}

interface Surroundings {
  readonly clock: Clock;
  readonly trace: () => Trace | null;
  readonly abandon: (id: RequestId) => void;
}

/** The load generators that have answers to come, those that were stopped included. */
export class Generators {
  readonly #surroundings: Surroundings;
  readonly #running = new Set<LoadGenerator>();

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  get idle(): boolean {
    return this.#running.size === 0;
  }

  start({ paused = false, ...clients }: Clients): LoadGenerator {
    const { clock, trace, abandon } = this.#surroundings;
    const rng = createRng(clients.config.seed);
    const generator = new LoadGenerator({ ...clients, paused, clock, trace: trace(), rng, abandon });
    this.#running.add(generator);
    void generator.done.then(() => this.#running.delete(generator));
    return generator;
  }

  settled(id: RequestId, outcome: Outcome, at: number): void {
    for (const generator of this.#running) generator.settled(id, outcome, at);
  }

  /** When all of them are done. */
  async done(): Promise<void> {
    await Promise.all([...this.#running].map((generator) => generator.done));
  }
}
