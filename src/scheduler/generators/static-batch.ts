import { PipelinedGenerator, type PlannedPass } from './pipelined-generator';
import { isDecoding, nextChunk, type Row } from './row';

/**
 * The classic batch: the tasks that wait when a batch starts run together, row i in slot i, until the last member has
 * ended. Rows that end early are computed on as padding; tasks that come meanwhile wait for the next batch.
 */
export class StaticBatchGenerator extends PipelinedGenerator {
  protected running: Row[] = [];

  room(maxBatch: number): number {
    return this.running.length > 0 ? 0 : Math.max(0, maxBatch - this.waiting.length);
  }

  override close(): void {
    super.close();
    this.running = [];
  }

  /** How many of `waiting` tasks start together. */
  protected batchOf(waiting: number): number {
    return waiting;
  }

  protected plan(): PlannedPass | null {
    if (this.running.length === 0) return this.#prefill();
    const rows = this.running;
    if (!rows.some(isDecoding)) return null;
    return {
      phase: 'decode',
      rows,
      answers: true,
      run: () => this.backend.decode(rows.map((_, slot) => slot)),
    };
  }

  protected free(): void {
    if (this.running.every((row) => row.done)) this.running = [];
  }

  #prefill(): PlannedPass | null {
    const rows = this.waiting.splice(0, this.batchOf(this.waiting.length));
    if (rows.length === 0) return null;
    this.running = rows;
    const prompts = rows.map((row, slot) => nextChunk(row, slot));
    return { phase: 'prefill', rows, answers: true, run: () => this.backend.prefill(prompts) };
  }
}
