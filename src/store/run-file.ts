import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { HeadwayError } from '../core/errors';
import type { ExperimentRun } from '../core/experiment';
import { readRun } from '../experiments/read-run';
import type { ExportFile } from './experiments-state';

/** The one file of an export that holds the whole run. */
const RUN = 'run.json';
/** Bytes that a run's JSON may have once unpacked: more would not fit into the page either. */
const LARGEST = 512 * 1024 * 1024;

/** All files of an export as one zip. Pictures are packed already. */
export const packRun = (files: readonly ExportFile[]): Uint8Array =>
  zipSync(
    Object.fromEntries(
      files.map(({ name, content }) =>
        typeof content === 'string' ? [name, strToU8(content)] : [name, [content, { level: 0 as const }]],
      ),
    ),
  );

/**
 * The way back: a run from an exported zip or from its `run.json` alone.
 * @throws HeadwayError `invalid-request`, saying what is wrong with which file
 */
export function readRunFile(name: string, bytes: Uint8Array): ExperimentRun {
  const isZip = bytes[0] === 0x50 && bytes[1] === 0x4b;
  return isZip ? readRun(unpacked(name, bytes), `${RUN} in ${name}`) : readRun(strFromU8(bytes), name);
}

function unpacked(name: string, bytes: Uint8Array): string {
  const seen: string[] = [];
  const files = unzip(name, bytes, (file) => {
    seen.push(file.name);
    if (file.name.split('/').at(-1) !== RUN) return false;
    if (file.originalSize <= LARGEST) return true;
    throw invalid(`${RUN} in ${name} has ${file.originalSize} bytes; at most ${LARGEST} can be read.`);
  });
  const [run] = Object.values(files);
  if (run) return strFromU8(run);
  throw invalid(`${name} holds no ${RUN}; it holds ${seen.join(', ') || 'nothing'}.`);
}

function unzip(
  name: string,
  bytes: Uint8Array,
  filter: (file: { name: string; originalSize: number }) => boolean,
) {
  try {
    return unzipSync(bytes, { filter });
  } catch (error) {
    if (error instanceof HeadwayError) throw error;
    throw invalid(`${name} is no zip that can be read: ${error instanceof Error ? error.message : error}.`);
  }
}

const invalid = (message: string) => new HeadwayError('invalid-request', message);
