import { HeadwayError } from '../../../core/errors';
import type { PickedFile } from '../../../core/model';

/** What of a directory a model may be made of: its top, and `onnx/`. */
const PART = /^(onnx\/)?[^/]+$/;

/**
 * The files of a directory that was picked or dropped, under their paths within it.
 * @param list under paths that begin with the directory's name
 * @throws HeadwayError `model-file-missing` for a directory without a file that could belong to a model
 */
export function pickedFiles(list: readonly PickedFile[]): {
  readonly directory: string;
  readonly files: readonly PickedFile[];
} {
  const [directory = ''] = list[0]?.path.split('/') ?? [];
  const files = list
    .map(({ path, file }) => ({ path: path.slice(directory.length + 1), file }))
    .filter(({ path }) => PART.test(path) && !path.startsWith('.'));
  if (files.length > 0 && directory !== '') return { directory: directory.replaceAll(',', ' '), files };
  throw new HeadwayError(
    'model-file-missing',
    `${directory || 'What was picked'} holds no file of a model: config.json, tokenizer.json and tokenizer_config.json at its top, and .onnx files there or under onnx/.`,
  );
}
