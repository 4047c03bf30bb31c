import type * as Ort from 'onnxruntime-web';
import type { Evaluate, ProbeInput } from '../model/onnx/probe';

/** Runs small graphs on the CPU, whatever serves the model. */
export const evaluateWith =
  (ort: typeof Ort): Evaluate =>
  async (model, inputs) => {
    const session = await ort.InferenceSession.create(model, {
      executionProviders: ['wasm'],
      logSeverityLevel: 3,
    });
    try {
      const feeds = Object.entries(inputs).map(([name, input]) => [name, tensorOf(ort, input)] as const);
      const answers = await session.run(Object.fromEntries(feeds));
      return Object.fromEntries(
        Object.entries(answers).map(([name, { dims, data }]) => [
          name,
          { dims, values: Array.from(data as ArrayLike<number | bigint | boolean>, Number) },
        ]),
      );
    } finally {
      await session.release();
    }
  };

function tensorOf(ort: typeof Ort, { type, dims, values }: ProbeInput): Ort.Tensor {
  const size = dims.reduce((product, dim) => product * dim, 1);
  const shape = [...dims];
  switch (type) {
    case 'int64':
      return new ort.Tensor('int64', BigInt64Array.from(values ?? Array(size).fill(0), BigInt), shape);
    case 'float16':
      return new ort.Tensor('float16', new Uint16Array(size), shape);
    case 'float32':
      return new ort.Tensor('float32', Float32Array.from(values ?? new Float32Array(size)), shape);
  }
}
