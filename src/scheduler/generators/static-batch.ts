import { decodeRows } from '../../core/backend';
import type { PlannedPass } from './generator';
import { PipelinedGenerator } from './pipelined-generator';
import { isDecoding, nextChunk, type Row, workOfChunks, workOfDecode } from './row';

/** Rows of the widest pass. */
const WIDEST = 64;

/**
 * The classic batch: the tasks that wait when a batch starts run together, row i in slot i, until the last member has
 * ended. Rows that end early are computed on as padding; tasks that come meanwhile wait for the next batch. With a
 * `microBatchSize`, so many sequences of it run at a time, and the next ones in the same slots after them.
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
      answers: true,
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
    return { phase: 'prefill', rows, slots, answers: true, work, run: () => this.backend.step(prompts) };
  }
}
