import { decodeRows } from '../../core/backend';
import type { PlannedPass } from './generator';
import { PipelinedGenerator } from './pipelined-generator';
import { isDecoding, nextChunk, type Row, workOfChunks, workOfDecode } from './row';

/** Most rows of one pass. */
const WIDEST = 256;

/**
 * The classic batch: the tasks that wait when a batch starts run together, row i in slot i, until the last member has ended.
 * Rows that end early are computed on as padding. Tasks that arrive meanwhile wait for the next batch. With a
 * `microBatchSize`, that many sequences run at a time, and the next ones follow in the same slots.
 */
export class StaticBatchGenerator extends PipelinedGenerator {
  protected running: Row[] = [];

  room(maxBatch: number) {
    const free = this.running.length + this.waiting.length === 0;
    return { members: free ? maxBatch : 0, sequences: Number.POSITIVE_INFINITY };
  }

  override close(): void {
    super.close();
    this.running = [];
  }

  protected plan(): PlannedPass | null {
    if (this.running.length === 0) return this.#prefill();
    const rows = this.running;
    if (!rows.some(isDecoding)) return null;
    const slots = rows.map(({ slot }) => slot);
    const work = workOfDecode(rows, this.geometry);
    return {
      phase: 'decode',
      rows,
      slots,
      partial: null,
      work,
      run: () => this.backend.step(decodeRows(slots)),
    };
  }

  protected free(): void {
    if (this.running.every((row) => row.done)) this.running = [];
  }

  #prefill(): PlannedPass | null {
    const rows = this.waiting.splice(0, this.config().microBatchSize || WIDEST);
    if (rows.length === 0) return null;
    this.running = rows;
    for (const [slot, row] of rows.entries()) row.slot = slot;
    const slots = rows.map(({ slot }) => slot);
    const prompts = rows.map((row) => nextChunk(row));
    const work = workOfChunks(prompts, this.geometry);
    return { phase: 'prefill', rows, slots, partial: null, work, run: () => this.backend.step(prompts) };
  }
}

/** One task at a time, in order of arrival: the un-batched baseline, a static batch of one member. */
export class SequentialGenerator extends StaticBatchGenerator {
  override room() {
    return super.room(1);
  }
}
