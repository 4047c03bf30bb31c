import type { MemoryUse } from '../core/backend';

/**
 * Counts the buffers that live on a device, whoever made them: ours and onnxruntime's. A buffer is gone when it is
 * destroyed, or when the browser has collected it, which is how onnxruntime leaves those that it let go.
 */
export class GpuMemory {
  #buffers = 0;
  #bytes = 0;
  readonly #collected = new FinalizationRegistry<{ bytes: number }>((size) => this.#gone(size));

  constructor(device: GPUDevice) {
    const create = device.createBuffer.bind(device);
    device.createBuffer = (descriptor) => this.#watch(create(descriptor));
  }

  get use(): MemoryUse {
    return { buffers: this.#buffers, bytes: this.#bytes };
  }

  #watch(buffer: GPUBuffer): GPUBuffer {
    const size = { bytes: buffer.size };
    this.#buffers += 1;
    this.#bytes += size.bytes;
    this.#collected.register(buffer, size, buffer);
    const destroy = buffer.destroy.bind(buffer);
    buffer.destroy = () => {
      this.#collected.unregister(buffer);
      this.#gone(size);
      return destroy();
    };
    return buffer;
  }

  /** Once only: a buffer may be destroyed twice. */
  #gone(size: { bytes: number }): void {
    if (size.bytes < 0) return;
    this.#buffers -= 1;
    this.#bytes -= size.bytes;
    size.bytes = -1;
  }
}
