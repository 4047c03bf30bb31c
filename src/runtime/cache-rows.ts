import { HeadwayError } from '../core/errors';
import { formatBytes } from '../core/format';

/** One tensor of a KV cache, the keys or the values of one layer, and what the adapter allows it. */
export interface CacheTensor {
  /** Tokens that a row has room for: T. */
  readonly contextLength: number;
  /** Of one row. */
  readonly rowBytes: number;
  /** Most bytes of one buffer. */
  readonly limit: number;
}

/** The rows that are bound for so many: the next power of two (a bucket), or as many as fit if that is too many. */
export function bucketOf(rows: number, { rowBytes, limit }: CacheTensor): number {
  const bucket = 2 ** Math.ceil(Math.log2(rows));
  return Math.max(rows, Math.min(bucket, Math.floor(limit / rowBytes)));
}

/** @throws HeadwayError `cache-too-large`, with what was asked, the limit, and the most slots and the longest context that fit */
export function checkRows(slots: number, { contextLength, rowBytes, limit }: CacheTensor): void {
  if (slots * rowBytes <= limit) return;
  const most = Math.floor(limit / rowBytes);
  const context = Math.floor(limit / slots / (rowBytes / contextLength));
  throw new HeadwayError(
    'cache-too-large',
    `A KV cache of ${slots} slots of ${contextLength} tokens needs ${formatBytes(slots * rowBytes)} in one buffer for a ` +
      `layer's keys; this adapter allows ${formatBytes(limit)}. At most ${most} slots (maxBatch) fit at this context, or a ` +
      `context of ${context} tokens with ${slots} slots.`,
  );
}
