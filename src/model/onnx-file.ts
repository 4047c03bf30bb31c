import type { FileEntry } from './directory/model-directory';
import type { Room, WeightKind } from './fit';

/** How the hub's file names say what their numbers are: `onnx/model_q4f16.onnx`. */
export interface OnnxKind {
  /** What is behind `model_`; empty for the plain one. */
  readonly suffix: string;
  readonly says: string;
  /** By which its memory is reckoned. */
  readonly kind: WeightKind;
  /** Whether it computes and caches in 16 bits. */
  readonly half: boolean;
}

const ONNX_KINDS: readonly OnnxKind[] = [
  { suffix: 'q4f16', says: '4-bit weights, 16-bit arithmetic', kind: 'q4', half: true },
  { suffix: 'q4', says: '4-bit weights', kind: 'q4', half: false },
  { suffix: 'fp16', says: '16-bit', kind: 'f16', half: true },
  { suffix: '', says: '32-bit', kind: 'f32', half: false },
  { suffix: 'quantized', says: '8-bit weights', kind: 'q8', half: false },
  { suffix: 'int8', says: '8-bit weights', kind: 'q8', half: false },
  { suffix: 'uint8', says: '8-bit weights', kind: 'q8', half: false },
  { suffix: 'bnb4', says: '4-bit weights, bitsandbytes', kind: 'q4', half: false },
];

const OTHER: OnnxKind = { suffix: '?', says: 'unknown numbers', kind: 'f32', half: false };

/** What a file's name says of it. @param path `onnx/model_q4.onnx`, or `model.onnx` as some tools lay it out */
export function onnxKind(path: string): OnnxKind {
  const [, suffix = '?'] = /(?:^|\/)model_?([^/]*)\.onnx$/.exec(path) ?? [];
  return ONNX_KINDS.find((kind) => kind.suffix === suffix) ?? OTHER;
}

/** Best first. 16-bit arithmetic gains on a GPU that has it, and on WebAssembly costs: onnxruntime turns it into 32 there. */
const PREFERENCE = {
  half: ['q4f16', 'fp16', 'q4', ''],
  full: ['q4', '', 'quantized', 'int8', 'uint8', 'q4f16', 'fp16'],
} as const;

/** The .onnx file that suits what computes best; null where there is none. Every file but `model….onnx` comes last. */
export function bestOnnxFile(paths: readonly string[], room: Room | null): string | null {
  const order: readonly string[] = PREFERENCE[room?.kind === 'webgpu' && room.f16 ? 'half' : 'full'];
  const rank = (path: string) => {
    const place = order.indexOf(onnxKind(path).suffix);
    return place < 0 ? order.length : place;
  };
  const files = paths.filter((path) => path.endsWith('.onnx'));
  return files.toSorted((a, b) => rank(a) - rank(b) || a.localeCompare(b))[0] ?? null;
}

/** A file with the weights beside it, as exporters name them: `model.onnx_data`, `model.onnx_data_1`, `model.onnx.data`. */
const isPartOf = (path: string, file: string) =>
  path === file || (path.startsWith(file) && /^[_.]data/.test(path.slice(file.length)));

/** Bytes of a model's file and of the weights beside it. */
export const onnxBytes = (files: readonly FileEntry[], file: string): number =>
  files.filter(({ path }) => isPartOf(path, file)).reduce((sum, { bytes }) => sum + bytes, 0);
