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
  /** Requests of the file that read or wrote no token, and so are left out. */
  readonly failed: number;
  /** Requests that stood in the file behind a later one; they were put in order. */
  readonly unsorted: number;
}
