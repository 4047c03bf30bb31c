import type { StepRow } from '../../src/core/backend';
import type { Clock } from '../../src/core/clock';
import type { StepPhase } from '../../src/core/events';
import type { RequestId, ServingRequest } from '../../src/core/request';
import { SimulatedBackend, type SimulatedOptions } from '../../src/simulator/simulated-backend';

/** A sequence in a forward pass. */
export interface PassRow {
  readonly id: RequestId;
  readonly sequence: number;
  /** Tokens that were asked for it before this pass. */
  readonly asked: number;
}

/** A forward pass, as it was handed over. */
export interface PassEntry {
  readonly type: 'pass';
  /** When it was handed over, ms. */
  readonly at: number;
  readonly phase: StepPhase;
  readonly slots: readonly number[];
  /** Of each slot. */
  readonly rows: readonly PassRow[];
  /** Prompt tokens. */
  readonly prefilled: number;
  /** When it had ended, and how; Infinity and null while it has not. */
  endedAt: number;
  end: 'ok' | 'failed' | 'miscounted' | 'thrown' | null;
}

interface Held {
  readonly id: RequestId;
  readonly sequence: number;
  prefilled: number;
  asked: number;
}

interface Watching {
  /** By convention, a prompt's first token is its request's id. */
  readonly submitted: ReadonlyMap<RequestId, ServingRequest>;
  /** What it throws, the call throws. */
  readonly record: (pass: PassEntry) => void;
}

/** The simulated backend, and what it was asked, in order. Calls are in the order of passes, so slots are known ahead. */
export class RecordedBackend extends SimulatedBackend {
  readonly #clock: Clock;
  readonly #watching: Watching;
  readonly #slots = new Map<number, Held>();
  /** Sequences of each request that have been begun. */
  readonly #begun = new Map<RequestId, number>();

  constructor(options: SimulatedOptions, watching: Watching) {
    super(options);
    this.#clock = options.clock;
    this.#watching = watching;
  }

  override step(rows: readonly StepRow[]): Promise<readonly number[]> {
    let prefilled = 0;
    for (const { slot, start, tokens } of rows) {
      if (!tokens) continue;
      if (start === 0) this.#begin(slot, tokens[0] as RequestId);
      (this.#slots.get(slot) as Held).prefilled += tokens.length;
      prefilled += tokens.length;
    }
    const slots = rows.map(({ slot }) => slot);
    const pass = this.#pass(prefilled > 0 ? 'prefill' : 'decode', slots, prefilled);
    return this.#watch(pass, super.step(rows));
  }

  override copyRow(from: number, to: number): Promise<void> {
    this.#slots.set(to, this.#slots.get(from) as Held);
    this.#slots.delete(from);
    return super.copyRow(from, to);
  }

  #begin(slot: number, id: RequestId): void {
    const sequence = this.#begun.get(id) ?? 0;
    this.#begun.set(id, sequence + 1);
    this.#slots.set(slot, { id, sequence, prefilled: 0, asked: 0 });
  }

  #pass(phase: StepPhase, slots: readonly number[], prefilled: number): PassEntry {
    const rows = slots.map((slot): PassRow => {
      const held = this.#slots.get(slot) as Held;
      const { id, sequence, asked } = held;
      if (held.prefilled === this.#watching.submitted.get(id)?.prompt.length) held.asked += 1;
      return { id, sequence, asked };
    });
    const at = this.#clock.now();
    const pass: PassEntry = { type: 'pass', at, phase, slots, rows, prefilled, endedAt: at, end: 'thrown' };
    this.#watching.record(pass);
    pass.endedAt = Number.POSITIVE_INFINITY;
    pass.end = null;
    return pass;
  }

  #watch(pass: PassEntry, tokens: Promise<readonly number[]>): Promise<readonly number[]> {
    const ended = (end: PassEntry['end']) => {
      pass.endedAt = this.#clock.now();
      pass.end = end;
    };
    tokens.then(
      ({ length }) => ended(length === pass.slots.length ? 'ok' : 'miscounted'),
      () => ended('failed'),
    );
    return tokens;
  }
}
