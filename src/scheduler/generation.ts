import type { Backend } from '../core/backend';
import { toPlain } from '../core/errors';
import type { RequestId, ServingRequest } from '../core/request';
import type { Policy, ServingConfig } from '../core/serving-config';
import type { Answer, InferenceGenerator, Room, StepResult, StepStart } from './generators/generator';
import { generatorOf } from './generators/of-policy';
import type { TaskEnd } from './generators/row';

/** The generator at work, and whom it was given. A new policy takes over when the old one's generator has nothing left. */
export class Generation {
  /** Those who were given to it and have not settled; whoever settles them takes them out. */
  readonly running = new Set<RequestId>();
  /** What is in force at the time. */
  readonly #config: () => ServingConfig;
  #backend: Backend;
  #policy: Policy;
  #generator: InferenceGenerator;

  constructor(backend: Backend, config: () => ServingConfig) {
    this.#backend = backend;
    this.#config = config;
    this.#policy = config().policy;
    this.#generator = this.#newGenerator();
  }

  /** Whether another step is due. */
  get busy(): boolean {
    return this.#generator.busy;
  }

  /** What it would start in its next step; null if nobody, be it full or at its end. */
  room(): Room | null {
    const { policy, maxBatch } = this.#config();
    if (policy !== this.#policy) {
      if (this.busy) return null;
      this.#policy = policy;
      this.#replaceGenerator();
    }
    const room = this.#generator.room(maxBatch);
    return room.members > 0 && room.sequences > 0 ? room : null;
  }

  submit(request: ServingRequest): void {
    this.running.add(request.id);
    this.#generator.submit(request);
  }

  cancel(id: RequestId): void {
    this.#generator.cancel(id);
  }

  /** Passes that were planned and not committed. */
  get underWay(): number {
    return this.#generator.underWay;
  }

  begin(): StepStart {
    return this.#generator.begin();
  }

  commit(answer: Answer): StepResult {
    return this.#generator.commit(answer);
  }

  /** A generator answers for its backend's failures; should it throw itself, its requests fail and a new one goes on. */
  restart(error: unknown): readonly TaskEnd[] {
    this.#replaceGenerator();
    const { message } = toPlain(error);
    return [...this.running].map((id): TaskEnd => ({ type: 'failed', id, message }));
  }

  moveTo(backend: Backend): void {
    this.#backend = backend;
    this.#policy = this.#config().policy;
    this.#replaceGenerator();
  }

  /** Forgets everything. No step may follow but after `moveTo`. */
  close(): void {
    this.#generator.close();
  }

  #replaceGenerator(): void {
    this.#generator.close();
    this.#generator = this.#newGenerator();
  }

  #newGenerator(): InferenceGenerator {
    return generatorOf(this.#policy, this.#backend, this.#config);
  }
}
