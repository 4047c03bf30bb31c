import type { Backend } from '../core/backend';
import { toPlain } from '../core/errors';
import type { RequestId, ServingRequest } from '../core/request';
import type { Policy, ServingConfig } from '../core/serving-config';
import { SequentialGenerator, StaticBatchGenerator } from './generators/batch-generators';
import { ContinuousBatchGenerator } from './generators/continuous-generator';
import type { Answer, InferenceGenerator, Room, StepResult, StepStart } from './generators/generator';
import type { TaskEnd } from './generators/row';

const GENERATORS = {
  sequential: SequentialGenerator,
  static: StaticBatchGenerator,
  continuous: ContinuousBatchGenerator,
} satisfies Record<Policy, unknown>;

/** @param config returns the configuration in force */
const generatorOf = (policy: Policy, backend: Backend, config: () => ServingConfig): InferenceGenerator =>
  new GENERATORS[policy](backend, config);

/** The generator of the policy in force and its requests. A new policy takes over when the old generator is empty. */
export class Generation {
  /** Requests under way. The scheduler removes each when it settles it. */
  readonly running = new Set<RequestId>();
  /** Returns the configuration in force. */
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

  /** What the generator can start in its next step; null if it is full or ends for a new policy. */
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

  /** The generator handles failures of the backend. If the generator itself throws, its requests fail and a new generator replaces it. */
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

  /** Drops all requests. `moveTo` must come before the next step. */
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
