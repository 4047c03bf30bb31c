import type { Trace } from './trace';

/** A trace without its requests: what stands in the record of a run. */
export interface TraceInfo {
  /** Of its file. */
  readonly name: string;
  /** Of the file's bytes, hexadecimal. */
  readonly sha256: string;
  /** Whose columns it has, in words. */
  readonly format: string;
  readonly requests: number;
  /** From the first request to the last. */
  readonly durationS: number;
  /** Requests of the file that read or wrote no token, and so are left out. */
  readonly failed: number;
  /** Requests that stood in the file behind a later one; they were put in order. */
  readonly unsorted: number;
}

export function traceInfo({ name, format, at, failed, unsorted }: Trace, sha256: string): TraceInfo {
  const durationS = (at.at(-1) ?? 0) / 1000;
  return { name, sha256, format, requests: at.length, durationS, failed, unsorted };
}
