import type * as Ort from 'onnxruntime-web';
import type { Adapter, Backend } from '../core/backend';
import { HeadwayError } from '../core/errors';
import { cacheNames, type DecoderConfig, fetchDecoderConfig } from '../model/decoder-config';
import { type OnBytes, readModelFile } from '../model/model-file';
import { graphInterface, parseModel, servingGraph } from '../model/onnx/serving-graph';
import { type BackendKind, chooseBackend } from './adapter';
import { DecoderBackend, type Engine } from './decoder-backend';
import { type Gpu, requestGpu } from './gpu-device';
import { capturing } from './graph-capture';
import { Lane } from './lane';
import { loadOrt } from './load-ort';
import { trustCapture } from './trust-capture';
import { WasmEngine } from './wasm-engine';
import { WebGpuEngine } from './webgpu-engine';

export interface OpenModel {
  readonly backend: Backend;
  /** What somebody should know, as sentences. */
  readonly note: string | null;
  /** Of the ONNX file, hex. */
  readonly sha256: string;
  readonly bytes: number;
}

export interface OpenOptions {
  /** Model directory in the hub's layout, ending in "/". */
  readonly url: string;
  readonly backend: 'auto' | BackendKind;
  readonly onDownload: OnBytes;
  /** The file is here; sessions are being made of it. */
  readonly onCompile: () => void;
}

/**
 * Fetches a decoder and makes it ready to run on what the machine has.
 * @throws HeadwayError `backend-unavailable`, `model-file-missing`, `model-file-damaged`, `model-unsupported`
 */
export async function openModel({ url, backend, onDownload, onCompile }: OpenOptions): Promise<OpenModel> {
  const file = `${url}onnx/model.onnx`;
  const chosen = await chooseBackend(backend);
  const config = await fetchDecoderConfig(url);
  const bytes = await readModelFile(file, onDownload);
  onCompile();
  const model = parseModel(bytes, file);
  checkInterface(graphInterface(model), config, file);
  const sha256 = hex(await crypto.subtle.digest('SHA-256', bytes));
  const ort = await loadOrt(chosen.kind, chosen.threads);
  const opened = await OPENERS[chosen.kind]({
    ort,
    config,
    file,
    graph: servingGraph(model, file),
    adapter: chosen.adapter,
    gpu: chosen.gpu && (await requestGpu(chosen.gpu)),
  });
  const note = [chosen.note, opened.note].filter((line) => line !== null).join(' ');
  return { backend: opened.backend, note: note || null, sha256, bytes: bytes.byteLength };
}

interface Opening {
  readonly ort: typeof Ort;
  readonly config: DecoderConfig;
  readonly file: string;
  /** The serving graph made of it. */
  readonly graph: Uint8Array;
  readonly adapter: Adapter;
  /** Null for WASM. */
  readonly gpu: Gpu | null;
}

interface Opened {
  readonly backend: Backend;
  readonly note: string | null;
}

const OPENERS: Readonly<Record<BackendKind, (opening: Opening) => Promise<Opened>>> = {
  wasm: async (opening) => {
    const { ort, config, file, graph } = opening;
    const session = await createSession(ort, file, graph, WASM);
    return { backend: backendOf(opening, new WasmEngine(ort, session, config)), note: null };
  },

  webgpu: async (opening) => {
    const { ort, config, file, graph } = opening;
    const gpu = opening.gpu as Gpu;
    const options = webgpuOptions(gpu.device);
    let refusal: string | null = null;
    const session = await createSession(ort, file, graph, capturing(options)).catch((error: Error) => {
      refusal = `Served without graph capture: ${error.message}`;
      return createSession(ort, file, graph, options);
    });
    const engine = new WebGpuEngine(ort, session, gpu, config);
    const backend = backendOf(opening, engine);
    return { backend, note: refusal ?? (await trustCapture(engine, backend)) };
  },
};

const WASM: Ort.InferenceSession.SessionOptions = { executionProviders: ['wasm'], logSeverityLevel: 3 };

/** By name alone the provider would ignore the wish to capture. */
const webgpuOptions = (device: GPUDevice): Ort.InferenceSession.SessionOptions => ({
  executionProviders: [{ name: 'webgpu', device }],
  preferredOutputLocation: 'gpu-buffer',
  logSeverityLevel: 3,
});

function backendOf({ config, adapter }: Opening, engine: Engine): Backend {
  const { contextLength, vocabularySize, eosTokens } = config;
  return new DecoderBackend({ adapter, contextLength, vocabularySize, eosTokens }, engine, new Lane());
}

async function createSession(
  ort: typeof Ort,
  file: string,
  bytes: Uint8Array,
  options: Ort.InferenceSession.SessionOptions,
): Promise<Ort.InferenceSession> {
  try {
    return await ort.InferenceSession.create(bytes, options);
  } catch (cause) {
    const { message } = cause as Error;
    throw new HeadwayError('model-file-damaged', `${file} cannot be opened as an ONNX model: ${message}`, {
      cause,
    });
  }
}

/** The names of the ecosystem, for as many layers as config.json promises. */
function checkInterface(has: ReturnType<typeof graphInterface>, config: DecoderConfig, file: string): void {
  const cache = cacheNames(config.layers);
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

const hex = (buffer: ArrayBuffer): string =>
  Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, '0')).join('');
