import { HeadwayError } from '../core/errors';
import { formatBytes } from '../core/format';
import { sha256 } from '../core/hash';
import type { ModelAddress } from '../core/model';
import { cacheNames, type DecoderConfig } from './decoder-config';
import { parseDirectoryName } from './directory/directory-name';
import type { ModelDirectory } from './directory/model-directory';
import { openDirectory } from './directory/open-directory';
import type { Room } from './fit';
import type { OnBytes } from './model-file';
import { POSITIONS } from './onnx/cache-outside';
import { headNodes } from './onnx/graph-head';
import { DataType, type Model } from './onnx/onnx_pb';
import { checkNodes, LOGITS_KEPT, parseModel } from './onnx/serving-graph';
import { attachWeights, weightFiles } from './onnx/weights';
import { onnxBytes } from './onnx-file';
import { surveyDirectory } from './survey';
import { checkRoom } from './synthetic/check-room';
import { memoryNeed } from './synthetic/memory';
import { formatSynthetic, parseSynthetic } from './synthetic/spec';
import { writeSynthetic } from './synthetic/write-synthetic';
import { unsupported } from './unsupported';

/** A decoder with all its numbers, as its file has it. */
export interface FetchedModel {
  /** The ONNX file, for messages. */
  readonly file: string;
  readonly config: DecoderConfig;
  readonly model: Model;
  /** Of the ONNX file, hex; of a synthetic model, of its graph and its name, on which every number depends. */
  readonly sha256: string;
  readonly bytes: number;
}

export interface FetchOptions {
  /** Sequences that the cache will have to hold. */
  readonly slots: number;
  readonly room: Room;
  readonly onBytes: OnBytes;
  /** Told what happens to a download meanwhile, as a sentence. */
  readonly onTrouble: (sentence: string) => void;
}

/** How much of a file is read to see which operators its graph has; graphs of a hundred layers fit it. */
const HEAD_BYTES = 4e6;

/**
 * Fetches a model. What is small is read and judged before what is large.
 * @throws HeadwayError `model-file-missing`, `model-file-damaged`, `model-unsupported` with all that stands in the way,
 * `download-stopped`, `storage-failed`
 */
export async function fetchModel(
  address: ModelAddress,
  { slots, room, onBytes, onTrouble }: FetchOptions,
): Promise<FetchedModel> {
  const directory = await openDirectory(address, { onTrouble });
  const { file: wished, context } = parseDirectoryName(address.url);
  const survey = await surveyDirectory(directory, { file: wished, context, slots, room });
  const { config, file, obstacles } = survey;
  if (!config || !file || obstacles.length > 0) throw unsupported(address.url, obstacles);
  const label = directory.label(file);
  const head = await directory.head(file, HEAD_BYTES);
  const nodes = head && headNodes(head);
  if (nodes) checkNodes(nodes, label);

  const total = directory.files && onnxBytes(directory.files, file);
  const bytes = await directory.read(file, (loaded, own) => onBytes(loaded, total ?? own));
  const model = parseModel(bytes, label);
  checkNodes(model.graph?.node ?? [], label);
  checkInterface(model, config, label);
  checkBuffers(model, label, room);
  const read = await readWeights(model, directory, file, (loaded, own) => {
    onBytes(bytes.byteLength + loaded, total ?? (own && bytes.byteLength + own));
  });
  return {
    file: label,
    config: { ...config, cacheType: cacheTypeOf(model) },
    model,
    sha256: directory.files?.find(({ path }) => path === file)?.sha256 ?? (await sha256(bytes)),
    bytes: bytes.byteLength + read,
  };
}

/** Reads the files beside the graph that hold its weights. @returns their bytes */
async function readWeights(
  model: Model,
  directory: ModelDirectory,
  file: string,
  onBytes: OnBytes,
): Promise<number> {
  const label = directory.label(file);
  const folder = file.replace(/[^/]*$/, '');
  const files = new Map<string, Uint8Array>();
  let read = 0;
  for (const path of weightFiles(model, label)) {
    const data = await directory.read(`${folder}${path}`, (loaded, own) => {
      onBytes(read + loaded, own && read + own);
    });
    files.set(path, data);
    read += data.byteLength;
  }
  attachWeights(model, files, label);
  return read;
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
  onBytes: OnBytes,
): Promise<FetchedModel> {
  const synthetic = parseSynthetic(spec);
  checkRoom(synthetic, slots, room);
  const { shape, dtype } = synthetic;
  const total = memoryNeed(shape, dtype).weights;
  const { graph, weights } = writeSynthetic(synthetic, (made) => onBytes(made, total));
  const name = formatSynthetic(synthetic);
  const model = parseModel(graph, name);
  attachWeights(model, new Map(weights.map(({ path, data }) => [path, data])), name);
  const config = {
    layers: shape.layers,
    heads: shape.heads,
    kvHeads: shape.kvHeads,
    headDim: shape.headDim,
    contextLength: shape.context,
    vocabularySize: shape.vocabulary,
    eosTokens: [],
    cacheType: cacheTypeOf(model),
  };
  const digest = await sha256(await joined(graph, name));
  return { file: name, config, model, sha256: digest, bytes: graph.byteLength + total };
}

const joined = async (graph: Uint8Array, name: string) =>
  new Uint8Array(await new Blob([graph as Uint8Array<ArrayBuffer>, name]).arrayBuffer());

const cacheTypeOf = ({ graph }: Model): DecoderConfig['cacheType'] => {
  const [first] = cacheNames(1);
  const input = graph?.input.find(({ name }) => name === first?.past);
  return input?.type?.tensorType?.elemType === DataType.FLOAT16 ? 'float16' : 'float32';
};

/** The ecosystem's names, for as many layers as config.json promises, and a cache of the shape that it promises. */
function checkInterface({ graph }: Model, config: Omit<DecoderConfig, 'cacheType'>, file: string): void {
  const constants = new Set(graph?.initializer.map(({ name }) => name));
  const inputs = graph?.input.filter(({ name }) => !constants.has(name)) ?? [];
  const cache = cacheNames(config.layers);
  const expected = ['input_ids', 'attention_mask', ...cache.map(({ past }) => past)];
  const outputs = ['logits', ...cache.map(({ present }) => present)];
  compare('inputs', inputs, expected, [POSITIONS, LOGITS_KEPT], file);
  compare('outputs', graph?.output ?? [], outputs, null, file);
  const promised = [config.kvHeads, null, config.headDim];
  for (const { past } of cache) {
    const dims = inputs.find(({ name }) => name === past)?.type?.tensorType?.shape?.dim.slice(1) ?? [];
    promised.forEach((size, axis) => {
      const has = dims[axis]?.value;
      if (size === null || has?.case !== 'dimValue' || Number(has.value) === size) return;
      throw new HeadwayError(
        'model-unsupported',
        `${file} caches ${past} with ${has.value} ${axis === 0 ? 'heads' : 'numbers a head'}, but config.json says ${size}: they are not of one model.`,
      );
    });
  }
}

/** @param optional others that may be there; null where any may */
function compare(
  what: string,
  values: readonly { readonly name: string }[],
  expected: readonly string[],
  optional: readonly string[] | null,
  file: string,
): void {
  const has = values.map(({ name }) => name);
  const missing = expected.filter((name) => !has.includes(name));
  const surplus = optional ? has.filter((name) => ![...expected, ...optional].includes(name)) : [];
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

/** A weight that no buffer can hold is named before any is read that lies in a file of its own. */
function checkBuffers({ graph }: Model, label: string, room: Room): void {
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
