import type { Backend } from '../../core/backend';
import type { StepPhase } from '../../core/events';
import type { RequestId, ServingRequest } from '../../core/request';
import type { ServingConfig } from '../../core/serving-config';
import type { GeneratorEvent, InferenceGenerator, Room, StepResult } from './generator';
import { cancelRows, commitTokens, failRows, newRows, type Row } from './row';

/** A forward pass that is asked for: these rows, in this order. */
export interface PlannedPass {
  readonly phase: StepPhase;
  readonly rows: readonly Row[];
  /** Whether its tokens are its rows' next ones; a chunk of a prompt that is not its last gives none. */
  readonly answers: boolean;
  /** Hands the pass to the backend, in this very turn. @returns the next token of each row, once it is known */
  run(): Promise<readonly number[]>;
}

interface PassUnderWay {
  readonly pass: PlannedPass;
  readonly tokens: Promise<readonly number[] | { readonly error: unknown }>;
}

/**
 * What all generators share: a step plans and hands over passes, then commits the oldest. A backend that feeds its own
 * tokens back may have `passesAhead` more passes under way than the one awaited, so that it never waits for us; a row
 * that ends meanwhile is computed on in them, and those rows count as wasted. Subclasses decide who runs: `plan`.
 */
export abstract class PipelinedGenerator implements InferenceGenerator {
  protected readonly backend: Backend;
  /** What is in force at the time. */
  protected readonly config: () => ServingConfig;
  protected waiting: Row[] = [];
  readonly #cancelled = new Set<RequestId>();
  #underWay: PassUnderWay[] = [];
  /** Decode steps since the last look at cancellations. */
  #unlooked = 0;

  constructor(backend: Backend, config: () => ServingConfig) {
    this.backend = backend;
    this.config = config;
  }

  abstract room(maxBatch: number): Room;

  /** The next pass, or null if nobody needs one; the rows it names are taken to run. */
  protected abstract plan(): PlannedPass | null;

  /** Rows that hold a slot. */
  protected abstract readonly running: readonly Row[];

  /** Rows have ended: their slots may be given away. */
  protected abstract free(): void;

  get size(): number {
    return this.waiting.length + this.running.filter((row) => !row.done).length;
  }

  get busy(): boolean {
    return this.size > 0 || this.#underWay.length > 0;
  }

  submit(task: ServingRequest): void {
    this.waiting.push(...newRows(task));
  }

  cancel(id: RequestId): void {
    const holds = (row: Row) => row.task.request.id === id && !row.done;
    if (this.waiting.some(holds) || this.running.some(holds)) this.#cancelled.add(id);
  }

  async step(): Promise<StepResult> {
    const cancelled = this.#applyCancellations();
    while (this.#underWay.length <= this.backend.capabilities.passesAhead) {
      const pass = this.plan();
      if (!pass) break;
      if (pass.answers) for (const row of pass.rows) row.asked += 1;
      this.#underWay.push({ pass, tokens: pass.run().catch((error: unknown) => ({ error })) });
    }
    const oldest = this.#underWay.shift();
    if (!oldest) return { pass: null, events: cancelled };
    const { phase, rows, answers } = oldest.pass;
    if (phase === 'decode') this.#unlooked += 1;
    const tokens = await oldest.tokens;
    const useful = rows.filter((row) => !row.done).length;
    const gone = rows.filter((row) => row.gone).length;
    const events = this.#commit(oldest.pass, tokens);
    this.free();
    return { pass: { phase, rows: rows.length, useful, gone, answers }, events: [...cancelled, ...events] };
  }

  close(): void {
    this.waiting = [];
    this.#underWay = [];
  }

  #applyCancellations(): GeneratorEvent[] {
    const decoding = this.#unlooked > 0 && this.running.some((row) => !row.done);
    if (decoding && this.#unlooked < this.config().cancelCheckEvery) return [];
    this.#unlooked = 0;
    const events = cancelRows([...this.running, ...this.waiting], this.#cancelled);
    this.#cancelled.clear();
    this.waiting = this.waiting.filter((row) => !row.done);
    this.free();
    return events;
  }

  #commit({ rows, answers }: PlannedPass, tokens: Awaited<PassUnderWay['tokens']>): GeneratorEvent[] {
    if ('error' in tokens) return failRows(rows, tokens.error);
    try {
      if (!answers) return [];
      return commitTokens(rows, tokens, this.backend.capabilities.eosTokens);
    } catch (error) {
      return failRows(rows, error);
    }
  }
}
