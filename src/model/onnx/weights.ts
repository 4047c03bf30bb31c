import { create } from '@bufbuild/protobuf';
import { HeadwayError } from '../../core/errors';
import { formatBytes } from '../../core/format';
import { DataLocation, EntrySchema, type Graph, type Model, type Tensor } from './onnx_pb';

/** Numbers that a session gets beside its graph, by a name that the graph gives. */
export interface Weight {
  readonly path: string;
  readonly data: Uint8Array;
}

/** Smaller constants stay in the graph, where onnxruntime's optimizer looks at them. */
const DETACHED_BYTES = 1024;

/**
 * Paths of the files that hold weights of a graph, relative to the graph's own file, each once.
 * @throws HeadwayError `model-unsupported` for a path that leaves the graph's directory, as onnxruntime refuses it
 */
export function weightFiles({ graph }: Model, file: string): readonly string[] {
  const found = new Set<string>();
  for (const tensor of tensorsOf(graph)) {
    const location = entryOf(tensor, 'location');
    if (location !== undefined) found.add(normalized(location, file));
  }
  return [...found];
}

/**
 * Gives each tensor its numbers, as views of the files: nothing is copied.
 * @param files by the paths that `weightFiles` names
 * @throws HeadwayError `model-file-damaged` where a file is too short
 */
export function attachWeights({ graph }: Model, files: ReadonlyMap<string, Uint8Array>, file: string): void {
  for (const tensor of tensorsOf(graph)) {
    const location = entryOf(tensor, 'location');
    if (location === undefined) continue;
    const path = normalized(location, file);
    const data = files.get(path) ?? new Uint8Array();
    const offset = Number(entryOf(tensor, 'offset') ?? 0);
    const length = Number(entryOf(tensor, 'length') ?? data.byteLength - offset);
    if (offset + length > data.byteLength) {
      throw new HeadwayError(
        'model-file-damaged',
        `${path} is too short: ${file} looks for ${tensor.name} at ${formatBytes(offset)}, ${formatBytes(length)} of it, ` +
          `and the file has ${formatBytes(data.byteLength)}.`,
      );
    }
    tensor.rawData = data.subarray(offset, offset + length);
    tensor.externalData = [];
    tensor.dataLocation = DataLocation.DEFAULT;
  }
}

/** Takes the larger numbers out of a graph, so that it is small and a session gets them without another copy. */
export function detachWeights({ graph }: Model): readonly Weight[] {
  const weights: Weight[] = [];
  for (const tensor of graph?.initializer ?? []) {
    if (tensor.rawData.byteLength < DETACHED_BYTES) continue;
    const path = `weight-${weights.length}`;
    weights.push({ path, data: tensor.rawData });
    tensor.rawData = new Uint8Array();
    tensor.externalData = [create(EntrySchema, { key: 'location', value: path })];
    tensor.dataLocation = DataLocation.EXTERNAL;
  }
  return weights;
}

const entryOf = ({ externalData }: Tensor, key: string) =>
  externalData.find((entry) => entry.key === key)?.value;

/** Constants may be nodes, too. */
function tensorsOf(graph: Graph | undefined): readonly Tensor[] {
  const nodes = graph?.node.flatMap(({ opType, attribute }) =>
    opType === 'Constant' ? attribute.flatMap(({ t }) => t ?? []) : [],
  );
  return [...(graph?.initializer ?? []), ...(nodes ?? [])];
}

/** `./a`, `b/../a` and `a` are one path; `\` divides on the machines that some exporters ran on. */
function normalized(location: string, file: string): string {
  const parts: string[] = [];
  const outside = /^([/\\]|[a-z]:)/i.test(location);
  for (const part of location.split(/[/\\]/)) {
    if (part === '..' && parts.length === 0) parts.push(part);
    else if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  if (outside || parts[0] === '..' || parts.length === 0) {
    throw new HeadwayError(
      'model-unsupported',
      `${file} looks for weights at "${location}", outside of its own directory. Only files in it, or in folders below it, are read.`,
    );
  }
  return parts.join('/');
}
