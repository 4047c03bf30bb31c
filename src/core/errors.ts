/**
 * The one error shape of Headway. It carries what was asked and what is allowed, so that the page, the command line
 * and a test all print the same sentence. `toPlain` survives `postMessage`, which drops an error's class.
 */
export type ErrorCode =
  | 'invalid-parameter'
  | 'invalid-request'
  | 'invalid-state'
  | 'invalid-trace'
  | 'model-file-missing'
  | 'model-file-damaged'
  | 'model-unsupported'
  | 'download-stopped'
  | 'load-cancelled'
  | 'prompt-too-long'
  | 'backend-unavailable'
  | 'backend-failed'
  | 'cache-too-large'
  | 'model-too-large'
  | 'worker-failed'
  | 'storage-failed';

export interface PlainError {
  readonly code: ErrorCode;
  /** A whole sentence: what was given and what is allowed. */
  readonly message: string;
}

export class HeadwayError extends Error implements PlainError {
  override readonly name = 'HeadwayError';

  constructor(
    readonly code: ErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Whether the user ended the work on purpose, so that no message is needed. */
export const isCancelled = (error: unknown): boolean =>
  error instanceof HeadwayError && error.code === 'load-cancelled';

/** Any thrown value as something that can cross a worker's border. `fallback` names errors that are not ours. */
export function toPlain(error: unknown, fallback: ErrorCode = 'backend-failed'): PlainError {
  if (error instanceof HeadwayError) return { code: error.code, message: error.message };
  return { code: fallback, message: error instanceof Error ? error.message : String(error) };
}

/** The other way: a plain error from another thread becomes one that can be thrown here. */
export function fromPlain(plain: PlainError): HeadwayError {
  return new HeadwayError(plain.code, plain.message);
}
