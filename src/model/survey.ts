import { HeadwayError } from '../core/errors';
import { loadTokenizer } from './chat/tokenizer';
import { type DecoderConfig, readDecoderConfig, withEnd } from './decoder-config';
import { DEFAULT_CONTEXT } from './directory/directory-name';
import type { FileEntry, ModelDirectory } from './directory/model-directory';
import { fitOf, needOf, type Room, saying } from './fit';
import { bestOnnxFile, onnxBytes, onnxKind } from './onnx-file';

/** What is asked of a directory, and what the machine allows. */
export interface SurveyWish {
  /** Null = the ONNX file that suits best. */
  readonly file: string | null;
  /** Null = the default. */
  readonly context: number | null;
  /** Sequences that the cache will have to hold. */
  readonly slots: number;
  /** Null while the backend is not known: memory is not judged then. */
  readonly room: Room | null;
}

/** What a directory holds, before anything large of it is read. */
export interface Survey {
  /** Null where `config.json` does not tell. Its context is the one that would be served. */
  readonly config: Omit<DecoderConfig, 'cacheType'> | null;
  /** What the model itself allows, tokens. */
  readonly ownContext: number | null;
  /** The ONNX file that would be served; null where there is none. */
  readonly file: string | null;
  /** All that stands in the way, a sentence each. */
  readonly obstacles: readonly string[];
}

const NEEDED = ['config.json', 'tokenizer.json', 'tokenizer_config.json'];
const ONLY_FILE = 'onnx/model.onnx';

/**
 * Reads what is small and says what would be served of the directory, or all that stands in the way.
 * @throws HeadwayError `download-stopped`, `storage-failed`: then it is not the model that is at fault
 */
export async function surveyDirectory(directory: ModelDirectory, wish: SurveyWish): Promise<Survey> {
  const { files } = directory;
  if (!files) {
    const config = await readDecoderConfig(directory);
    const { endToken } = await loadTokenizer(directory, config.vocabularySize);
    const served = withContext(withEnd(config, endToken), wish.context);
    return { config: served, ownContext: config.contextLength, file: wish.file ?? ONLY_FILE, obstacles: [] };
  }
  const obstacles: string[] = [];
  const note = (problem: string) => {
    if (!obstacles.includes(problem)) obstacles.push(problem);
  };
  const missing = NEEDED.filter((path) => files.every((file) => file.path !== path));
  if (missing.length > 0) note(`It lacks ${missing.join(', ')}.`);
  const file = chooseFile(files, wish, note);
  const config = missing.includes('config.json') ? null : await judged(readDecoderConfig(directory), note);
  const hasTokenizer = missing.every((path) => !path.startsWith('tokenizer'));
  const vocabulary = config?.vocabularySize ?? null;
  const tokenizer = hasTokenizer ? await judged(loadTokenizer(directory, vocabulary), note) : null;
  const served = config && withContext(withEnd(config, tokenizer?.endToken ?? null), wish.context);
  if (served && file) roomProblems(served, file, onnxBytes(files, file), wish).forEach(note);
  return { config: served, ownContext: config?.contextLength ?? null, file, obstacles };
}

function withContext(config: Omit<DecoderConfig, 'cacheType'>, asked: number | null) {
  return { ...config, contextLength: Math.min(config.contextLength, asked ?? DEFAULT_CONTEXT) };
}

/** The model's own faults are noted, those of network and storage are not it's. */
async function judged<Value>(work: Promise<Value>, note: (problem: string) => void): Promise<Value | null> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof HeadwayError) || !error.code.startsWith('model-')) throw error;
    note(error.message);
    return null;
  }
}

function chooseFile(
  files: readonly FileEntry[],
  wish: SurveyWish,
  note: (problem: string) => void,
): string | null {
  const paths = files.map(({ path }) => path);
  const best = bestOnnxFile(paths, wish.room);
  if (best === null) {
    note(
      'It has no .onnx file, such as onnx/model.onnx; weights in other formats (safetensors, GGUF) are not served.',
    );
  } else if (wish.file !== null && !paths.includes(wish.file)) {
    note(`It has no ${wish.file}; it has ${paths.filter((path) => path.endsWith('.onnx')).join(', ')}.`);
    return null;
  }
  return wish.file ?? best;
}

/** @param bytes of the weights */
function roomProblems(
  config: Omit<DecoderConfig, 'cacheType'>,
  file: string,
  bytes: number,
  { room, slots }: SurveyWish,
): readonly string[] {
  if (!room) return [];
  const { half, kind } = onnxKind(file);
  const problems: string[] = [];
  if (half && room.kind === 'webgpu' && !room.f16) {
    problems.push(
      `${file} computes in 16 bits, for which this adapter lacks shader-f16: choose another file.`,
    );
  }
  const need = needOf(config, { weights: bytes, kind, largestWeight: null }, half);
  const { weights, cache, ...most } = fitOf(need, slots, room);
  if (weights.asked > weights.limit) {
    problems.push(`${file} needs about ${saying(weights)}.`);
  } else if (cache.asked > cache.limit) {
    problems.push(
      `${slots} slots with a context of ${config.contextLength} need ${saying(cache)}, which is ${most.slots} slots, or a context of ${most.context} tokens (context=…).`,
    );
  }
  return problems;
}
