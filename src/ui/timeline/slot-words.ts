import type { SlotSpan } from '../../core/slots';
import { formatMs, formatShare, formatWhole } from '../../store/format';
import type { SlotReport } from './slot-player';

/** What a slot does or did, for the pointer. Slots are numbered from 1 where people read them. */
export function saySpan({ request, kind, slot, from, to }: SlotSpan): string {
  const why = kind === 'wasted' ? ' after it had ended' : '';
  return `Request ${formatWhole(request)}: ${kind} ${formatMs(to - from)} ms${why}, slot ${slot + 1}`;
}

/** The picture as a sentence. */
export function sayReport({ slots, shares, queued, sealed }: SlotReport, windowMs: number): string {
  const of = `${slots} ${slots === 1 ? 'slot' : 'slots'} over the last ${windowMs / 1000} seconds`;
  if (!shares) return `${of}: nothing known yet.`;
  const { prefill, decode, wasted, free } = shares;
  const work = `prefill ${formatShare(prefill)}, decode ${formatShare(decode)}, wasted ${formatShare(wasted)}, free ${formatShare(free)}`;
  const wait = `${formatWhole(queued)} in the queue${sealed > 0 ? `, ${formatWhole(sealed)} in sealed batches` : ''}`;
  return `${of}: ${work} of their time. Waiting now: ${wait}.`;
}
