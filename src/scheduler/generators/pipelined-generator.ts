import type { Backend } from '../../core/backend';
import type { RequestId, ServingRequest } from '../../core/request';
import type { ServingConfig } from '../../core/serving-config';
import { EXACT_GEOMETRY, type StepGeometry } from '../../core/step-work';
import type { Answer, InferenceGenerator, PlannedPass, Room, StepResult, StepStart } from './generator';
import {
  cancelRows,
  checkTokens,
  commitTokens,
  failRows,
  isLeft,
  newRows,
  type Row,
  type TaskEnd,
  type Written,
} from './row';

/**
 * What all generators share: a step plans passes, and commits the oldest when it has ended. A backend that feeds its own
 * tokens back may have `passesAhead` more passes under way than the one awaited, so that it never waits for us; a row
 * that ends meanwhile is computed on in them, and those rows count as wasted. Subclasses decide who runs: `plan`.
 */
export abstract class PipelinedGenerator implements InferenceGenerator {
  protected readonly backend: Backend;
  /** Returns the configuration in force. */
  protected readonly config: () => ServingConfig;
  protected waiting: Row[] = [];
  /** Whether a task was cancelled since the last check. */
  #cancelled = false;
  #underWay: PlannedPass[] = [];
  /** Decode steps since the last check for cancellations. */
  #unlooked = 0;

  constructor(backend: Backend, config: () => ServingConfig) {
    this.backend = backend;
    this.config = config;
  }

  abstract room(maxBatch: number): Room;

  protected get geometry(): StepGeometry {
    return this.backend.capabilities.geometry ?? EXACT_GEOMETRY;
  }

  /** The next pass, or null if no row needs one. Its rows count as running from now on. */
  protected abstract plan(): PlannedPass | null;

  /** Rows that occupy a slot. */
  protected abstract readonly running: readonly Row[];

  /** Called after rows have ended: frees their slots. */
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

  get underWay(): number {
    return this.#underWay.length;
  }

  begin(): StepStart {
    const ends = this.#applyCancellations();
    if (ends.length > 0) return { ends, passes: [] };
    const passes: PlannedPass[] = [];
    while (this.#underWay.length <= this.backend.capabilities.passesAhead) {
      const pass = this.plan();
      if (!pass) break;
      for (const row of pass.rows) if (row !== pass.partial) row.asked += 1;
      this.#underWay.push(pass);
      passes.push(pass);
    }
    const [oldest] = this.#underWay;
    if (oldest?.phase === 'decode') this.#unlooked += 1;
    return { ends, passes };
  }

  commit(answer: Answer): StepResult {
    const pass = this.#underWay.shift() as PlannedPass;
    const { phase, rows, slots, partial, work } = pass;
    const members: RequestId[] = [];
    const wasted: number[] = [];
    let gone = 0;
    for (let place = 0; place < rows.length; place++) {
      const row = rows[place] as Row;
      members.push(row.task.request.id);
      if (!row.done) continue;
      wasted.push(place);
      if (row.gone) gone += 1;
    }
    const useful = rows.length - wasted.length;
    const written: Written = { ids: [], tokens: [], sequences: [] };
    const ends = this.#commit(pass, answer, written);
    this.#release();
    return {
      pass: {
        phase,
        rows: rows.length,
        useful,
        gone,
        slots,
        members,
        wasted,
        answers: partial === null,
        work,
        ids: written.ids,
        tokens: written.tokens,
        sequences: written.sequences,
      },
      ends,
    };
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

  #commit(pass: PlannedPass, answer: Answer, written: Written): TaskEnd[] {
    const { rows } = pass;
    if ('error' in answer) return failRows(rows, answer.error);
    try {
      checkTokens(rows, answer.tokens);
      const { eosTokens } = this.backend.capabilities;
      return commitTokens(pass, answer.tokens, eosTokens, written);
    } catch (error) {
      return failRows(rows, error);
    }
  }

  /** Removes ended rows from the waiting line and from the slots. */
  #release(): void {
    if (!this.waiting.every(isLeft)) this.waiting = this.waiting.filter(isLeft);
    if (!this.running.every(isLeft)) this.free();
  }
}
