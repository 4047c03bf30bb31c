import type { Backend, BackendCapabilities, PrefillRow } from '../core/backend';
import { HeadwayError } from '../core/errors';
import type { Lane } from './lane';
import { type Pass, Sequences } from './sequences';

/** What differs between WASM and WebGPU: where the cache lives and how a pass is run over it. */
export interface Engine {
  /** True if a decode pass must cover all rows from slot 0 to its highest, since the cache is bound in place. */
  readonly rowsFromZero: boolean;
  /** Runs the pass over the cache rows of its slots. @returns the greedy next token of each row */
  forward(pass: Pass): Promise<readonly number[]>;
  /** Copies slot `from`'s row of the cache over slot `to`'s. */
  copyRow(from: number, to: number): Promise<void>;
  dispose(): Promise<void>;
}

/** The real model behind core's `Backend`. Everything it does goes through the worker's one lane. */
export class DecoderBackend implements Backend {
  readonly capabilities: BackendCapabilities;
  readonly #engine: Engine;
  readonly #lane: Lane;
  readonly #sequences: Sequences;

  constructor(capabilities: BackendCapabilities, engine: Engine, lane: Lane) {
    this.capabilities = capabilities;
    this.#engine = engine;
    this.#lane = lane;
    this.#sequences = new Sequences(capabilities.contextLength);
  }

  microBatchCount(): number {
    return 1;
  }

  prefill(rows: readonly PrefillRow[]): Promise<readonly number[]> {
    const slots = rows.map((row) => row.slot);
    return this.#run(slots, () => this.#sequences.prefillPass(rows));
  }

  decode(slots: readonly number[]): Promise<readonly number[]> {
    const rows = this.#engine.rowsFromZero ? upTo(Math.max(...slots)) : slots;
    return this.#run(slots, () => this.#sequences.decodePass(rows));
  }

  moveRow(from: number, to: number): Promise<void> {
    return this.#lane.run(async () => {
      await this.#engine.copyRow(from, to);
      this.#sequences.move(from, to);
    });
  }

  dispose(): Promise<void> {
    return this.#lane.run(() => this.#engine.dispose());
  }

  /** Rows that the pass computed beside `slots` keep their state: what they wrote is written again when their turn comes. */
  #run(slots: readonly number[], plan: () => Pass): Promise<readonly number[]> {
    return this.#lane.run(async () => {
      const pass = plan();
      const answers = await this.#engine.forward(pass).catch((error: unknown) => {
        const what = `${pass.slots.length} rows of ${pass.width} tokens`;
        throw new HeadwayError(
          'backend-failed',
          `A forward pass of ${what} failed: ${(error as Error).message}`,
          {
            cause: error,
          },
        );
      });
      const tokens = slots.map((slot) => answers[pass.slots.indexOf(slot)] as number);
      this.#sequences.commit(pass, slots, tokens);
      return tokens;
    });
  }
}

const upTo = (highest: number): number[] => Array.from({ length: highest + 1 }, (_, slot) => slot);
