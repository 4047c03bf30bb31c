import type { Backend, BackendCapabilities, StepRow } from '../core/backend';
import type { Clock } from '../core/clock';
import { HeadwayError } from '../core/errors';
import type { StepPhase } from '../core/events';
import type { Sampling, ServingRequest } from '../core/request';
import { microBatches } from '../core/request';
import { type SimulatedAnswer, simulatedAnswer, simulatedTokenOf } from './simulated-answer';

/** What a forward pass costs, in ms: a part for the pass, a part for each token of prefill, a part for each row of decode. */
export interface CostModel {
  readonly passMs: number;
  readonly prefillTokenMs: number;
  readonly decodeRowMs: number;
}

/** A forward pass that has been computed. */
export interface SimulatedPass {
  readonly phase: StepPhase;
  readonly slots: readonly number[];
  /** Of each row, the prompt that its slot holds as far as it has come. */
  readonly prompts: readonly (readonly number[])[];
  /** Prompt tokens that came in this pass. */
  readonly prefilled: number;
  /** The next one of each row. */
  readonly tokens: readonly number[];
}

export interface SimulatedOptions {
  readonly clock: Clock;
  readonly cost: CostModel;
  readonly contextLength?: number;
  readonly passesAhead?: number;
  /** Slots that fit; any number if it is not said. */
  readonly most?: number;
  /** Resolves when the device is to be lost. */
  readonly lost?: Promise<string>;
  /** The backend answers what it returns; what it throws is the pass's failure. */
  readonly afterPass?: (pass: SimulatedPass) => readonly number[];
}

interface Sequence {
  readonly prompt: readonly number[];
  readonly answer: SimulatedAnswer;
  length: number;
}

/** In a slot that was never filled, or whose pass has failed: it is computed, and its tokens mean nothing. */
const rubbish = (): Sequence => ({ prompt: [], answer: simulatedAnswer([], null), length: 0 });

/** 0 is in no simulated answer. */
const EOS = 0;

/**
 * A model that costs time instead of computing. Its answer is a function of prompt and seed alone (`simulatedAnswer`), so
 * that a test can tell whose tokens it got. It throws where its caller breaks the contract of `Backend`.
 */
export class SimulatedBackend implements Backend {
  readonly capabilities: BackendCapabilities;
  readonly lost: Promise<string>;
  #slots: (Sequence | undefined)[] = [];
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
      eosTokens: [EOS],
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

  step(rows: readonly StepRow[]): Promise<readonly number[]> {
    const prompts = rows.flatMap(({ tokens }) => tokens?.length ?? []);
    const decoded = rows.length - prompts.length;
    const { passMs, prefillTokenMs, decodeRowMs } = this.#options.cost;
    // A prompt's row is padded to the longest one.
    const padded = prompts.length * Math.max(0, ...prompts);
    const costMs = passMs + prefillTokenMs * padded + decodeRowMs * decoded;
    const slots = rows.map(({ slot }) => slot);
    return this.#pass(prompts.length > 0 ? 'prefill' : 'decode', slots, costMs, () => {
      for (const row of rows) this.#advance(row);
      return prompts.reduce((sum, tokens) => sum + tokens, 0);
    });
  }

  copyRow(from: number, to: number): Promise<void> {
    return this.#inOrder(async () => {
      this.#slots[to] = { ...this.#sequence(from) };
    });
  }

  memory(): null {
    return null;
  }

  dispose(): Promise<void> {
    this.#slots = [];
    return Promise.resolve();
  }

  /** @param compute @returns prompt tokens that came */
  #pass(
    phase: StepPhase,
    slots: readonly number[],
    costMs: number,
    compute: () => number,
  ): Promise<readonly number[]> {
    return this.#inOrder(async () => {
      if (slots.length === 0 || new Set(slots).size < slots.length) {
        throw new HeadwayError('invalid-state', `A ${phase} of no rows, or of one twice: [${slots}].`);
      }
      await this.#options.clock.sleep(costMs);
      const prefilled = compute();
      const sequences = slots.map((slot) => this.#sequence(slot));
      const tokens = sequences.map(nextTokenOf);
      const { afterPass } = this.#options;
      if (!afterPass) return tokens;
      try {
        const prompts = sequences.map(({ prompt }) => prompt);
        return afterPass({ phase, slots, prompts, prefilled, tokens });
      } catch (error) {
        for (const slot of slots) this.#slots[slot] = rubbish();
        throw error;
      }
    });
  }

  #inOrder<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#tail.then(work);
    this.#tail = result.catch(() => {});
    return result;
  }

  #advance(row: StepRow): void {
    const { slot, tokens } = row;
    if (tokens) this.#slots[slot] = this.#withChunk(row, tokens);
    else {
      const sequence = this.#sequence(slot);
      sequence.length = Math.min(sequence.length + 1, this.capabilities.contextLength);
    }
  }

  /** What the slot holds with these prompt tokens. */
  #withChunk({ slot, start, sampling }: StepRow, tokens: readonly number[]): Sequence {
    if (start === 0) return begun(tokens, sampling);
    const before = this.#sequence(slot);
    if (before.prompt.length === 0) return rubbish();
    if (before.length === start) return begun([...before.prompt, ...tokens], sampling);
    throw new HeadwayError(
      'invalid-state',
      `A chunk begins where its slot ends; given: from ${start} on, for slot ${slot} of ${before.length} tokens.`,
    );
  }

  #sequence(slot: number): Sequence {
    this.#slots[slot] ??= rubbish();
    return this.#slots[slot];
  }
}

const begun = (prompt: readonly number[], sampling: Sampling | null): Sequence => ({
  prompt,
  answer: simulatedAnswer(prompt, sampling),
  length: prompt.length,
});

const nextTokenOf = ({ prompt, answer, length }: Sequence): number =>
  simulatedTokenOf(answer, length - prompt.length) ?? EOS;
