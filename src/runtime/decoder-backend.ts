import type { Backend, BackendCapabilities, MemoryUse, StepRow } from '../core/backend';
import { HeadwayError } from '../core/errors';
import type { ServingRequest } from '../core/request';
import { microBatches } from '../core/request';
import type { StepGeometry } from '../core/step-work';
import type { Lane } from './lane';
import { type Pass, Sequences } from './sequences';

/** What differs between WASM and WebGPU: where cache and tokens live and how a pass is run over them. */
export interface Engine {
  /** The slots that a decode pass over these has to cover, where the cache is bound in place. */
  covering(slots: readonly number[]): readonly number[];
  /** @throws HeadwayError `cache-too-large` */
  checkRoom(slots: number): void;
  /** How it lays out the rows of a pass now. */
  readonly geometry: StepGeometry;
  /** Passes that may be submitted before the tokens of the oldest are read. */
  readonly passesAhead: number;
  /** Submits the pass over the cache rows of its slots. Submissions never overlap; reading tokens may. */
  submit(pass: Pass, options?: { readonly logits: boolean }): Promise<Submitted>;
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
  /** Of each selected row, where they were asked for. */
  readonly logits?: Promise<readonly Float32Array[]>;
}

/** The real model behind core's `Backend`. Every call of onnxruntime goes through the worker's one lane. */
export class DecoderBackend implements Backend {
  readonly capabilities: BackendCapabilities;
  readonly lost: Promise<string>;
  readonly #engine: Engine;
  readonly #lane: Lane;
  readonly #sequences: Sequences;

  constructor(
    capabilities: Omit<BackendCapabilities, 'passesAhead' | 'geometry'>,
    engine: Engine,
    lane: Lane,
  ) {
    this.capabilities = {
      ...capabilities,
      passesAhead: engine.passesAhead,
      get geometry() {
        return engine.geometry;
      },
    };
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

  /** New prompts go in one forward pass, each later chunk of a prompt in one of its own, rows fed back in one. */
  async step(rows: readonly StepRow[]): Promise<readonly number[]> {
    const groups = forwardPasses(rows);
    // All are submitted in this turn, so no other step comes between them.
    const answers = await Promise.all(
      groups.map((places) => this.#run(places.map((place) => rows[place] as StepRow))),
    );
    const tokens = new Array<number>(rows.length);
    groups.forEach((places, group) => {
      places.forEach((place, row) => {
        tokens[place] = answers[group]?.[row] as number;
      });
    });
    return tokens;
  }

  copyRow(from: number, to: number): Promise<void> {
    return this.#lane.run(async () => {
      await this.#engine.copyRow(from, to);
      this.#sequences.copy(from, to);
    });
  }

  memory(): MemoryUse | null {
    return this.#engine.memory();
  }

  dispose(): Promise<void> {
    return this.#lane.run(() => this.#engine.dispose());
  }

  /** The lane is free again when the pass is submitted: the next one need not wait for this one's tokens. */
  async #run(rows: readonly StepRow[]): Promise<readonly number[]> {
    let what = 'A forward pass';
    try {
      const { tokens } = await this.#lane.run(() => {
        const pass = this.#plan(rows);
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

  #plan(rows: readonly StepRow[]): Pass {
    if (rows[0]?.tokens) return this.#sequences.prefill(rows);
    const slots = rows.map(({ slot }) => slot);
    return this.#sequences.decode(slots, this.#engine.covering(slots));
  }
}

/** The places in `rows` of each forward pass that a step takes. */
function forwardPasses(rows: readonly StepRow[]): number[][] {
  const places = rows.map((_, place) => place);
  const prompts = places.filter((place) => rows[place]?.tokens && rows[place].start === 0);
  const chunks = places.filter((place) => rows[place]?.tokens && rows[place].start > 0);
  const decodes = places.filter((place) => !rows[place]?.tokens);
  return [prompts, ...chunks.map((place) => [place]), decodes].filter(({ length }) => length > 0);
}
