import { HeadwayError } from '../core/errors';
import { formatBytes } from '../core/format';
import { sha256 } from '../core/hash';
import type { ModelAddress } from '../core/model';
import { cacheNames, type DecoderConfig } from '../model/decoder-config';
import { isHub, isPicked, parseDirectoryName } from '../model/directory/directory-name';
import { openDirectory } from '../model/directory/open-directory';
import type { OnBytes } from '../model/model-file';
import { POSITIONS } from '../model/onnx/cache-outside';
import { headNodes } from '../model/onnx/graph-head';
import { DataType, type Model } from '../model/onnx/onnx_pb';
import {
  checkAttention,
  graphInterface,
  parseModel,
  type ServingGraphOptions,
  servingGraph,
} from '../model/onnx/serving-graph';
import { onnxBytes } from '../model/onnx-file';
import { surveyDirectory } from '../model/survey';
import { checkRoom, type Room } from '../model/synthetic/check-room';
import { memoryNeed } from '../model/synthetic/memory';
import { formatSynthetic, parseSynthetic } from '../model/synthetic/spec';
import { writeSynthetic } from '../model/synthetic/write-synthetic';
import { unsupported } from '../model/unsupported';

/** All that a session is made of. */
export interface ModelFiles {
  /** For messages. */
  readonly file: string;
  readonly config: DecoderConfig;
  /** The serving graph. */
  readonly graph: Uint8Array;
  /** Constants of the graph that are not in it. */
  readonly weights: readonly { readonly path: string; readonly data: Uint8Array }[];
  /** Of the ONNX file, hex; of a synthetic model, of its graph and its name, on which every number depends. */
  readonly sha256: string;
  readonly bytes: number;
}

/** How much of a file is read to see which operators its graph has; graphs of a hundred layers fit it. */
const HEAD_BYTES = 4e6;

export interface FetchOptions {
  readonly rewrite: ServingGraphOptions;
  /** Sequences that the cache will have to hold. */
  readonly slots: number;
  readonly room: Room;
  readonly onBytes: OnBytes;
  /** Told what happens to a download meanwhile, as a sentence. */
  readonly onTrouble: (sentence: string) => void;
}

/**
 * Fetches a model. What is small is read and judged before what is large.
 * @throws HeadwayError `model-file-missing`, `model-file-damaged`, `model-unsupported` with all that stands in the way,
 * `download-stopped`, `storage-failed`
 */
export async function fetchModel(address: ModelAddress, options: FetchOptions): Promise<ModelFiles> {
  const { rewrite, slots, room, onBytes, onTrouble } = options;
  const directory = await openDirectory(address, { onTrouble });
  const { file: wished, context } = wishOf(address);
  const { config, file, obstacles } = await surveyDirectory(directory, {
    file: wished,
    context,
    slots,
    room,
  });
  if (!config || !file || obstacles.length > 0) throw unsupported(address.url, obstacles);
  const label = directory.label(file);
  const head = await directory.head(file, HEAD_BYTES);
  const nodes = head && headNodes(head);
  if (nodes) checkAttention(nodes, label);

  const total = directory.files && onnxBytes(directory.files, file);
  const bytes = await directory.read(file, (loaded, own) => onBytes(loaded, total ?? own));
  const model = parseModel(bytes, label);
  checkInterface(graphInterface(model), config.layers, label);
  checkTensors(model, label, room);
  const weights: { path: string; data: Uint8Array }[] = [];
  let read = bytes.byteLength;
  for (const path of externalFiles(model)) {
    const place = file.replace(/[^/]*$/, path);
    const data = await directory.read(place, (loaded, own) =>
      onBytes(read + loaded, total ?? (own && read + own)),
    );
    weights.push({ path, data });
    read += data.byteLength;
  }
  return {
    file: label,
    config: { ...config, cacheType: cacheTypeOf(model) },
    sha256: directory.files?.find(({ path }) => path === file)?.sha256 ?? (await sha256(bytes)),
    bytes: read,
    graph: servingGraph(model, label, rewrite),
    weights,
  };
}

