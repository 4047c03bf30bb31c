import { create, toBinary } from '@bufbuild/protobuf';
import { int64s, nodeOf } from './graph-parts';
import {
  type Attribute,
  AttributeSchema,
  AttributeType,
  DataLocation,
  type DataType,
  GraphSchema,
  ModelSchema,
  TensorSchema,
  type ValueInfo,
  ValueInfoSchema,
} from './onnx_pb';

/** Domain of ONNX Runtime's own operators. */
export const MICROSOFT = 'com.microsoft';

// The versions that the facts about ONNX Runtime Web 1.30.0 were gathered with.
const IR_VERSION = 9n;
const ONNX_OPSET = 21n;
const MICROSOFT_OPSET = 1n;

/** A dimension is a size or the name of one that each run chooses. */
export type Dimension = number | string;

interface NodeOptions {
  readonly attributes?: readonly Attribute[];
  readonly domain?: string;
}

/** Collects the nodes and constants of one graph. Values are known by their names. */
export class GraphBuilder {
  readonly #graph = create(GraphSchema);

  constructor(name: string) {
    this.#graph.name = name;
  }

  /** Adds a node, named after its first output, and returns that output's name. */
  node(
    opType: string,
    inputs: readonly string[],
    outputs: readonly [string, ...string[]],
    options: NodeOptions = {},
  ): string {
    this.#graph.node.push(nodeOf(opType, inputs, outputs, options.attributes, options.domain));
    return outputs[0];
  }

  /** Adds a constant, row-major. */
  constant(name: string, dataType: DataType, dims: readonly number[], values: Numbers): string {
    const rawData = bytesOf(values);
    this.#graph.initializer.push(create(TensorSchema, { name, dataType, dims: dims.map(BigInt), rawData }));
    return name;
  }

  /** Adds a constant of 64-bit integers; no `dims` makes it a scalar. */
  integers(name: string, dims: readonly number[], values: readonly number[]): string {
    this.#graph.initializer.push(int64s(name, values.map(BigInt), dims.map(BigInt)));
    return name;
  }

  /** Adds a constant whose numbers are in a file beside the model, which is then no longer than its graph. */
  external(name: string, dataType: DataType, dims: readonly number[], file: string): string {
    this.#graph.initializer.push(
      create(TensorSchema, {
        name,
        dataType,
        dims: dims.map(BigInt),
        dataLocation: DataLocation.EXTERNAL,
        externalData: [{ key: 'location', value: file }],
      }),
    );
    return name;
  }

  input(name: string, type: DataType, dims: readonly Dimension[]): void {
    this.#graph.input.push(valueInfo(name, type, dims));
  }

  output(name: string, type: DataType, dims: readonly Dimension[]): void {
    this.#graph.output.push(valueInfo(name, type, dims));
  }

  /** The whole model as the bytes of an .onnx file. */
  toBytes(): Uint8Array {
    const opsetImport = [
      { domain: '', version: ONNX_OPSET },
      { domain: MICROSOFT, version: MICROSOFT_OPSET },
    ];
    const model = { irVersion: IR_VERSION, producerName: 'headway', graph: this.#graph, opsetImport };
    return toBinary(ModelSchema, create(ModelSchema, model));
  }
}

export const integer = (name: string, value: number): Attribute =>
  create(AttributeSchema, { name, type: AttributeType.INT_VALUE, i: BigInt(value) });

export const float = (name: string, value: number): Attribute =>
  create(AttributeSchema, { name, type: AttributeType.FLOAT_VALUE, f: value });

export const integers = (name: string, values: readonly number[]): Attribute =>
  create(AttributeSchema, { name, type: AttributeType.INTS_VALUE, ints: values.map(BigInt) });

export function valueInfo(name: string, elemType: DataType, dims: readonly Dimension[]): ValueInfo {
  const dim = dims.map((size) => ({
    value:
      typeof size === 'string'
        ? ({ case: 'dimParam', value: size } as const)
        : ({ case: 'dimValue', value: BigInt(size) } as const),
  }));
  return create(ValueInfoSchema, { name, type: { tensorType: { elemType, shape: { dim } } } });
}

/** 16-bit floats are given as their bits. */
export type Numbers = Float32Array | Uint16Array | Uint8Array | BigInt64Array;

/** ONNX keeps numbers little-endian, as every machine that runs a browser does. */
function bytesOf(values: Numbers): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
