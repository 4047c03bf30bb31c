import { createHash } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { TraceFile } from '../src/core/commands';
import { HeadwayError } from '../src/core/errors';
import type { LoadedTrace } from '../src/core/trace';
import { type TracePart, TraceReader, traceInfo } from '../src/traffic/traces/trace-reader';
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
