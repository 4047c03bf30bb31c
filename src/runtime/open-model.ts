import type * as Ort from 'onnxruntime-web';
import type { Backend } from '../core/backend';
import { HeadwayError } from '../core/errors';
import { cacheNames, type DecoderConfig, fetchDecoderConfig } from '../model/decoder-config';
import { type OnBytes, readModelFile } from '../model/model-file';
import { writeGreedySampler } from '../model/onnx/write-greedy-sampler';
import { type BackendKind, chooseBackend } from './adapter';
import { DecoderBackend, type Engine } from './decoder-backend';
import { Lane } from './lane';
import { loadOrt } from './load-ort';
import { WasmEngine } from './wasm-engine';
import { WebGpuEngine } from './webgpu-engine';

export interface OpenModel {
  readonly backend: Backend;
  readonly note: string | null;
  readonly config: DecoderConfig;
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
  const { kind, adapter, threads, note } = await chooseBackend(backend);
  const config = await fetchDecoderConfig(url);
  const bytes = await readModelFile(file, onDownload);
  onCompile();
  const sha256 = hex(await crypto.subtle.digest('SHA-256', bytes));
  const ort = await loadOrt(kind, threads);
  const lane = new Lane();
  const engine = await lane.run(() => open(ort, kind, config, file, bytes));
  const { contextLength, vocabularySize, eosTokens } = config;
  const capabilities = { adapter, contextLength, vocabularySize, eosTokens };
  return {
    backend: new DecoderBackend(capabilities, engine, lane),
    note,
    config,
    sha256,
    bytes: bytes.byteLength,
  };
}

async function open(
  ort: typeof Ort,
  kind: BackendKind,
  config: DecoderConfig,
  file: string,
  bytes: Uint8Array,
): Promise<Engine> {
  if (kind === 'wasm') {
    const session = await createSession(ort, file, bytes, { executionProviders: ['wasm'] });
    checkInterface(session, config, file);
    return new WasmEngine(ort, session, config);
  }
  const decoder = await createSession(ort, file, bytes, {
    executionProviders: [{ name: 'webgpu' }],
    preferredOutputLocation: 'gpu-buffer',
  });
  checkInterface(decoder, config, file);
  const sampler = await createSession(ort, 'the greedy sampler', writeGreedySampler(), {
    executionProviders: [{ name: 'webgpu' }],
    preferredOutputLocation: 'gpu-buffer',
  });
  return new WebGpuEngine(ort, { decoder, sampler }, await ort.env.webgpu.device, config);
}

async function createSession(
  ort: typeof Ort,
  file: string,
  bytes: Uint8Array,
  options: Ort.InferenceSession.SessionOptions,
): Promise<Ort.InferenceSession> {
  try {
    return await ort.InferenceSession.create(bytes, { ...options, logSeverityLevel: 3 });
  } catch (error) {
    const { message } = error as Error;
    throw new HeadwayError('model-file-damaged', `${file} cannot be opened as an ONNX model: ${message}`, {
      cause: error,
    });
  }
}

/** The names of the ecosystem, and the shapes that config.json promises. */
function checkInterface(session: Ort.InferenceSession, config: DecoderConfig, file: string): void {
  const cache = cacheNames(config.layers);
  const inputs = ['input_ids', 'attention_mask', ...cache.map(({ past }) => past)];
  const outputs = ['logits', ...cache.map(({ present }) => present)];
  compare('inputs', session.inputNames, inputs, file);
  compare('outputs', session.outputNames, outputs, file);
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
