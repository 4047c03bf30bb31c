import { decodeRows } from '../../core/backend';
import type { StepPhase } from '../../core/events';
import type { PlannedPass } from './generator';
import { PipelinedGenerator } from './pipelined-generator';
import { hasPromptLeft, isDecoding, nextChunk, type Row, workOfChunks, workOfDecode } from './row';

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

  /** A prompt under way continues before another begins. Whole prompts go together; a longer prompt goes in chunks, alone. */
  #prefill(begun: Row | undefined): PlannedPass {
    const { maxPrefillTokensPerStep: budget } = this.config();
    const rows = begun ? [begun] : this.waiting.splice(0, wholePrompts(this.waiting, budget) || 1);
    if (!begun) for (const row of rows) this.#take(row);
    const chunks = rows.map((row) => nextChunk(row, budget));
    const answers = !rows.some(hasPromptLeft);
    const slots = rows.map(({ slot }) => slot);
    const work = workOfChunks(chunks, this.geometry);
    return { phase: 'prefill', rows, slots, answers, work, run: () => this.backend.step(chunks) };
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
    return { phase: 'decode', rows, slots, answers: true, work, run };
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

/** How many of the first rows have prompts that together fit the budget. */
function wholePrompts(rows: readonly Row[], budget: number): number {
  let tokens = 0;
  const over = rows.findIndex(({ task }) => {
    tokens += task.request.prompt.length;
    return tokens > budget;
  });
  return over < 0 ? rows.length : over;
}
