import type * as Ort from 'onnxruntime-web';
import type { Adapter, Backend } from '../core/backend';
import { HeadwayError } from '../core/errors';
import type { ModelAddress } from '../core/model';
import type { WasmThreads } from '../core/wasm-threads';
import type { DecoderConfig } from '../model/decoder-config';
import { type FetchedModel, fetchModel, makeModel } from '../model/fetch-model';
import type { ModelNeed, Room } from '../model/fit';
import type { OnBytes } from '../model/model-file';
import {
  arithmeticOf,
  asItIs,
  canUnpack,
  prepareServing,
  type SessionParts,
  servedNeed,
} from '../model/onnx/prepare';
import { isSynthetic } from '../model/synthetic/spec';
import { type BackendKind, type ChosenBackend, chooseBackend } from './adapter';
import { compareLogits, type OwnLogits, ownLogits } from './compare-logits';
import { DecoderBackend, type Engine } from './decoder-backend';
import { evaluateWith } from './evaluate';
import { type Gpu, requestGpu, roomOf } from './gpu-device';
import { capturing } from './graph-capture';
import { Lane } from './lane';
import { loadOrt } from './load-ort';
import { trustCapture } from './trust-capture';
import { WasmEngine } from './wasm-engine';
import { WebGpuEngine } from './webgpu-engine';

export interface OpenModel {
  readonly backend: Backend;
  /** Remarks for the user, as sentences. */
  readonly note: string | null;
  /** As `ModelFiles` says. */
  readonly sha256: string;
  readonly bytes: number;
}

export interface OpenOptions extends ModelAddress {
  readonly backend: 'auto' | BackendKind;
  /** `auto` unless given. */
  readonly wasmThreads?: WasmThreads | undefined;
  /** Sequences that the cache will have to hold. */
  readonly slots: number;
  /** Whether decode passes may be captured on WebGPU; off to measure what it gives. On unless said. */
  readonly capture?: boolean;
  /** Whether the device may have subgroups; off to compare. On unless said. */
  readonly subgroups?: boolean;
  readonly onProgress?: (progress: OpenProgress) => void;
}

/** `download` or, of a synthetic model, `generate`; then `compile`: sessions are being made of it. */
export interface OpenProgress {
  readonly stage: 'download' | 'generate' | 'compile';
  readonly loadedBytes: number;
  /** Null while a server does not say. */
  readonly totalBytes: number | null;
  /** What happens to a download meanwhile, as a sentence. */
  readonly trouble?: string;
}

/**
 * Fetches or makes a decoder and gets it ready to run on what the machine has.
 * @throws HeadwayError `backend-unavailable`, `model-file-missing`, `model-file-damaged`, `model-unsupported`,
 * `model-too-large`, `cache-too-large`, `download-stopped`, `storage-failed`
 */
export async function openModel(options: OpenOptions): Promise<OpenModel> {
  const { capture = true, onProgress = () => {} } = options;
  const chosen = await chooseBackend(options.backend, options.wasmThreads);
  const { file, config, model, sha256, bytes } = await fetched(options, chosen, onProgress);
  onProgress({ stage: 'compile', loadedBytes: bytes, totalBytes: bytes });
  const ort = await loadOrt(chosen.kind, chosen.threads);
  // A synthetic model is written in the form that is served; any other is compared with its own file.
  const own = isSynthetic(options.url)
    ? null
    : await ownLogits(ort, asItIs(model), config, arithmeticOf(model));
  // On WASM the cache is ours; on WebGPU it stays where a run leaves it.
  const cacheOutside = chosen.gpu === null;
  const unpack = cacheOutside && canUnpack(model, config, options.slots);
  const need = servedNeed(model, config, unpack);
  const parts = await prepareServing(model, config, file, { cacheOutside, unpack }, evaluateWith(ort));
  const opened = await OPENERS[chosen.kind]({
    ort,
    files: { file, config, own, need, ...parts },
    adapter: chosen.adapter,
    gpu: chosen.gpu && (await requestGpu(chosen.gpu, options.subgroups)),
    capture,
  });
  const note = [chosen.note, unpack ? UNPACKED : null, opened.note].filter((line) => line !== null).join(' ');
  return { backend: opened.backend, note: note || null, sha256, bytes };
}

const UNPACKED =
  'Its packed matrices were unpacked to 32 bits at load, which WebAssembly computes with faster; the numbers are the same.';