/** A directory of the page's own server has one file and as much context as is usual. */
const wishOf = ({ url }: ModelAddress) =>
  isHub(url) || isPicked(url) ? parseDirectoryName(url) : { file: null, context: null };

/**
 * Makes a synthetic model.
 * @param slots sequences that its cache will have to hold
 * @throws HeadwayError `invalid-parameter`, `model-unsupported`, `model-too-large`, `cache-too-large`; nothing was made then
 */
export async function makeModel(
  spec: string,
  slots: number,
  room: Room,
  rewrite: ServingGraphOptions,
  onBytes: OnBytes,
): Promise<ModelFiles> {
  const synthetic = parseSynthetic(spec);
  checkRoom(synthetic, slots, room);
  const { shape, dtype } = synthetic;
  const total = memoryNeed(shape, dtype).weights;
  const { graph, weights } = writeSynthetic(synthetic, (made) => onBytes(made, total));
  const name = formatSynthetic(synthetic);
  const model = parseModel(graph, name);
  return {
    file: name,
    config: {
      layers: shape.layers,
      kvHeads: shape.kvHeads,
      headDim: shape.headDim,
      contextLength: shape.context,
      vocabularySize: shape.vocabulary,
      eosTokens: [],
      cacheType: cacheTypeOf(model),
    },
    sha256: await sha256(await joined(graph, name)),
    bytes: graph.byteLength + total,
    graph: servingGraph(model, name, rewrite),
    weights,
  };
}

const cacheTypeOf = ({ graph }: Model): DecoderConfig['cacheType'] => {
  const [first] = cacheNames(1);
  const input = graph?.input.find(({ name }) => name === first?.past);
  return input?.type?.tensorType?.elemType === DataType.FLOAT16 ? 'float16' : 'float32';
};

/** The names of the ecosystem, for as many layers as config.json promises. */
function checkInterface(has: ReturnType<typeof graphInterface>, layers: number, file: string): void {
  const cache = cacheNames(layers);
  compare('inputs', has.inputs, ['input_ids', 'attention_mask', ...cache.map(({ past }) => past)], file);
  compare('outputs', has.outputs, ['logits', ...cache.map(({ present }) => present)], file);
}

function compare(what: string, has: readonly string[], expected: readonly string[], file: string): void {
  const missing = expected.filter((name) => !has.includes(name));
  const surplus = what === 'inputs' ? has.filter((name) => ![...expected, POSITIONS].includes(name)) : [];
  if (missing.length + surplus.length === 0) return;
  const found = [
    missing.length > 0 ? `it lacks ${list(missing)}` : '',
    surplus.length > 0 ? `it has ${list(surplus)} beside them` : '',
  ];
  throw new HeadwayError(
    'model-unsupported',
    `${file} does not have the ${what} that Headway serves: ${found.filter(Boolean).join(', ')}.`,
  );
}

const list = (names: readonly string[]): string =>
  names.length > 4 ? `${names.slice(0, 4).join(', ')} and ${names.length - 4} more` : names.join(', ');

const joined = async (graph: Uint8Array, name: string) =>
  new Uint8Array(await new Blob([graph as Uint8Array<ArrayBuffer>, name]).arrayBuffer());

/** A weight that no buffer can hold is named before any is read that lies in a file of its own. */
function checkTensors({ graph }: Model, label: string, room: Room): void {
  if (room.kind !== 'webgpu') return;
  for (const { name, rawData, externalData } of graph?.initializer ?? []) {
    const bytes = Number(externalData.find(({ key }) => key === 'length')?.value ?? rawData.byteLength);
    if (bytes <= room.buffer) continue;
    throw new HeadwayError(
      'model-too-large',
      `${label} needs ${formatBytes(bytes)} in one buffer for ${name}; this adapter allows ${formatBytes(room.buffer)}. Choose a file with fewer bits, or wasm.`,
    );
  }
}

/** Names of the files beside the ONNX file that hold its weights. */
const externalFiles = ({ graph }: Model): readonly string[] => [
  ...new Set(
    graph?.initializer.flatMap(({ externalData }) =>
      externalData.filter(({ key }) => key === 'location').map(({ value }) => value),
    ),
  ),
];
