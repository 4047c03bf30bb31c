import type { RequestId } from './request';

/** What a request does: it waits, a slot computes it, or a slot computes it although no client waits for it any more. */
export const SPAN_KINDS = ['queue', 'prefill', 'decode', 'wasted'] as const;
export type SpanKind = (typeof SPAN_KINDS)[number];

/** The slot of a span of kind `queue`: none yet. */
export const NO_SLOT = -1;

/** A stretch of time in which one slot did one thing for one request, or a request waited. ms on the shared clock. */
export interface SlotSpan {
  readonly slot: number;
  readonly kind: SpanKind;
  readonly request: RequestId;
  readonly from: number;
  readonly to: number;
}

/** Requests from `at`, ms, on: in the queue, in sealed batches that the runner has not taken, and running. */
export interface WaitingLevel {
  readonly at: number;
  readonly queued: number;
  readonly sealed: number;
  readonly running: number;
}

/** What is new since the last telling, as numbers in rows, so that a second of a fast server costs the page little. */
export interface SlotNews {
  /** When it was told: everything that had been heard by then is in it. ms on the shared clock. */
  readonly at: number;
  /** Rows of five: slot, place of the kind in `SPAN_KINDS`, request, from, to. A span that goes on is told piece by piece. */
  readonly spans: Float64Array;
  /** Rows of four: at, queued, sealed, running. */
  readonly levels: Float64Array;
  /** Spans left out, since there were more than are told at once. */
  readonly cut: number;
}

export const unpackSpans = ({ spans }: SlotNews): SlotSpan[] =>
  rowsOf(spans, 5, ([slot, kind, request, from, to]) => ({
    slot,
    kind: SPAN_KINDS[kind] ?? 'wasted',
    request,
    from,
    to,
  }));

export const unpackLevels = ({ levels }: SlotNews): WaitingLevel[] =>
  rowsOf(levels, 4, ([at, queued, sealed, running]) => ({ at, queued, sealed, running }));

type Row = readonly [number, number, number, number, number];

function rowsOf<Item>(numbers: Float64Array, width: number, read: (row: Row) => Item): Item[] {
  const items: Item[] = [];
  for (let start = 0; start < numbers.length; start += width) {
    const at = (offset: number) => numbers[start + offset] ?? Number.NaN;
    items.push(read([at(0), at(1), at(2), at(3), at(4)]));
  }
  return items;
}