function fetched(
  options: OpenOptions,
  { gpu }: ChosenBackend,
  onProgress: (progress: OpenProgress) => void,
): Promise<FetchedModel> {
  const { url, slots } = options;
  const room: Room = gpu ? roomOf(gpu) : { kind: 'wasm' };
  let last = { loadedBytes: 0, totalBytes: null as number | null };
  const on =
    (stage: OpenProgress['stage']): OnBytes =>
    (loadedBytes, totalBytes) => {
      last = { loadedBytes, totalBytes };
      onProgress({ stage, ...last });
    };
  if (isSynthetic(url)) return makeModel(url, slots, room, on('generate'));
  const onTrouble = (trouble: string) => onProgress({ stage: 'download', ...last, trouble });
  return fetchModel(options, { slots, room, onBytes: on('download'), onTrouble });
}

/** All that a session is made of. */
interface ModelFiles extends SessionParts {
  /** For messages. */
  readonly file: string;
  readonly config: DecoderConfig;
  /** What the file itself answers; null where it is not compared. */
  readonly own: OwnLogits | null;
  /** What it takes as it is served. */
  readonly need: ModelNeed;
}

interface Opening {
  readonly ort: typeof Ort;
  readonly files: ModelFiles;
  readonly adapter: Adapter;
  /** Null for WASM. */
  readonly gpu: Gpu | null;
  readonly capture: boolean;
}

interface Opened {
  readonly backend: Backend;
  readonly note: string | null;
}

const OPENERS: Readonly<Record<BackendKind, (opening: Opening) => Promise<Opened>>> = {
  wasm: async (opening) => {
    const { ort, files } = opening;
    const session = await createSession(ort, files.file, files.graph, wasmOptions(files));
    const engine = new WasmEngine(ort, session, files.config, files.need);
    await compared(engine, files);
    return { backend: backendOf(opening, engine), note: null };
  },

  webgpu: async (opening) => {
    const { ort, files } = opening;
    const gpu = opening.gpu as Gpu;
    const options = webgpuOptions(files, gpu.device);
    if (!opening.capture) {
      const session = await createSession(ort, files.file, files.graph, options);
      const engine = new WebGpuEngine(ort, session, gpu, files.config);
      await compared(engine, files);
      return { backend: backendOf(opening, engine), note: null };
    }
    let refusal: string | null = null;
    const session = await createSession(ort, files.file, files.graph, capturing(options)).catch(
      (error: Error) => {
        refusal = `Served without graph capture: ${error.message}`;
        return createSession(ort, files.file, files.graph, options);
      },
    );
    const engine = new WebGpuEngine(ort, session, gpu, files.config);
    await compared(engine, files);
    const backend = backendOf(opening, engine);
    return { backend, note: refusal ?? (await trustCapture(engine, backend)) };
  },
};

/** @throws HeadwayError `model-unsupported` where what is served differs from the file; nothing stays open then */
async function compared(engine: Engine, { own, config, file }: ModelFiles): Promise<void> {
  if (!own) return;
  try {
    await compareLogits(engine, own, config, file);
  } catch (error) {
    await engine.dispose();
    throw error;
  }
}

const wasmOptions = ({ weights }: ModelFiles): Ort.InferenceSession.SessionOptions => ({
  executionProviders: ['wasm'],
  externalData: weights,
  logSeverityLevel: 3,
});

/** By name alone the provider would ignore the wish to capture. */
const webgpuOptions = ({ weights }: ModelFiles, device: GPUDevice): Ort.InferenceSession.SessionOptions => ({
  executionProviders: [{ name: 'webgpu', device }],
  externalData: weights,
  preferredOutputLocation: 'gpu-buffer',
  logSeverityLevel: 3,
});

function backendOf({ files, adapter }: Opening, engine: Engine): Backend {
  const { contextLength, vocabularySize, eosTokens } = files.config;
  return new DecoderBackend({ adapter, contextLength, vocabularySize, eosTokens }, engine, new Lane());
}

async function createSession(
  ort: typeof Ort,
  file: string,
  graph: Uint8Array,
  options: Ort.InferenceSession.SessionOptions,
): Promise<Ort.InferenceSession> {
  try {
    return await ort.InferenceSession.create(graph, options);
  } catch (cause) {
    const { message } = cause as Error;
    throw /alloc|memory/i.test(message)
      ? new HeadwayError('model-too-large', `${file} does not fit into the memory that is left: ${message}`)
      : new HeadwayError('model-file-damaged', `${file} cannot be opened as an ONNX model: ${message}`, {
          cause,
        });
  }
}
