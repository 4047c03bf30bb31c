import { createHash } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { TraceFile } from '../src/core/commands';
import { HeadwayError } from '../src/core/errors';
import type { LoadedTrace } from '../src/core/trace';
import { type DataSet, readDataSet } from '../src/traffic/data-set';
import { type TracePart, TraceReader, traceInfo } from '../src/traffic/traces/trace-reader';
import { text } from './option';
import { sentence } from './page-error';
import type { PageWindow } from './page-window';
import type { Session } from './session';
import { UsageError } from './usage-error';

declare const window: PageWindow;

/**
 * A text file in UTF-8, without the byte order mark that some programs write.
 * @throws UsageError naming the option, for a file that cannot be read or is in UTF-16
 */
export function readText(path: string, option: string): string {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new UsageError(`${option} must be a file that can be read; given: "${path}" (${String(error)}).`);
  }
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    throw new UsageError(`${option} must be in UTF-8; "${path}" is in UTF-16.`);
  }
  return new TextDecoder().decode(bytes);
}

/**
 * Read here, before a browser starts, and in pieces: of a file of any size only what is played is held.
 * @param path what --trace says
 * @throws UsageError with the number of the line and what is wrong with it
 */
export async function readTrace(path: unknown, part: TracePart): Promise<LoadedTrace | null> {
  if (typeof path !== 'string') return null;
  const reader = new TraceReader(basename(path), part);
  const hash = createHash('sha256');
  const decoder = new TextDecoder();
  try {
    for await (const piece of createReadStream(path)) {
      hash.update(piece);
      reader.push(decoder.decode(piece, { stream: true }));
    }
    reader.push(decoder.decode());
    const trace = reader.end();
    return { trace, info: traceInfo(trace, hash.digest('hex')) };
  } catch (error) {
    if (error instanceof HeadwayError) throw new UsageError(`--trace: ${error.message}`);
    throw new UsageError(`--trace must be a file that can be read; given: "${path}" (${String(error)}).`);
  }
}

export async function giveTrace({ page }: Session, trace: TraceFile | LoadedTrace): Promise<void> {
  await sentence(page.evaluate((given) => window.headway.setTrace(given).then(() => {}), trace));
}

export const PROMPTS_OPTION = text(
  '--prompts',
  'FILE',
  'A data set to send instead of the model’s own prompts: JSON lines with "prompt", ShareGPT’s JSON, or a prompt a line.',
);

/** A data set as the page takes it, and as it is. */
export interface ReadPrompts {
  readonly file: TraceFile;
  readonly dataSet: DataSet;
}

/** @param path what --prompts says @throws UsageError with the place and what is wrong with it */
export function readPromptSet(path: unknown): ReadPrompts | null {
  if (typeof path !== 'string') return null;
  const content = readText(path, '--prompts');
  const name = basename(path);
  try {
    return { file: { name, content }, dataSet: readDataSet(name, content) };
  } catch (error) {
    throw error instanceof HeadwayError ? new UsageError(`--prompts: ${error.message}`) : error;
  }
}

/** @returns how much of the data set the model's context allows, as a sentence; null where that is all of it */
export async function givePrompts({ page }: Session, file: TraceFile): Promise<string | null> {
  const info = await sentence(page.evaluate((given) => window.headway.setPrompts(given), file));
  if (!info || info.tooLong === 0) return null;
  return `${info.tooLong} of ${info.prompts} prompts of ${info.name} are too long for the model's context and are left out.`;
}
