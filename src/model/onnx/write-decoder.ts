import { decoderGraph } from './decoder-graph';
import { type DecoderShape, refusal } from './decoder-shape';

/**
 * Gives a weight by the hub's Llama name (`model.layers.0.self_attn.q_proj.weight`), row-major with the hub's dimensions:
 * `[outputs, inputs]` for a projection, `[vocabulary, hidden]` for `model.embed_tokens.weight` and `lm_head.weight`,
 * `[hidden]` for a norm. A model with tied embeddings answers `lm_head.weight` with the embedding.
 */
export type Weights = (name: string, dims: readonly number[]) => Float32Array;

/**
 * Writes a decoder of trained weights, f32, into one file.
 *
 * @returns the bytes of `onnx/model.onnx`
 * @throws HeadwayError `invalid-parameter` for a shape that no decoder can have, or a weight of another size
 */
export function writeDecoder(shape: DecoderShape, weights: Weights): Uint8Array {
  const checked = checkedWeights(weights);
  return decoderGraph(shape, { dtype: 'f32', tied: false }, (graph, { name, role, type, dims }) => {
    const [inputs = 0, outputs = 0] = dims;
    const values =
      role === 'projection'
        ? transposed(checked(name, [outputs, inputs]), outputs, inputs)
        : checked(name, dims);
    graph.constant(name, type, dims, values);
  });
}

function transposed(values: Float32Array, rows: number, columns: number): Float32Array {
  const turned = new Float32Array(values.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      turned[column * rows + row] = values[row * columns + column] ?? 0;
    }
  }
  return turned;
}

function checkedWeights(weights: Weights): Weights {
  return (name, dims) => {
    const values = weights(name, dims);
    const wanted = dims.reduce((product, size) => product * size, 1);
    if (values.length === wanted) return values;
    throw refusal(`${name} must hold ${dims.join(' × ')} numbers; given: ${values.length}.`);
  };
}
