import type { Backend, BackendCapabilities, MemoryUse, PrefillRow } from '../core/backend';
import { HeadwayError } from '../core/errors';
import { microBatches } from '../core/micro-batches';
import type { ServingRequest } from '../core/request';
import type { Lane } from './lane';
import { type Pass, Sequences } from './sequences';

/** What differs between WASM and WebGPU: where cache and tokens live and how a pass is run over them. */
export interface Engine {
  /** The slots that a decode pass over these has to cover, where the cache is bound in place. */
  covering(slots: readonly number[]): readonly number[];
  /** @throws HeadwayError `cache-too-large` */
  checkRoom(slots: number): void;
  /** Passes that may be submitted before the tokens of the oldest are read. */
  readonly passesAhead: number;
  /** Submits the pass over the cache rows of its slots. Submissions never overlap; reading tokens may. */
  submit(pass: Pass): Promise<Submitted>;
  /** Copies slot `from`'s row of the cache, and its last token, over slot `to`'s. */
  copyRow(from: number, to: number): Promise<void>;
  /** Null where it cannot be counted. */
  memory(): MemoryUse | null;
  /** Resolves with the reason when the device is gone. */
  readonly lost: Promise<string>;
  dispose(): Promise<void>;
}

export interface Submitted {
  /** The next token of each selected row. */
  readonly tokens: Promise<readonly number[]>;
}

/** The real model behind core's `Backend`. Every call of onnxruntime goes through the worker's one lane. */
export class DecoderBackend implements Backend {
  readonly capabilities: BackendCapabilities;
  readonly lost: Promise<string>;
  readonly #engine: Engine;
  readonly #lane: Lane;
  readonly #sequences: Sequences;

  constructor(capabilities: Omit<BackendCapabilities, 'passesAhead'>, engine: Engine, lane: Lane) {
    this.capabilities = { ...capabilities, passesAhead: engine.passesAhead };
    this.#engine = engine;
    this.lost = engine.lost;
    this.#lane = lane;
    this.#sequences = new Sequences(capabilities.contextLength);
  }

  microBatchCount(request: ServingRequest, microBatchSize: number): number {
    return microBatches(request, microBatchSize);
  }

  checkRoom(slots: number): void {
    this.#engine.checkRoom(slots);
  }

  prefill(rows: readonly PrefillRow[]): Promise<readonly number[]> {
    return this.#run(() => this.#sequences.prefill(rows));
  }

  decode(slots: readonly number[]): Promise<readonly number[]> {
    return this.#run(() => this.#sequences.decode(slots, this.#engine.covering(slots)));
  }

  moveRow(from: number, to: number): Promise<void> {
    return this.#lane.run(async () => {
      await this.#engine.copyRow(from, to);
      this.#sequences.move(from, to);
    });
  }

  memory(): MemoryUse | null {
    return this.#engine.memory();
  }

  dispose(): Promise<void> {
    return this.#lane.run(() => this.#engine.dispose());
  }

  /** The lane is free again when the pass is submitted: the next one need not wait for this one's tokens. */
  async #run(plan: () => Pass): Promise<readonly number[]> {
    let what = 'A forward pass';
    try {
      const { tokens } = await this.#lane.run(() => {
        const pass = plan();
        what = `A forward pass of ${pass.slots.length} rows of ${pass.width} tokens`;
        return this.#engine.submit(pass);
      });
      return await tokens;
    } catch (error) {
      throw new HeadwayError('backend-failed', `${what} failed: ${(error as Error).message}`, {
        cause: error,
      });
    }
  }
}
