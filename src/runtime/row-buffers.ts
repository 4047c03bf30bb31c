import { HeadwayError } from '../core/errors';
import { formatBytes } from '../core/format';

/** A row of one slot moves from this place to that one. */
export interface RowMove {
  readonly from: number;
  readonly to: number;
}

/** What one tensor of the cache is called and how much of it belongs to one slot. */
export interface RowLayout {
  readonly name: string;
  readonly rowBytes: number;
}

const USAGE = () => GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;

/** GPU buffers of which each holds one row a slot: everything that makes up a sequence, to be moved together. */
export class RowBuffers {
  readonly #device: GPUDevice;
  readonly #layouts: readonly RowLayout[];
  #buffers: GPUBuffer[] = [];
  #rows = 0;
  #generation = 0;

  constructor(device: GPUDevice, layouts: readonly RowLayout[]) {
    this.#device = device;
    this.#layouts = layouts;
  }

  /** Grows whenever the buffers are others than before. */
  get generation(): number {
    return this.#generation;
  }

  /** Of the layouts, in their order. */
  get buffers(): readonly GPUBuffer[] {
    return this.#buffers;
  }

  /**
   * Makes room for at least `rows`, keeping what is there.
   * @throws HeadwayError `cache-too-large` if the GPU has no memory for them; nothing has changed then
   */
  async reserve(rows: number): Promise<void> {
    if (rows <= this.#rows) return;
    this.#device.pushErrorScope('out-of-memory');
    const grown = this.#layouts.map(({ name, rowBytes }) =>
      this.#device.createBuffer({ label: name, size: Math.max(16, rows * rowBytes), usage: USAGE() }),
    );
    const refusal = await this.#device.popErrorScope();
    if (refusal) {
      for (const buffer of grown) buffer.destroy();
      const bytes = this.#layouts.reduce((sum, { rowBytes }) => sum + rows * rowBytes, 0);
      throw new HeadwayError(
        'cache-too-large',
        `The GPU has no memory for ${formatBytes(bytes)} of KV cache, which ${rows} rows need: ${refusal.message}`,
      );
    }
    const kept = Array.from({ length: this.#rows }, (_, row) => ({ from: row, to: row }));
    this.#copy(this.#buffers, grown, kept);
    this.destroy();
    this.#buffers = grown;
    this.#rows = rows;
    this.#generation += 1;
  }

  copyTo(other: RowBuffers, moves: readonly RowMove[]): void {
    this.#copy(this.#buffers, other.#buffers, moves);
  }

  destroy(): void {
    for (const buffer of this.#buffers) buffer.destroy();
    this.#buffers = [];
    this.#rows = 0;
  }

  #copy(from: readonly GPUBuffer[], to: readonly GPUBuffer[], moves: readonly RowMove[]): void {
    if (moves.length === 0) return;
    const encoder = this.#device.createCommandEncoder();
    this.#layouts.forEach(({ rowBytes }, i) => {
      for (const move of moves) {
        const [source, target] = [from[i] as GPUBuffer, to[i] as GPUBuffer];
        encoder.copyBufferToBuffer(source, move.from * rowBytes, target, move.to * rowBytes, rowBytes);
      }
    });
    this.#device.queue.submit([encoder.finish()]);
  }
}
