import { HeadwayError } from '../../core/errors';
import type { Draw } from './draw';
import { samplingKernel } from './kernel';
import { LOSSES } from './weight';

const LOGIT_BYTES = Float32Array.BYTES_PER_ELEMENT;

/** A row's `Draw` as the kernel reads it: an f32 and three u32. All zero: the row is left alone. */
const DRAW_BYTES = 16;

/** Draws tokens on the GPU, where the logits are: they never leave it. */
export class GpuSampler {
  readonly #device: GPUDevice;
  readonly #vocabulary: number;
  readonly #pipeline: GPUComputePipeline;
  readonly #losses: GPUBuffer;
  #logits: GPUBuffer | null = null;
  #draws: GPUBuffer | null = null;
  #rows = 0;
  #generation = 0;

  /** @param vocabulary logits in a row */
  constructor(device: GPUDevice, vocabulary: number) {
    this.#device = device;
    this.#vocabulary = vocabulary;
    const module = device.createShaderModule({ label: 'sampling', code: samplingKernel(vocabulary) });
    this.#pipeline = device.createComputePipeline({
      label: 'sampling',
      layout: 'auto',
      compute: { module, entryPoint: 'sample' },
    });
    this.#losses = device.createBuffer({
      label: 'weight losses',
      size: LOSSES.byteLength,
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST,
    });
    device.queue.writeBuffer(this.#losses, 0, LOSSES);
  }

  /** Grows whenever the logits are in another buffer than before; 1 at the first. */
  get generation(): number {
    return this.#generation;
  }

  /**
   * Where a run has to write its logits, [rows, vocabulary] of f32.
   * @throws HeadwayError `cache-too-large` if the adapter does not allow a buffer of that size
   */
  logits(rows: number): GPUBuffer {
    if (this.#logits && rows <= this.#rows) return this.#logits;
    const size = rows * this.#vocabulary * LOGIT_BYTES;
    const { maxStorageBufferBindingSize, maxBufferSize } = this.#device.limits;
    const limit = Math.min(maxStorageBufferBindingSize, maxBufferSize);
    if (size > limit) {
      throw new HeadwayError(
        'cache-too-large',
        `Sampling ${rows} rows needs a buffer of ${size} bytes for their logits; this adapter allows ${limit}, which ` +
          `is ${Math.floor((limit * rows) / size)} rows.`,
      );
    }
    this.#logits?.destroy();
    this.#draws?.destroy();
    const storage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST;
    this.#logits = this.#device.createBuffer({
      label: 'logits',
      size,
      usage: storage | GPUBufferUsage.COPY_SRC,
    });
    this.#draws = this.#device.createBuffer({ label: 'draws', size: rows * DRAW_BYTES, usage: storage });
    this.#rows = rows;
    this.#generation += 1;
    return this.#logits;
  }

  /**
   * Adds the drawing of tokens from the logits that the last run wrote.
   * @param draws of each row of that run; null leaves the row's token as it is
   * @param chosen tokens, [rows] of int64
   */
  encode(encoder: GPUCommandEncoder, draws: readonly (Draw | null)[], chosen: GPUBuffer): void {
    if (!this.#logits || !this.#draws) throw new HeadwayError('invalid-state', 'No run wrote any logits.');
    this.#device.queue.writeBuffer(this.#draws, 0, packed(draws));
    const entries = [this.#logits, this.#draws, this.#losses, chosen].map((buffer, binding) => ({
      binding,
      resource: { buffer },
    }));
    const pass = encoder.beginComputePass({ label: 'sampling' });
    pass.setPipeline(this.#pipeline);
    pass.setBindGroup(
      0,
      this.#device.createBindGroup({ layout: this.#pipeline.getBindGroupLayout(0), entries }),
    );
    pass.dispatchWorkgroups(draws.length);
    pass.end();
  }

  destroy(): void {
    for (const buffer of [this.#logits, this.#draws, this.#losses]) buffer?.destroy();
  }
}

function packed(draws: readonly (Draw | null)[]): ArrayBuffer {
  const view = new DataView(new ArrayBuffer(draws.length * DRAW_BYTES));
  draws.forEach((draw, row) => {
    if (!draw) return;
    view.setFloat32(row * DRAW_BYTES, draw.scale, true);
    [draw.topK, draw.topP, draw.uniform].forEach((word, i) => {
      view.setUint32(row * DRAW_BYTES + 4 * (i + 1), word, true);
    });
  });
  return view.buffer as ArrayBuffer;
}
