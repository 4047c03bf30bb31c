import type { Backend, BackendCapabilities, PrefillRow } from '../core/backend';
import type { Clock } from '../core/clock';
import { HeadwayError } from '../core/errors';
import { microBatches } from '../core/micro-batches';
import type { ServingRequest } from '../core/request';

/** What a forward pass costs, in ms: a part for the pass, a part for each token of prefill, a part for each row of decode. */
export interface CostModel {
  readonly passMs: number;
  readonly prefillTokenMs: number;
  readonly decodeRowMs: number;
}

export interface SimulatedOptions {
  readonly clock: Clock;
  readonly cost: CostModel;
  readonly contextLength?: number;
  readonly passesAhead?: number;
  /** Slots that fit; any number if it is not said. */
  readonly most?: number;
  /** Resolves when the device is to be lost: passes fail from then on. */
  readonly lost?: Promise<string>;
  /** Called before each pass; what it throws is the pass's failure. */
  readonly beforePass?: (phase: 'prefill' | 'decode', rows: number) => void;
}

interface Sequence {
  readonly prompt: readonly number[];
  length: number;
}

const NOTHING: Sequence = { prompt: [], length: 0 };

const SIMULATED_EOS = 0;

/**
 * A model that costs time instead of computing. Its answer is a function of the prompt alone (`simulatedToken`), so that
 * a test can tell whose tokens it got. It holds each caller to the contract of `Backend` by throwing where a real one
 * would answer nonsense.
 */
export class SimulatedBackend implements Backend {
  readonly capabilities: BackendCapabilities;
  readonly lost: Promise<string>;
  readonly #slots = new Map<number, Sequence>();
  readonly #options: SimulatedOptions;
  /** The last pass or move: each begins when the one before has ended. */
  #tail: Promise<unknown> = Promise.resolve();

  constructor(options: SimulatedOptions) {
    this.#options = options;
    this.lost = options.lost ?? new Promise(() => {});
    this.capabilities = {
      adapter: { kind: 'simulated', name: 'Simulation', software: false },
      contextLength: options.contextLength ?? 128,
      vocabularySize: 1024,
      eosTokens: [SIMULATED_EOS],
      passesAhead: options.passesAhead ?? 0,
    };
  }

  microBatchCount(request: ServingRequest, microBatchSize: number): number {
    return microBatches(request, microBatchSize);
  }

  checkRoom(slots: number): void {
    const { most = Number.POSITIVE_INFINITY } = this.#options;
    if (slots <= most) return;
    throw new HeadwayError('cache-too-large', `${slots} slots were asked for; ${most} fit.`);
  }

  prefill(rows: readonly PrefillRow[]): Promise<readonly number[]> {
    const longest = Math.max(...rows.map((row) => row.tokens.length));
    const { passMs, prefillTokenMs } = this.#options.cost;
    return this.#pass('prefill', rows.length, passMs + prefillTokenMs * longest * rows.length, () =>
      rows.map((row) => {
        const prompt = [...this.#before(row, rows.length).prompt, ...row.tokens];
        this.#slots.set(row.slot, { prompt, length: prompt.length });
        return simulatedToken(prompt, 0);
      }),
    );
  }

  decode(slots: readonly number[]): Promise<readonly number[]> {
    const { passMs, decodeRowMs } = this.#options.cost;
    return this.#pass('decode', slots.length, passMs + decodeRowMs * slots.length, () =>
      slots.map((slot) => {
        const sequence = this.#sequence(slot);
        sequence.length = Math.min(sequence.length + 1, this.capabilities.contextLength);
        return simulatedToken(sequence.prompt, sequence.length - sequence.prompt.length);
      }),
    );
  }

  moveRow(from: number, to: number): Promise<void> {
    return this.#inOrder(async () => {
      this.#slots.set(to, this.#sequence(from));
      this.#slots.delete(from);
    });
  }

  memory(): null {
    return null;
  }

  dispose(): Promise<void> {
    this.#slots.clear();
    return Promise.resolve();
  }

  #pass(
    phase: 'prefill' | 'decode',
    rows: number,
    costMs: number,
    compute: () => readonly number[],
  ): Promise<readonly number[]> {
    return this.#inOrder(async () => {
      if (rows === 0) throw new HeadwayError('invalid-state', `A ${phase} of no rows.`);
      await this.#options.clock.sleep(costMs);
      this.#options.beforePass?.(phase, rows);
      return compute();
    });
  }

  #inOrder<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#tail.then(work);
    this.#tail = result.catch(() => {});
    return result;
  }

  /** What the slot holds when the row's tokens come. */
  #before({ slot, start }: PrefillRow, rows: number): Sequence {
    if (start === 0) return NOTHING;
    const before = this.#sequence(slot);
    if (rows === 1 && before.length === start) return before;
    throw new HeadwayError(
      'invalid-state',
      `A chunk from ${start} on, in a pass of ${rows} rows, for slot ${slot} of ${before.length} tokens.`,
    );
  }

  #sequence(slot: number): Sequence {
    const sequence = this.#slots.get(slot);
    if (!sequence) throw new HeadwayError('invalid-state', `Slot ${slot} holds no sequence.`);
    return sequence;
  }
}

/**
 * The `index`-th output token for a prompt: the prompt's last token is the answer's length, after which comes the end of
 * sequence for ever; the other tokens carry a checksum of the prompt, never 0.
 */
export function simulatedToken(prompt: readonly number[], index: number): number {
  if (index >= (prompt.at(-1) ?? 0)) return SIMULATED_EOS;
  const checksum = prompt.reduce((sum, token) => (sum * 31 + token) % 1009, 7);
  return 1 + ((checksum + index) % 1023);
}
