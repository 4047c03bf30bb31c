import type { Backend } from '../../core/backend';
import type { StepPhase } from '../../core/events';
import type { RequestId, ServingRequest } from '../../core/request';
import type { ServingConfig } from '../../core/serving-config';
import type { InferenceGenerator, Room, StepResult, TaskEnd, Written } from './generator';
import { cancelRows, checkTokens, commitTokens, failRows, isLeft, newRows, type Row } from './row';

/** A forward pass that is asked for: these rows, in this order. */
export interface PlannedPass {
  readonly phase: StepPhase;
  readonly rows: readonly Row[];
  /** Where each row is in this pass; in a later one it may be elsewhere. */
  readonly slots: readonly number[];
  /** Whether its tokens are its rows' next ones; a chunk of a prompt that is not its last gives none. */
  readonly answers: boolean;
  /** Hands the pass to the backend, in this very turn. @returns the next token of each row, once it is known */
  run(): Promise<readonly number[]>;
}

type Answer = { readonly tokens: readonly number[] } | { readonly error: unknown };

interface PassUnderWay {
  readonly pass: PlannedPass;
  readonly answer: Promise<Answer>;
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
  /** Whether somebody has been cancelled since the last look. */
  #cancelled = false;
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

  get busy(): boolean {
    return this.#underWay.length > 0 || this.waiting.length > 0 || this.running.some(isLeft);
  }

  submit(task: ServingRequest): void {
    this.waiting.push(...newRows(task));
  }

  cancel(id: RequestId): void {
    for (const { task, done } of [...this.running, ...this.waiting]) {
      if (task.request.id !== id || done) continue;
      task.cancelled = true;
      this.#cancelled = true;
    }
  }

  async step(): Promise<StepResult> {
    const cancelled = this.#applyCancellations();
    // Their slots are free now: others may take them before the next pass is planned.
    if (cancelled.length > 0) return { pass: null, ends: cancelled };
    while (this.#underWay.length <= this.backend.capabilities.passesAhead) {
      const pass = this.plan();
      if (!pass) break;
      if (pass.answers) for (const row of pass.rows) row.asked += 1;
      this.#underWay.push({ pass, answer: handOver(pass) });
    }
    const [oldest] = this.#underWay;
    if (!oldest) return { pass: null, ends: [] };
    const { phase, rows, slots, answers } = oldest.pass;
    if (phase === 'decode') this.#unlooked += 1;
    const answer = await oldest.answer;
    this.#underWay.shift();
    const wasted = rows.flatMap(({ done }, place) => (done ? place : []));
    const useful = rows.length - wasted.length;
    const gone = wasted.filter((place) => rows[place]?.gone).length;
    const members = rows.map(({ task }) => task.request.id);
    const written: Written = { ids: [], tokens: [], sequences: [] };
    const ends = this.#commit(oldest.pass, answer, written);
    this.#release();
    const places = { slots, members, wasted };
    return { pass: { phase, rows: rows.length, useful, gone, ...places, answers, ...written }, ends };
  }

  close(): void {
    this.waiting = [];
    this.#underWay = [];
  }

  #applyCancellations(): TaskEnd[] {
    const early = this.#unlooked > 0 && this.#unlooked < this.config().cancelCheckEvery;
    if (early && this.running.some(isLeft)) return [];
    this.#unlooked = 0;
    if (!this.#cancelled) return [];
    this.#cancelled = false;
    const ends = cancelRows([...this.running, ...this.waiting]);
    this.#release();
    return ends;
  }

  #commit({ rows, answers }: PlannedPass, answer: Answer, written: Written): TaskEnd[] {
    if ('error' in answer) return failRows(rows, answer.error);
    try {
      checkTokens(rows, answer.tokens);
      const { eosTokens } = this.backend.capabilities;
      return answers ? commitTokens(rows, answer.tokens, eosTokens, written) : [];
    } catch (error) {
      return failRows(rows, error);
    }
  }

  /** Nobody who has ended waits or holds a slot. */
  #release(): void {
    if (!this.waiting.every(isLeft)) this.waiting = this.waiting.filter(isLeft);
    if (!this.running.every(isLeft)) this.free();
  }
}

async function handOver(pass: PlannedPass): Promise<Answer> {
  try {
    return { tokens: await pass.run() };
  } catch (error) {
    return { error };
  }
}
