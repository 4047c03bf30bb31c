import type { TraceFile } from '../../core/commands';
import type { Trace, TraceInfo } from '../../core/trace';
import { traceInfo } from '../../traffic/traces/trace-info';
import { TraceReader } from '../../traffic/traces/trace-reader';

export interface LoadedTrace {
  readonly trace: Trace;
  readonly info: TraceInfo;
}

/** Bytes that are read in one turn: some four hundred requests, about 2 ms. */
const PIECE = 1 << 14;

/**
 * @param turn lets others have theirs between two pieces, so that a running load is sent in time
 * @throws HeadwayError `invalid-trace`
 */
export async function readTraceFile(
  { name, content }: TraceFile,
  turn: () => Promise<void>,
): Promise<LoadedTrace> {
  const bytes = new Uint8Array(await new Blob([content]).arrayBuffer());
  const reader = new TraceReader(name);
  const decoder = new TextDecoder();
  for (let from = 0; from < bytes.length; from += PIECE) {
    reader.push(decoder.decode(bytes.subarray(from, from + PIECE), { stream: true }));
    await turn();
  }
  reader.push(decoder.decode());
  const trace = reader.end();
  return { trace, info: traceInfo(trace, await sha256(bytes)) };
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
