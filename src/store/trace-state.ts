import type { TraceInfo } from '../core/trace';

/** The recorded load of `trace` arrivals. A file that cannot be read leaves the one before in force. */
export interface TraceState {
  /** What is played; null until a file was read. */
  readonly info: TraceInfo | null;
  /** Name of the file that is being read. */
  readonly reading: string | null;
  /** Why the file that was given last cannot be read. */
  readonly problem: string | null;
}

export const NO_TRACE: TraceState = { info: null, reading: null, problem: null };
