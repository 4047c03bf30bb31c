/**
 * The only names of the platform that the pure rooms may say. They come as arguments (a `Clock` takes a signal) or are
 * made to cancel a wait of one's own; browsers, workers and Node have them all alike.
 */
interface AbortSignal {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

declare class AbortController {
  readonly signal: AbortSignal;
  abort(): void;
}

/** Contracts hand these over; the pure rooms use none of their members. */
declare class MessagePort {
  close(): void;
}

declare class Blob {
  readonly size: number;
}
