import { HeadwayError } from '../core/errors';
import { cacheNames, type DecoderConfig, fetchDecoderConfig } from '../model/decoder-config';
import { type OnBytes, readModelFile } from '../model/model-file';
import { DataType, type Model } from '../model/onnx/onnx_pb';
import {
  graphInterface,
  parseModel,
  type ServingGraphOptions,
  servingGraph,
} from '../model/onnx/serving-graph';
import { checkRoom, type Room } from '../model/synthetic/check-room';
import { memoryNeed } from '../model/synthetic/memory';
import { formatSynthetic, parseSynthetic } from '../model/synthetic/spec';
import { writeSynthetic } from '../model/synthetic/write-synthetic';

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

/**
 * Fetches a model.
 * @param url directory in the hub's layout, ending in "/"
 * @throws HeadwayError `model-file-missing`, `model-file-damaged`, `model-unsupported`
 */
export async function fetchModel(
  url: string,
  rewrite: ServingGraphOptions,
  onBytes: OnBytes,
): Promise<ModelFiles> {
  const file = `${url}onnx/model.onnx`;
  const config = await fetchDecoderConfig(url);
  const bytes = await readModelFile(file, onBytes);
  const model = parseModel(bytes, file);
  checkInterface(graphInterface(model), config.layers, file);
  return {
    file,
    config: { ...config, cacheType: cacheTypeOf(model) },
    sha256: await sha256(bytes),
    bytes: bytes.byteLength,
    graph: servingGraph(model, file, rewrite),
    weights: [],
  };
}

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
    sha256: await sha256(graph, new TextEncoder().encode(name)),
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
  const surplus = what === 'inputs' ? has.filter((name) => !expected.includes(name)) : [];
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

async function sha256(...parts: readonly Uint8Array[]): Promise<string> {
  const bytes = await new Blob(parts as Uint8Array<ArrayBuffer>[]).arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
