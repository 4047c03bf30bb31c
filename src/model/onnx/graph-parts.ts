import { create } from '@bufbuild/protobuf';
import {
  type Attribute,
  DataType,
  type Graph,
  type Node,
  NodeSchema,
  type Tensor,
  TensorSchema,
} from './onnx_pb';

/** A node, named after its first output. */
export const nodeOf = (
  opType: string,
  input: readonly string[],
  outputs: string | readonly string[],
  attribute: readonly Attribute[] = [],
  domain = '',
): Node => {
  const output = [outputs].flat();
  const name = `${opType}:${output[0]}`;
  return create(NodeSchema, { opType, name, input: [...input], output, attribute: [...attribute], domain });
};

/** A constant of 64-bit integers; a vector unless `dims` says else. */
export const int64s = (name: string, values: readonly bigint[], dims = [BigInt(values.length)]): Tensor =>
  create(TensorSchema, {
    name,
    dataType: DataType.INT64,
    dims,
    rawData: new Uint8Array(BigInt64Array.from(values).buffer),
  });

export const isUsed = (graph: Graph, name: string): boolean =>
  graph.node.some((node) => node.input.includes(name)) || graph.output.some((output) => output.name === name);
