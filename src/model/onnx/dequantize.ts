import { create } from '@bufbuild/protobuf';
import { GraphIndex, integerOf } from './graph-index';
import { nodeOf } from './graph-parts';
import { fromHalf } from './half';
import { DataType, type Model, type Node, type Tensor, TensorSchema } from './onnx_pb';

/** Matrices that are packed in few bits, and what they take unpacked. */
export interface Packed {
  readonly products: readonly Node[];
  /** Bytes in 32 bits. */
  readonly bytes: number;
}

/** Products with matrices in blocks of 4 or 8 bits that can be unpacked. */
export function packedProducts({ graph }: Model): Packed {
  const products =
    graph?.node.filter(
      (node) =>
        node.opType === 'MatMulNBits' &&
        [4, 8].includes(integerOf(node, 'bits', 4)) &&
        // A bias and an order of columns are rare, and are left to onnxruntime.
        node.input.slice(4).every((name) => name === ''),
    ) ?? [];
  const bytes = products.reduce((sum, node) => sum + integerOf(node, 'K') * integerOf(node, 'N') * 4, 0);
  return { products, bytes };
}

/**
 * Unpacks matrices to 32 bits: `MatMulNBits` becomes `MatMul` with the same numbers. On a CPU onnxruntime-web unpacks the matrix
 * anew in every step, which takes longer than the product itself (not measured by a command of this repository yet). Scales of 16 bits
 * mean activations of 16 bits, which stay as they are.
 */
export function dequantize(model: Model): void {
  const { graph } = model;
  if (!graph) return;
  const index = new GraphIndex(graph);
  const { products } = packedProducts(model);
  const replaced = new Map<Node, Node>();
  for (const node of products) {
    const [input = '', packedName = '', scalesName = '', zerosName = ''] = node.input;
    const [packed, scales, zeros] = [packedName, scalesName, zerosName].map((name) => index.constant(name));
    if (!packed || !scales || scales.dataType !== DataType.FLOAT) continue;
    const name = `${packedName}:unpacked`;
    graph.initializer.push(unpacked(name, node, packed, scales, zeros));
    replaced.set(node, nodeOf('MatMul', [input, name], node.output));
  }
  graph.node = graph.node.map((node) => replaced.get(node) ?? node);
}

/** [K, N], as MatMul takes it; the packed one is [N, blocks, bytes of a block]. */
function unpacked(
  name: string,
  node: Node,
  packed: Tensor,
  scales: Tensor,
  zeros: Tensor | undefined,
): Tensor {
  const [columns, rows] = [integerOf(node, 'N'), integerOf(node, 'K')];
  const [bits, block] = [integerOf(node, 'bits', 4), integerOf(node, 'block_size', 32)];
  const blocks = Math.ceil(rows / block);
  const perByte = 8 / bits;
  const blockBytes = block / perByte;
  const mask = 2 ** bits - 1;
  const scaleOf = floatsOf(scales);
  const zeroOf = zeroPoints(zeros, { columns, blocks, bits });
  const values = new Float32Array(rows * columns);
  const bytes = packed.rawData;
  for (let column = 0; column < columns; column++) {
    for (let b = 0; b < blocks; b++) {
      const scale = scaleOf[column * blocks + b] as number;
      const zero = zeroOf(column, b);
      const from = (column * blocks + b) * blockBytes;
      const last = Math.min(block, rows - b * block);
      for (let i = 0; i < last; i++) {
        const byte = bytes[from + Math.floor(i / perByte)] as number;
        const value = (byte >> (bits * (i % perByte))) & mask;
        values[(b * block + i) * columns + column] = (value - zero) * scale;
      }
    }
  }
  return create(TensorSchema, {
    name,
    dataType: DataType.FLOAT,
    dims: [BigInt(rows), BigInt(columns)],
    rawData: new Uint8Array(values.buffer),
  });
}

/** Of each block: given as packed numbers, as floats, or not at all, which means the middle. */
function zeroPoints(
  zeros: Tensor | undefined,
  { columns, blocks, bits }: { readonly columns: number; readonly blocks: number; readonly bits: number },
): (column: number, block: number) => number {
  const middle = 2 ** (bits - 1);
  if (!zeros) return () => middle;
  if (zeros.dataType !== DataType.UINT8) {
    const floats = floatsOf(zeros);
    return (column, block) => floats[column * blocks + block] as number;
  }
  const perByte = 8 / bits;
  const rowBytes = Math.ceil(blocks / perByte);
  const bytes = zeros.rawData;
  if (bytes.length < columns * rowBytes) return () => middle;
  return (column, block) => {
    const byte = bytes[column * rowBytes + Math.floor(block / perByte)] as number;
    return (byte >> (bits * (block % perByte))) & (2 ** bits - 1);
  };
}

function floatsOf({ dataType, rawData, floatData }: Tensor): Float32Array {
  if (rawData.byteLength === 0) return Float32Array.from(floatData);
  const bytes = new Uint8Array(rawData).buffer;
  return dataType === DataType.FLOAT16
    ? Float32Array.from(new Uint16Array(bytes), fromHalf)
    : new Float32Array(bytes);
}
