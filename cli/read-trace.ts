import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { TraceFile } from '../src/core/commands';
import { HeadwayError } from '../src/core/errors';
import type { Trace } from '../src/core/trace';
import { type DataSet, readDataSet } from '../src/traffic/data-set';
import { TraceReader } from '../src/traffic/traces/trace-reader';
import { UsageError } from './usage-error';

/** A trace as the page takes it, and as it is. */
export interface ReadTrace {
  readonly file: TraceFile;
  readonly trace: Trace;
}

/**
 * Read here, too, so that a wrong file is refused before a browser starts. @param path what --trace says
 * @throws UsageError with the number of the line and what is wrong with it
 */
export function readTrace(path: unknown): ReadTrace | null {
  if (typeof path !== 'string') return null;
  const content = contentOf(path, '--trace');
  const name = basename(path);
  const reader = new TraceReader(name);
  try {
    reader.push(new TextDecoder().decode(content));
    return { file: { name, content }, trace: reader.end() };
  } catch (error) {
    throw error instanceof HeadwayError ? new UsageError(`--trace: ${error.message}`) : error;
  }
}

/** A data set as the page takes it, and as it is. */
export interface ReadPrompts {
  readonly file: TraceFile;
  readonly dataSet: DataSet;
}

/** @param path what --prompts says @throws UsageError with the place and what is wrong with it */
export function readPromptSet(path: unknown): ReadPrompts | null {
  if (typeof path !== 'string') return null;
  const content = contentOf(path, '--prompts');
  const name = basename(path);
  try {
    return { file: { name, content }, dataSet: readDataSet(name, new TextDecoder().decode(content)) };
  } catch (error) {
    throw error instanceof HeadwayError ? new UsageError(`--prompts: ${error.message}`) : error;
  }
}

function contentOf(path: string, flag: string): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(readFileSync(path));
  } catch (error) {
    throw new UsageError(`${flag} must be a file that can be read; given: "${path}" (${String(error)}).`);
  }
}
