/** What one request of a trace asked for. */
export interface Lengths {
  readonly promptTokens: number;
  readonly outputTokens: number;
}

/** A recorded load. By columns, so that a hundred thousand requests are three numbers each and cross a border at once. */
export interface Trace {
  /** Of its file. */
  readonly name: string;
  /** Whose columns it has, in words. */
  readonly format: string;
  /** ms from the first request, ascending. */
  readonly at: Float64Array<ArrayBuffer>;
  readonly promptTokens: Uint32Array<ArrayBuffer>;
  readonly outputTokens: Uint32Array<ArrayBuffer>;
  /** What its numbers were taken to count; null for dates, which need no unit. */
  readonly unit: 's' | 'ms' | null;
  /** Why not what its format counts, as a clause; null otherwise. */
  readonly unitReason: string | null;
  /** The whole file, where only the part of it that is played was kept. */
  readonly whole?: { readonly requests: number; readonly durationMs: number };
  /** Requests of the file that read or wrote no token, and so are left out. */
  readonly failed: number;
  /** Requests that stood in the file behind a later one; they were put in order. */
  readonly unsorted: number;
}

/** A trace that has been read, with what is recorded of it. */
export interface LoadedTrace {
  readonly trace: Trace;
  readonly info: TraceInfo;
}

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
  /** What its numbers were taken to count; absent for dates. */
  readonly unit?: 's' | 'ms';
  /** Requests of the file that read or wrote no token, and so are left out. */
  readonly failed: number;
  /** Requests that stood in the file behind a later one; they were put in order. */
  readonly unsorted: number;
}

/** Median and maximum, tokens. */
export interface LengthSpread {
  readonly p50: number;
  readonly max: number;
}

/** What will be sent of a trace, before it is. */
export interface TracePreview {
  readonly requests: number;
  /** From the begin of the window to the last request, as played. */
  readonly durationS: number;
  /** Requests per second over that time; null for less than two. */
  readonly meanRate: number | null;
  /** As recorded; null without a request. */
  readonly promptTokens: LengthSpread | null;
  readonly outputTokens: LengthSpread | null;
  /** Requests too long for the model's context, which will be cut; null while there is no model. */
  readonly clipped: number | null;
}
