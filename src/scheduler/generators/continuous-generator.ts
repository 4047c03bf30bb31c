import { decodeRows } from '../../core/backend';
import type { StepPhase } from '../../core/events';
import type { PlannedPass } from './generator';
import { PipelinedGenerator } from './pipelined-generator';
import {
  hasPromptLeft,
  isDecoding,
  nextChunk,
  promptLeft,
  type Row,
  workOfChunks,
  workOfDecode,
} from './row';

/**
 * Slots instead of batches: a task takes a free slot between two passes and frees it when it ends, independently of the
 * others. A pass prefills new tasks or decodes all slots. While a slot is decoding, two prefills never follow each other and
 * a prefill has at most `maxPrefillTokensPerStep` tokens, so that new tasks cannot stall running ones.
 */
export class ContinuousBatchGenerator extends PipelinedGenerator {
  /** Row of each slot; a hole is a free slot. */
  #slots: (Row | undefined)[] = [];
  /** The rows in the slots; null when the list is stale. */
  #running: readonly Row[] | null = [];
  #lastPhase: StepPhase = 'decode';

  room(maxBatch: number) {
    const taken = this.running.length + this.waiting.length;
    return { members: maxBatch, sequences: Math.max(0, maxBatch - taken) };
  }

  override close(): void {
    super.close();
    this.#slots = [];
    this.#running = [];
  }

  protected get running(): readonly Row[] {
    this.#running ??= this.#slots.filter((row) => row !== undefined);
    return this.#running;
  }

  protected plan(): PlannedPass | null {
    const { running } = this;
    const decoding = running.some(isDecoding);
    const begun = running.find(hasPromptLeft);
    const newcomers = begun !== undefined || this.waiting.length > 0;
    const phase = newcomers && !(decoding && this.#lastPhase === 'prefill') ? 'prefill' : 'decode';
    if (phase === 'decode' && !decoding) return null;
    this.#lastPhase = phase;
    return phase === 'prefill' ? this.#prefill(begun) : this.#decode();
  }

  protected free(): void {
    this.#slots = this.#slots.map((row) => (row?.done ? undefined : row));
    this.#running = null;
    this.#trim();
  }

  /**
   * Whole prompts go together, in their order. A prompt that is longer than the budget goes in chunks, one prompt at a time;
   * short ones behind it may have half of each pass, so that they need not wait for its last chunk.
   */
  #prefill(begun: Row | undefined): PlannedPass {
    const { maxPrefillTokensPerStep: budget } = this.config();
    const head = begun ?? (this.waiting[0] as Row);
    const others = this.waiting.filter((row) => row !== head);
    const left = budget - promptLeft(head);
    const company = left >= 0 ? firstThatFit(others, left) : allThatFit(others, Math.floor(budget / 2));
    const rows = [head, ...company];
    const chosen = new Set(rows);
    this.waiting = this.waiting.filter((row) => !chosen.has(row));
    for (const row of rows) if (row !== begun) this.#take(row);
    const room = budget - company.reduce((sum, row) => sum + promptLeft(row), 0);
    const chunks = [nextChunk(head, room), ...company.map((row) => nextChunk(row))];
    return {
      phase: 'prefill',
      rows,
      slots: rows.map(({ slot }) => slot),
      partial: hasPromptLeft(head) ? head : null,
      work: workOfChunks(chunks, this.geometry),
      run: () => this.backend.step(chunks),
    };
  }

  /** Rows whose last token is under way need no more passes, but keep their slots until it arrives. */
  #decode(): PlannedPass {
    const moves = this.#compact();
    const rows = this.running.filter(isDecoding);
    const slots = rows.map(({ slot }) => slot);
    // All calls happen in one turn, so that no later pass comes between them; the backend keeps their order.
    const run = async () => {
      const moved = moves.map(({ from, to }) => this.backend.copyRow(from, to));
      const [tokens] = await Promise.all([this.backend.step(decodeRows(slots)), ...moved]);
      return tokens;
    };
    const work = workOfDecode(rows, this.geometry, moves.length);
    return { phase: 'decode', rows, slots, partial: null, work, run };
  }

  /** Gives the row the lowest free slot. */
  #take(row: Row): void {
    const hole = this.#slots.indexOf(undefined);
    this.#put(row, hole < 0 ? this.#slots.length : hole);
  }

  #put(row: Row, slot: number): void {
    row.slot = slot;
    this.#slots[slot] = row;
    this.#running = null;
  }

  /** Moves the highest rows into the holes, so that a pass over the first slots computes no free slot. */
  #compact(): readonly Move[] {
    const moves: Move[] = [];
    for (let hole = this.#slots.indexOf(undefined); hole >= 0; hole = this.#slots.indexOf(undefined, hole)) {
      const last = this.#slots.pop() as Row;
      moves.push({ from: last.slot, to: hole });
      this.#put(last, hole);
      this.#trim();
    }
    return moves;
  }

  /** Drops free slots at the end, so that the last slot is occupied. */
  #trim(): void {
    while (this.#slots.length > 0 && this.#slots.at(-1) === undefined) this.#slots.pop();
  }
}

interface Move {
  readonly from: number;
  readonly to: number;
}

/** The first rows whose prompts fit the budget together. */
function firstThatFit(rows: readonly Row[], budget: number): readonly Row[] {
  let tokens = 0;
  const over = rows.findIndex((row) => {
    tokens += promptLeft(row);
    return tokens > budget;
  });
  return over < 0 ? rows : rows.slice(0, over);
}

/** Rows whose prompts fit the budget together, in their order, past those that do not. */
function allThatFit(rows: readonly Row[], budget: number): readonly Row[] {
  let left = budget;
  return rows.filter((row) => {
    const fits = promptLeft(row) <= left;
    if (fits) left -= promptLeft(row);
    return fits;
  });
}
