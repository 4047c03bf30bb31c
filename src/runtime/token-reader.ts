const BYTES = BigInt64Array.BYTES_PER_ELEMENT;

/**
 * Brings tokens [B] (int64) back from the GPU without holding it up: each read has a staging buffer of its own, taken from
 * those that earlier reads have finished with, so there are as many as reads overlap.
 */
export class TokenReader {
  readonly #device: GPUDevice;
  #idle: GPUBuffer[] = [];

  constructor(device: GPUDevice) {
    this.#device = device;
  }

  /** Adds the copy to `encoder`; call the result once that has been submitted. */
  read(encoder: GPUCommandEncoder, source: GPUBuffer, count: number): () => Promise<number[]> {
    const size = count * BYTES;
    const staging = this.#take(size);
    encoder.copyBufferToBuffer(source, 0, staging, 0, size);
    return async () => {
      await staging.mapAsync(GPUMapMode.READ, 0, size);
      const tokens = Array.from(new BigInt64Array(staging.getMappedRange(0, size)), Number);
      staging.unmap();
      this.#idle.push(staging);
      return tokens;
    };
  }

  destroy(): void {
    for (const buffer of this.#idle) buffer.destroy();
    this.#idle = [];
  }

  #take(size: number): GPUBuffer {
    const fits = this.#idle.findIndex((buffer) => buffer.size >= size);
    if (fits >= 0) return this.#idle.splice(fits, 1)[0] as GPUBuffer;
    const usage = GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST;
    return this.#device.createBuffer({ label: 'tokens', size: Math.max(512, size), usage });
  }
}
