import { InferenceSession, Tensor } from 'onnxruntime-web';
import { expect, test } from 'vitest';
import { dequantize, packedProducts } from './dequantize';
import { GraphBuilder, integer, MICROSOFT } from './graph-builder';
import { DataType } from './onnx_pb';
import { asItIs } from './prepare';
import { parseModel } from './serving-graph';

const [K, N, BLOCK] = [80, 5, 32];
const BLOCKS = Math.ceil(K / BLOCK);

/** One product with a matrix in blocks; bytes and scales differ from place to place. */
function product(bits: 4 | 8, zeros: 'none' | 'packed' | 'floats'): Uint8Array {
  const graph = new GraphBuilder('product');
  graph.input('x', DataType.FLOAT, [2, K]);
  graph.output('y', DataType.FLOAT, [2, N]);
  const blockBytes = (BLOCK * bits) / 8;
  const bytes = Uint8Array.from({ length: N * BLOCKS * blockBytes }, (_, i) => (i * 73 + 11) % 256);
  graph.constant('b', DataType.UINT8, [N, BLOCKS, blockBytes], bytes);
  const scales = Float32Array.from({ length: N * BLOCKS }, (_, i) => 0.01 * (i + 1));
  graph.constant('scales', DataType.FLOAT, [N, BLOCKS], scales);
  const inputs = ['x', 'b', 'scales'];
  if (zeros === 'packed') {
    const length = N * Math.ceil((BLOCKS * bits) / 8);
    graph.constant(
      'zeros',
      DataType.UINT8,
      [length],
      Uint8Array.from({ length }, (_, i) => (i * 29 + 3) % 256),
    );
    inputs.push('zeros');
  } else if (zeros === 'floats') {
    const values = Float32Array.from({ length: N * BLOCKS }, (_, i) => 7 + 0.25 * (i % 5));
    graph.constant('zeros', DataType.FLOAT, [N, BLOCKS], values);
    inputs.push('zeros');
  }
  const attributes = [integer('K', K), integer('N', N), integer('bits', bits), integer('block_size', BLOCK)];
  graph.node('MatMulNBits', inputs, ['y'], { attributes, domain: MICROSOFT });
  return graph.toBytes();
}

async function run(graph: Uint8Array, externalData: { path: string; data: Uint8Array }[] = []) {
  const session = await InferenceSession.create(graph, { externalData });
  const x = Float32Array.from({ length: 2 * K }, (_, i) => Math.sin(i));
  const { y } = await session.run({ x: new Tensor('float32', x, [2, K]) });
  return Array.from(y?.data as Float32Array);
}

test.each([
  [4, 'none'],
  [4, 'packed'],
  [4, 'floats'],
  [8, 'none'],
  [8, 'packed'],
] as const)('a matrix of %i bits, zero points %s, means the same unpacked', async (bits, zeros) => {
  const packed = product(bits, zeros);
  const model = parseModel(packed, 'product.onnx');
  expect(packedProducts(model)).toMatchObject({ products: [{ opType: 'MatMulNBits' }], bytes: K * N * 4 });
  dequantize(model);
  expect(model.graph?.node.map(({ opType }) => opType)).toEqual(['MatMul']);
  const { graph, weights } = asItIs(model);
  const unpacked = await run(graph, [...weights]);
  const expected = await run(packed);
  expect(unpacked).toEqual(expected.map((value) => expect.closeTo(value, 3)));
});
