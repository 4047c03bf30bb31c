import type { StepPhase } from '../../core/events';
import { PipelinedGenerator, type PlannedPass } from './pipelined-generator';
import { isLive, type Row } from './row';

/**
 * Slots instead of batches: a task takes a free slot between two passes and leaves it when it has ended, whatever the
 * others do. A pass is a prefill of the newcomers or a decode of all slots, and two prefills never follow each other
 * while somebody is decoding: newcomers cannot stall those who run.
 */
export class ContinuousBatchGenerator extends PipelinedGenerator {
  /** Row of each slot; holes are free slots. */
  #slots: (Row | undefined)[] = [];
  #lastPhase: StepPhase = 'decode';

  room(maxBatch: number): number {
    return Math.max(0, maxBatch - this.size);
  }

  override close(): void {
    super.close();
    this.#slots = [];
  }

  protected get running(): readonly Row[] {
    return this.#slots.filter((row) => row !== undefined);
  }

  protected plan(): PlannedPass | null {
    const decoding = this.running.some(isLive);
    const phase =
      this.waiting.length > 0 && !(decoding && this.#lastPhase === 'prefill') ? 'prefill' : 'decode';
    if (phase === 'decode' && !decoding) return null;
    this.#lastPhase = phase;
    return phase === 'prefill' ? this.#prefill() : this.#decode();
  }

  protected free(): void {
    this.#slots = this.#slots.map((row) => (row?.done ? undefined : row));
    while (this.#slots.length > 0 && this.#slots.at(-1) === undefined) this.#slots.pop();
  }

  #prefill(): PlannedPass {
    const rows = this.waiting.splice(0);
    const placed = rows.map((row) => ({ slot: this.#take(row), prompt: row.task.prompt }));
    return { phase: 'prefill', rows, run: () => this.backend.prefill(placed) };
  }

  /** Those whose last token is under way already need no more passes, but keep their slots until it is here. */
  #decode(): PlannedPass {
    const moves = this.#compact();
    const rows = this.running.filter(isLive);
    const slots = rows.map((row) => this.#slots.indexOf(row));
    // All are called in one turn, so that no later pass comes between them; the backend keeps their order.
    const run = async () => {
      const moved = moves.map(({ from, to }) => this.backend.moveRow(from, to));
      const [tokens] = await Promise.all([this.backend.decode(slots), ...moved]);
      return tokens;
    };
    return { phase: 'decode', rows, run };
  }

  /** @returns the lowest free slot, now the row's */
  #take(row: Row): number {
    const hole = this.#slots.indexOf(undefined);
    const slot = hole < 0 ? this.#slots.length : hole;
    this.#slots[slot] = row;
    return slot;
  }

  /** The highest rows move into the holes, so that a pass over the first slots computes nobody in vain. */
  #compact(): readonly { readonly from: number; readonly to: number }[] {
    const moves: { from: number; to: number }[] = [];
    for (let hole = this.#slots.indexOf(undefined); hole >= 0; hole = this.#slots.indexOf(undefined)) {
      moves.push({ from: this.#slots.length - 1, to: hole });
      this.#slots[hole] = this.#slots.pop();
      this.free();
    }
    return moves;
  }
}
